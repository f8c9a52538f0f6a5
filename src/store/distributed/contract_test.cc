// The contract of every store interface, held by a whole node on real servers: one Redis with a
// replica set of one, and a Cluster with a replica set of three.
#include "store/contract/analytics.h"
#include "store/contract/catalogue.h"
#include "store/contract/comments.h"
#include "store/contract/engagement.h"
#include "store/contract/rate_limits.h"
#include "store/contract/sessions.h"
#include "store/contract/timeline.h"
#include "store/distributed/backend_testing.h"

namespace popradio::store::contract {
namespace {

const Case kSingle{"Single", [](const LimitTable& table) -> std::unique_ptr<Harness> {
                     return std::make_unique<distributed::BackendHarness>(
                         distributed::SingleRedis(), mongo::SharedSet(), table);
                   }};
const Case kCluster{"Cluster", [](const LimitTable& table) -> std::unique_ptr<Harness> {
                      return std::make_unique<distributed::BackendHarness>(
                          distributed::ClusterRedis(), distributed::SharedSetOfThree(), table);
                    }};
const auto kBoth = testing::Values(kSingle, kCluster);

INSTANTIATE_TEST_SUITE_P(Node, EngagementContract, kBoth, CaseName);
INSTANTIATE_TEST_SUITE_P(Node, CommentContract, kBoth, CaseName);
INSTANTIATE_TEST_SUITE_P(Node, SessionContract, kBoth, CaseName);
INSTANTIATE_TEST_SUITE_P(Node, RateLimitContract, kBoth, CaseName);
INSTANTIATE_TEST_SUITE_P(Node, TimelineContract, kBoth, CaseName);
INSTANTIATE_TEST_SUITE_P(Node, CatalogueContract, kBoth, CaseName);
INSTANTIATE_TEST_SUITE_P(Node, AnalyticsContract, kBoth, CaseName);

}  // namespace
}  // namespace popradio::store::contract
