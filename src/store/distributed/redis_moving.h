#pragma once

#include <map>
#include <vector>

#include "store/distributed/redis_clients.h"
#include "store/station_side.h"

// What only carrying a station needs of Redis.
namespace popradio::store::distributed {

// Nodes that listen for each other's events: those that run. A Redis that does not tell says 0.
Task<Result<std::int64_t>> ListeningNodes(RedisClients& clients);
// Whether any song or playlist was counted here, or anybody was seen: looks through all keys.
Task<Result<bool>> HoldsAStation(RedisClients& clients);
// Removes every key of ours, and no other.
Task<Result<void>> RemoveStation(RedisClients& clients);
// What was counted for these, without the base: how many likers, and how many plays.
Task<Result<std::map<Target, StationTally::Numbers>>> ReadNumbers(RedisClients& clients,
                                                                  std::vector<Target> targets);
// A day that is still being counted, with that many visitors nobody knows.
Task<Result<void>> WriteCountedDay(RedisClients& clients, CarriedDay day);

}  // namespace popradio::store::distributed
