#include "store/contract/analytics.h"
#include "store/contract/engagement.h"
#include "store/contract/rate_limits.h"
#include "store/contract/sessions.h"
#include "store/distributed/redis_stores_testing.h"

namespace popradio::store::contract {
namespace {

const Case kSingleRedis{"Single", [](const LimitTable& table) -> std::unique_ptr<Harness> {
                          return std::make_unique<distributed::RedisHarness>(
                              distributed::SingleRedis(), table);
                        }};
const Case kClusterRedis{"Cluster", [](const LimitTable& table) -> std::unique_ptr<Harness> {
                           return std::make_unique<distributed::RedisHarness>(
                               distributed::ClusterRedis(), table);
                         }};

const auto kBothRedis = testing::Values(kSingleRedis, kClusterRedis);

INSTANTIATE_TEST_SUITE_P(Redis, EngagementContract, kBothRedis, CaseName);
INSTANTIATE_TEST_SUITE_P(Redis, RateLimitContract, kBothRedis, CaseName);
INSTANTIATE_TEST_SUITE_P(Redis, SessionContract, kBothRedis, CaseName);
INSTANTIATE_TEST_SUITE_P(Redis, AnalyticsContract, kBothRedis, CaseName);

}  // namespace
}  // namespace popradio::store::contract
