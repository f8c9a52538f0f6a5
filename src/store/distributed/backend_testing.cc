#include "store/distributed/backend_testing.h"

#include <stdexcept>

#include "store/distributed/servers.h"

namespace popradio::store::distributed {
namespace {

std::string Address(const TestRedis& redis) {
  std::string hosts;
  for (const redis::Endpoint& host : redis.url.hosts) {
    hosts += (hosts.empty() ? "" : ",") + host.ToString();
  }
  return "redis://" + hosts;
}

}  // namespace

mongo::ReplicaSet& SharedSetOfThree() {
  static mongo::ReplicaSet set(3);
  return set;
}

BackendHarness::BackendHarness(const TestRedis& redis, mongo::ReplicaSet& set,
                               const LimitTable& limits) {
  redis.Empty();
  for (redis::RedisServer* server : redis.servers) {
    EXPECT_EQ(server->Ask({"CONFIG", "SET", "appendonly", "yes"}), "OK");
  }
  options_.redis = Address(redis);
  options_.mongo = set.url("test" + std::to_string(random_.Next()));
  options_.limits = limits;
  // The contract wants limits that are exact on a busy machine, too.
  options_.limit_patience = process_testing::kTestLimit;
  Open();
}

void BackendHarness::Open() {
  auto servers = Connect(options_, real_, random_);
  if (!servers) throw std::runtime_error(servers.error().message);
  auto backend = OpenOn(*std::move(servers), options_, clock_, random_);
  if (!backend) throw std::runtime_error(backend.error().message);
  backend_ = *std::move(backend);
}

void BackendHarness::Restart() {
  EXPECT_TRUE(backend_->Close());
  backend_.reset();
  Open();
}

}  // namespace popradio::store::distributed
