#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/comment.h"

namespace popradio::store {

// The numbers of one song or playlist, as one listener sees them. `plays` are views for a playlist.
// Both include the base counts that the catalogue gives.
struct Engagement {
  std::int64_t likes = 0;
  std::int64_t plays = 0;
  bool liked = false;
  bool operator==(const Engagement&) const = default;
};

struct LikedSet {
  std::vector<ObjectId> songs;  // in the order they were liked
  std::vector<ObjectId> playlists;
};

// Likes, plays and views, exactly. Whatever is acknowledged is durable: it is never lost and never
// counted twice, whatever dies. Thread-safe. Targets are assumed to exist: the caller looked.
class EngagementStore {
 public:
  virtual ~EngagementStore() = default;

  // Fills out[i] for targets[i] (same length); without a session `liked` is false. Returns false
  // when it cannot be known without waiting; then await Read(). The embedded store always knows.
  virtual bool ReadNow(const SessionId* session, std::span<const Target> targets,
                       std::span<Engagement> out) const = 0;
  virtual Task<Result<void>> Read(const SessionId* session, std::span<const Target> targets,
                                  std::span<Engagement> out) = 0;
  // Rises whenever any like or play changed, once the change can be read: what was derived from the
  // numbers is made again only then.
  virtual std::uint64_t Version() const = 0;

  // The likes after the change. kAlreadyLiked, kNotLiked, or kUnavailable: then nothing has
  // changed, or, where a server's answer was lost, a retry settles it (kAlreadyLiked or kNotLiked
  // then mean that it had happened).
  virtual Task<Result<std::int64_t>> Like(SessionId session, Target target) = 0;
  virtual Task<Result<std::int64_t>> Unlike(SessionId session, Target target) = 0;

  // Counts a play of a song or a view of a playlist and returns the new number. With a key, the
  // same session and target count once for kIdempotencyHours, and a repeat returns the present
  // number.
  virtual Task<Result<std::int64_t>> Count(Target target, const SessionId* session,
                                           std::optional<std::string> idempotency_key) = 0;

  virtual Task<Result<LikedSet>> Liked(SessionId session) = 0;
  // Withdraws every like of the session.
  virtual Task<Result<void>> Forget(SessionId session) = 0;
};

inline constexpr int kIdempotencyHours = 24;
inline constexpr std::size_t kMaxIdempotencyKeyBytes = 200;

}  // namespace popradio::store
