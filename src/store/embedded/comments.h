#pragma once

#include "store/comment_store.h"
#include "store/embedded/read_pool.h"
#include "store/embedded/writer_thread.h"

namespace popradio::embedded {

// Comments in SQL. Pages are read by the reading threads, in the order (createdAt, id), newest
// first.
//
// A cursor is a comment's id. When that comment has been forgotten at its author's wish, its place
// is still known: id and time stay behind, without its text, its author or its song, until it would
// have expired. When it has expired, everything older has too. An id that never was stands for the
// second it was made in.
//
// Moments are read from an index of their own, which holds all that choosing the newest needs: of
// however many comments a stretch of a song has, only those that are returned are fetched.
class Comments final : public store::CommentStore {
 public:
  Comments(WriterThread& writer, ReadPool& reads, const Clock& clock, int ttl_days)
      : writer_(writer), reads_(reads), clock_(clock), ttl_days_(ttl_days) {}

  Task<Result<void>> Add(Comment comment) override;
  Task<Result<store::CommentPage>> List(Target target, std::optional<ObjectId> before,
                                        std::size_t limit) override;
  Task<Result<std::vector<Comment>>> ListMoments(Target target, std::int64_t first_ms,
                                                 std::int64_t last_ms, std::size_t limit) override;
  Task<Result<store::CommentPage>> ListAll(std::optional<ObjectId> before,
                                           std::size_t limit) override;
  Task<Result<Comment>> SetHidden(ObjectId id, bool hidden) override;
  Task<Result<void>> Forget(SessionId session) override;

 private:
  Task<Result<store::CommentPage>> Page(std::optional<Target> target,
                                        std::optional<ObjectId> before, std::size_t limit);

  WriterThread& writer_;
  ReadPool& reads_;
  const Clock& clock_;
  const int ttl_days_;
};

}  // namespace popradio::embedded
