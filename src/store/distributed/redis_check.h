#pragma once

#include <string>
#include <vector>

#include "store/distributed/redis_clients.h"

namespace popradio::store::distributed {

// Something that is not as it must be, and what to do about it: a sentence, without secrets.
struct RedisFinding {
  bool error = true;  // false: it works, but should be looked at
  std::string sentence;
  // What is wrong may pass by itself: the server cannot be reached, or lacks replicas. Otherwise
  // somebody has to set something right.
  bool away = false;
};

inline constexpr int kOldestRedisMajor = 6, kOldestRedisMinor = 2;

// Looks at every primary: reachable, the right password and certificate, new enough, never
// evicting, with an append-only file, with the replicas that are to confirm writes, a Cluster that
// serves all slots. Asks INFO, and CONFIG only for what INFO does not tell: managed Redis has none.
// Waits for seconds at most.
Task<std::vector<RedisFinding>> CheckRedis(RedisClients& clients);

}  // namespace popradio::store::distributed
