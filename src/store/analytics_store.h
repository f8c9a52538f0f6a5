#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"

namespace popradio::store {

struct TargetDay {
  ObjectId id;
  std::int64_t plays = 0;  // views for a playlist
  std::int64_t likes = 0;  // likes given that day, less those taken back
  bool operator==(const TargetDay&) const = default;
};

// One day of the document's analytics collection, UTC.
struct AnalyticsDay {
  Instant date;  // midnight
  std::int64_t total_plays = 0;
  std::int64_t unique_visitors = 0;
  std::vector<TargetDay> top_songs;      // by plays, at most kTopTargets
  std::vector<TargetDay> top_playlists;  // by views
  bool operator==(const AnalyticsDay&) const = default;
};
inline constexpr std::size_t kTopTargets = 20;

// The daily rollup, made from what was counted (the engagement store adds to it in the commit that
// counts), never from a scan. Thread-safe.
class AnalyticsStore {
 public:
  virtual ~AnalyticsStore() = default;

  // A session was active. Kept as a hash with the day's own random salt, which is thrown away with
  // the hashes when the day is over: nobody can be recognised afterwards. Never waits.
  virtual void Visit(const SessionId& session, Instant now) = 0;
  // Days from `from` to `to`, both included, oldest first; days without anything are left out.
  virtual Task<Result<std::vector<AnalyticsDay>>> Days(Instant from, Instant to) = 0;
};

}  // namespace popradio::store
