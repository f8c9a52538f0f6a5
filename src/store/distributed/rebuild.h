#pragma once

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

  // Returns how many partitions it filled. All of them count already: one round trip.
  Task<Result<int>> Run();

 private:
  Task<Result<void>> Fill(int partition);
  Task<Result<void>> FillTarget(Target target, TargetCounts stored);

  RedisEngagement& engagement_;
  MongoLikers& likers_;
  const CatalogueStore& catalogue_;
};

}  // namespace popradio::store::distributed
