#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "store/distributed/distributed_backend.h"
#include "store/distributed/mongo/pool.h"
#include "store/distributed/redis_clients.h"

namespace popradio::store::distributed {

// The ways to both servers of a station. Nothing has been asked of them yet.
struct Servers {
  std::unique_ptr<RedisClients> redis;
  std::unique_ptr<mongo::Pool> mongo;
};

// kInvalidParameter for an address that cannot be used.
Result<Servers> Connect(const DistributedOptions& options, const Clock& clock, Random& random);
// Opens a node on them, as OpenDistributed() does. The stores' data live by `clock`; what waits and
// what is compared with the servers' clocks, by the one that the servers were connected with.
Result<std::unique_ptr<Backend>> OpenOn(Servers servers, const DistributedOptions& options,
                                        const Clock& clock, Random& random);
// What is wrong with Redis, the worst first; waits for seconds at most.
std::vector<Finding> LookAtRedis(RedisClients& clients);

// Runs a task to its end on the clients' own thread, while this one waits.
template <class T>
T RunThere(RedisClients& clients, std::function<Task<T>()> work) {
  std::optional<T> result;
  clients.RunThere([&]() -> Task<void> { result.emplace(co_await work()); });
  return *std::move(result);
}

}  // namespace popradio::store::distributed
