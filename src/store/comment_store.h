#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/comment.h"

namespace popradio::store {

struct CommentPage {
  std::vector<Comment> comments;  // newest first
  std::optional<ObjectId> next;   // pass as `before` to go on; none at the end
};

// Comments, durable before they are acknowledged. Expired ones are never returned, and are removed
// within the hour. Thread-safe.
class CommentStore {
 public:
  virtual ~CommentStore() = default;

  // One whose id is there already changes nothing, so that an import may be repeated. kUnavailable
  // when it cannot be written.
  virtual Task<Result<void>> Add(Comment comment) = 0;
  // Visible comments older than `before`, which may itself be gone by now. Order: createdAt, then
  // id.
  virtual Task<Result<CommentPage>> List(Target target, std::optional<ObjectId> before,
                                         std::size_t limit) = 0;
  // Visible comments of one target whose at_ms is from `first_ms` to `last_ms`, both included; of
  // more than `limit` the newest. Order: at_ms, then createdAt, then id.
  virtual Task<Result<std::vector<Comment>>> ListMoments(Target target, std::int64_t first_ms,
                                                         std::int64_t last_ms,
                                                         std::size_t limit) = 0;
  // All targets, hidden ones too: the curator's view.
  virtual Task<Result<CommentPage>> ListAll(std::optional<ObjectId> before, std::size_t limit) = 0;
  // kCommentNotFound; else the comment as it is now.
  virtual Task<Result<Comment>> SetHidden(ObjectId id, bool hidden) = 0;
  // Removes every comment of the session.
  virtual Task<Result<void>> Forget(SessionId session) = 0;
};

}  // namespace popradio::store
