#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "store/backend.h"

namespace popradio::store {

struct DistributedOptions {
  std::string redis;       // redis://… or rediss://…, several hosts for a Cluster
  std::string mongo;       // mongodb://… or mongodb+srv://…
  int redis_replicas = 0;  // how many must confirm a write before it is acknowledged
  LimitTable limits;
  int comment_ttl_days = 30;  // for a comment that comes without an expireAt
  // How long Redis may take to decide about a limit before a node goes by its own share.
  Millis limit_patience{250};
};

// Something wrong with the servers, for `check`.
struct Finding {
  bool error = true;
  std::string sentence;
  bool away = false;  // an error that may pass by itself: a server that cannot be reached
};

// Opens the stores of one node of a station of many: what must be atomic and shared in Redis, what
// must last in MongoDB, numbers and catalogue mirrored in memory.
//
// Says what is wrong before anything is served: an address, password or certificate that does not
// fit, a Redis that evicts or keeps no log, a MongoDB without a replica set or of a newer PopRadio.
// A MongoDB that merely is away is no error where Redis remembers the station's songs: the node
// serves those, and the rest when MongoDB is back. `clock` and `random` must outlive the backend,
// and `random` be thread-safe.
Result<std::unique_ptr<Backend>> OpenDistributed(const DistributedOptions& options,
                                                 const Clock& clock, Random& random);

// Looks at both servers and changes nothing. Empty: all is well.
std::vector<Finding> CheckDistributed(const DistributedOptions& options, const Clock& clock,
                                      Random& random);

}  // namespace popradio::store
