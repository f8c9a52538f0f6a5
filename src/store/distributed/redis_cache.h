#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/distributed/keys.h"
#include "store/distributed/redis_clients.h"

namespace popradio::store::distributed {

inline constexpr int kPopularTtlS = 300;
inline constexpr int kFeaturedTtlS = 600;
inline constexpr int kSongTtlS = 3'600;
inline constexpr int kTimelineTtlS = 3'600;
inline constexpr std::size_t kMaxCachedBytes = 8U << 20;

// The document's caches, as JSON: what a node that starts while MongoDB is away can serve. Written
// in the background and never waited for; gone after their time. Thread-safe.
class RedisCache {
 public:
  explicit RedisCache(RedisClients& clients) : clients_(clients) {}

  void PutPopular(std::string json) {
    Put(std::string(kPopularCacheKey), std::move(json), kPopularTtlS);
  }
  void PutFeatured(std::string json) {
    Put(std::string(kFeaturedCacheKey), std::move(json), kFeaturedTtlS);
  }
  // Each by itself, and the list of their ids, in this order.
  void PutSongs(std::vector<std::pair<ObjectId, std::string>> songs);
  void PutTimeline(std::string json) {
    Put(std::string(kTimelineCacheKey), std::move(json), kTimelineTtlS);
  }
  // None: not there. kUnavailable: not known.
  Task<Result<std::optional<std::string>>> Timeline();
  Task<Result<std::optional<std::string>>> Popular();
  Task<Result<std::optional<std::string>>> Featured();
  // Of every song, in the station's order; none where they are not known.
  Task<Result<std::vector<ObjectId>>> SongIds();
  // Those that are there.
  Task<Result<std::map<ObjectId, std::string>>> Songs(std::vector<ObjectId> ids);

 private:
  void Put(std::string key, std::string json, int ttl_s);
  Task<Result<std::optional<std::string>>> Get(std::string key);
  RedisClients& clients_;
};

}  // namespace popradio::store::distributed
