#include <algorithm>

#include "store/distributed/acquaintance.h"
#include "store/distributed/clock_check.h"
#include "store/distributed/distributed_backend.h"
#include "store/distributed/mongo_station.h"
#include "store/distributed/servers.h"

namespace popradio::store {

using namespace distributed;  // NOLINT: everything here is asked of it

std::vector<Finding> CheckDistributed(const DistributedOptions& options, const Clock& clock,
                                      Random& random) {
  auto servers = Connect(options, clock, random);
  if (!servers) return {{true, servers.error().message}};
  std::vector<Finding> findings = LookAtRedis(*servers->redis);
  const auto facts = AskMongo(*servers->mongo, clock);
  if (!facts) {
    findings.push_back({true, facts.error().message});
  } else {
    if (auto differs = LookAtClock("MongoDB at " + servers->mongo->hosts(), facts->clock_ahead)) {
      findings.push_back({differs->error, std::move(differs->sentence)});
    }
    if (facts->members == 1) {
      findings.push_back({false,
                          "the replica set of MongoDB has one member: what it loses is "
                          "lost; three are usual"});
    }
  }
  if (!std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.error; })) {
    const auto secret = ReadSecret(*servers->mongo);
    if (secret) {  // an empty database is another station, too
      const auto together =
          CheckTogether(*servers->redis, *servers->mongo, secret->value_or(std::string()));
      if (!together) findings.push_back({true, together.error().message});
    }
  }
  servers->redis->Close();
  servers->mongo->Stop();
  return findings;
}

}  // namespace popradio::store
