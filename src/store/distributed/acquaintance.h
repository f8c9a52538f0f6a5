#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "store/distributed/mongo/pool.h"
#include "store/distributed/redis_clients.h"

// Which Redis and which MongoDB are one station's. Each remembers the station's secret and where
// the other one was reached, so that a server that is away is told from one that was never there,
// and two stations are not mixed.
namespace popradio::store::distributed {

// "host:port, host:port".
std::string RedisHosts(const RedisClients& clients);

// The secret of the station that this Redis counts for. None: of no station yet.
Task<Result<std::optional<std::string>>> ReadSecret(RedisClients& clients);
// The same of the database. On this thread.
Result<std::optional<std::string>> ReadSecret(mongo::Pool& pool);

// Fails with a sentence for operators when this Redis counts for a station with another secret. Not
// from the clients' own thread.
Result<void> CheckTogether(RedisClients& clients, const mongo::Pool& pool,
                           const std::string& secret);

// Notes on each of the two what the other one is.
Task<void> Introduce(RedisClients& clients, mongo::Pool& pool, std::string secret);

// Whether the station's Redis was reached at one of these addresses before. On this thread.
Result<bool> KnowsRedis(mongo::Pool& pool, const RedisClients& clients);
// The same of MongoDB.
Task<Result<bool>> KnowsMongo(RedisClients& clients, const mongo::Pool& pool);

}  // namespace popradio::store::distributed
