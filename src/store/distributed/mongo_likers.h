#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/comment.h"
#include "store/distributed/mongo/pool.h"

namespace popradio::store::distributed {

// A like or an unlike, as the outbox tells of it. `version` is the target's after it.
struct LikerChange {
  Target target;
  SessionId session;
  bool liked = true;
  Instant at;
  std::int64_t version = 0;
};

struct Liker {
  SessionId session;
  Instant at;
  bool operator==(const Liker&) const = default;
};

// What was counted for a target, without the catalogue's base: absolute values of a version.
struct TargetCounts {
  Target target;
  std::int64_t likes = 0;
  std::int64_t plays = 0;  // views of a playlist
  std::int64_t version = 0;
  bool operator==(const TargetCounts&) const = default;
};

// The lasting copy of what Redis decides: who likes what, and how much was counted. Everything is
// guarded by version: what is older than what stands there changes nothing, so that any number of
// writers may repeat anything in any order. Thread-safe.
class MongoLikers {
 public:
  MongoLikers(mongo::Pool& pool) : pool_(pool) {}  // NOLINT: only a borrowed part

  // Any number, of any targets; of one liker and target the highest version holds. Likes that were
  // taken back stay for a day, so that an older entry that arrives late cannot bring them back.
  Task<Result<void>> Write(std::vector<LikerChange> changes);

  // Who likes the target, in the order of the sessions; those after `after`. Fewer than `limit`:
  // that was all.
  Task<Result<std::vector<Liker>>> Read(Target target, std::optional<SessionId> after,
                                        std::size_t limit);
  Task<Result<std::int64_t>> Count(Target target);
  // What is known of one session: it likes it, or took it back; none: nothing.
  Task<Result<std::optional<LikerChange>>> Find(Target target, SessionId session);
  // Everybody's likes of all targets, for migrating and checking; those after the one given, in the
  // order of their keys.
  Task<Result<std::vector<LikerChange>>> Dump(std::optional<LikerChange> after, std::size_t limit);
  Task<Result<std::int64_t>> CountAll();
  // Whether a station is being moved in, and not everybody's likes are here.
  Task<Result<bool>> BeingMovedIn();
  // The highest version that any change of the target's likers has; 0: none.
  Task<Result<std::int64_t>> HighestVersion(Target target);

  // Writes `likes`, `plays` and `views` (base and counted together) where the version is newer.
  // Returns how many were. Targets that the catalogue does not have are left out.
  Task<Result<std::size_t>> WriteCounts(std::vector<TargetCounts> counts);
  // What was last written, without the base, in the order asked; a target that is not there, or was
  // never synced, has version 0.
  Task<Result<std::vector<TargetCounts>>> ReadCounts(std::vector<Target> targets);

 private:
  mongo::Pool& pool_;
};

}  // namespace popradio::store::distributed
