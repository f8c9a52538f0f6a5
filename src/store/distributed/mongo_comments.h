#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "store/comment_store.h"
#include "store/distributed/mongo/pool.h"

namespace popradio::store::distributed {

// Comments of one session that are removed at once.
inline constexpr std::int64_t kForgetBatch = 1'000;

// Comments in MongoDB, in the order (createdAt, id), newest first. MongoDB removes expired ones by
// itself, within a minute or so; until then they are not returned.
//
// A cursor is a comment's id. When that comment has been forgotten at its author's wish, its place
// is still known: id and time stay behind in a collection of their own, without its text, its
// author or its song, until it would have expired. When it has expired, everything older has too.
// An id that never was stands for the second it was made in.
class MongoComments final : public CommentStore {
 public:
  // `ttl_days`: how long a comment stays that does not say so itself.
  MongoComments(mongo::Pool& pool, const Clock& clock, int ttl_days)
      : pool_(pool), clock_(clock), ttl_days_(ttl_days) {}

  Task<Result<void>> Add(Comment comment) override;
  Task<Result<CommentPage>> List(Target target, std::optional<ObjectId> before,
                                 std::size_t limit) override;
  Task<Result<std::vector<Comment>>> ListMoments(Target target, std::int64_t first_ms,
                                                 std::int64_t last_ms, std::size_t limit) override;
  Task<Result<CommentPage>> ListAll(std::optional<ObjectId> before, std::size_t limit) override;
  Task<Result<Comment>> SetHidden(ObjectId id, bool hidden) override;
  Task<Result<void>> Forget(SessionId session) override;

  // For migrating: every comment, expired ones too, by id; those after `after`.
  Task<Result<std::vector<Comment>>> Dump(std::optional<ObjectId> after, std::size_t limit);
  // Many at once; those that are there already stay as they are.
  Task<Result<void>> AddAll(std::vector<Comment> comments);
  Task<Result<std::int64_t>> CountAll();

 private:
  Task<Result<CommentPage>> Page(std::optional<Target> target, std::optional<ObjectId> before,
                                 std::size_t limit);
  void SetExpiry(Comment& comment) const;

  mongo::Pool& pool_;
  const Clock& clock_;
  const int ttl_days_;
};

}  // namespace popradio::store::distributed
