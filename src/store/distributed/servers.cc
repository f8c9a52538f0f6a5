#include "store/distributed/servers.h"

#include <algorithm>

#include "store/distributed/redis_check.h"

namespace popradio::store::distributed {
namespace {

// What somebody has to set right comes first, what is only worth a look comes last.
int Weight(const Finding& finding) { return !finding.error ? 0 : finding.away ? 1 : 2; }

}  // namespace

Result<Servers> Connect(const DistributedOptions& options, const Clock& clock, Random& random) {
  if (options.redis.empty() || options.mongo.empty()) {
    return Fail(ErrorCode::kInvalidParameter,
                "store.redis and store.mongo belong together: set both for a station of many "
                "machines, or none for one machine.");
  }
  auto redis_url = redis::ParseRedisUrl(options.redis);
  if (!redis_url) {
    return Fail(redis_url.error().code, "store.redis: " + redis_url.error().message);
  }
  auto mongo_url = mongo::ParseMongoUrl(options.mongo);
  if (!mongo_url) return Fail(mongo_url.error());
  redis::ClientOptions client;
  client.replicas = options.redis_replicas;
  Servers servers;
  auto clients = RedisClients::Open(*std::move(redis_url), std::move(client), clock, random);
  if (!clients) return Fail(clients.error());
  servers.redis = *std::move(clients);
  auto pool = mongo::Pool::Open(*std::move(mongo_url), {}, clock);
  if (!pool) return Fail(pool.error());
  servers.mongo = *std::move(pool);
  return servers;
}

std::vector<Finding> LookAtRedis(RedisClients& clients) {
  std::vector<Finding> findings;
  for (RedisFinding& finding : RunThere<std::vector<RedisFinding>>(
           clients, [&clients]() -> Task<std::vector<RedisFinding>> {
             auto found = co_await CheckRedis(clients);
             clients.NoteHealth();
             co_return found;
           })) {
    findings.push_back({finding.error, std::move(finding.sentence), finding.away});
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return Weight(a) > Weight(b); });
  return findings;
}

}  // namespace popradio::store::distributed
