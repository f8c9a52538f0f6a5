#pragma once

#include <functional>

#include "store/catalogue_store.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/redis_engagement.h"

namespace popradio::store::distributed {

// Likers that are carried from MongoDB to Redis at once.
inline constexpr std::size_t kRebuildBatch = 1'000;
// Partitions that are rebuilt at the same time.
inline constexpr int kRebuildsAtOnce = 8;

// Fills a Redis that is empty, or was emptied, from what MongoDB remembers: likers, numbers and
// versions of every song and playlist. A partition counts again when it is whole, and likes are
// refused until then. Any number of nodes and workers may do this at once, and any may die at it.
class Rebuild {
 public:
  Rebuild(RedisEngagement& engagement, MongoLikers& likers, const CatalogueStore& catalogue)
      : engagement_(engagement), likers_(likers), catalogue_(catalogue) {}

  // Returns how many partitions it filled. All of them count already: one round trip. While a
  // station is being moved in, nobody fills anything but who moves it (`moving_in`).
  Task<Result<int>> Run(bool moving_in = false);
  // Hears how many of the partitions are filled, on the thread that runs.
  void OnFilled(std::function<void(std::int64_t done, std::int64_t all)> hears) {
    on_filled_ = std::move(hears);
  }

 private:
  Task<Result<void>> Fill(int partition);
  Task<Result<void>> FillTarget(Target target, TargetCounts stored);

  RedisEngagement& engagement_;
  MongoLikers& likers_;
  const CatalogueStore& catalogue_;
  std::function<void(std::int64_t, std::int64_t)> on_filled_;
};

}  // namespace popradio::store::distributed
