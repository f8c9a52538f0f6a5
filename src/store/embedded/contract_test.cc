// The contract of every store interface, held by the embedded backend.
#include "store/contract/analytics.h"
#include "store/contract/catalogue.h"
#include "store/contract/comments.h"
#include "store/contract/engagement.h"
#include "store/contract/rate_limits.h"
#include "store/contract/sessions.h"
#include "store/contract/timeline.h"
#include "store/embedded/embedded_testing.h"

namespace popradio::store::contract {
namespace {

const Case kEmbedded{"Embedded", [](const LimitTable& table) -> std::unique_ptr<Harness> {
                       EmbeddedOptions options;
                       options.limits = table;
                       return std::make_unique<embedded::EmbeddedHarness>(options);
                     }};

INSTANTIATE_TEST_SUITE_P(Embedded, EngagementContract, testing::Values(kEmbedded), CaseName);
INSTANTIATE_TEST_SUITE_P(Embedded, CommentContract, testing::Values(kEmbedded), CaseName);
INSTANTIATE_TEST_SUITE_P(Embedded, SessionContract, testing::Values(kEmbedded), CaseName);
INSTANTIATE_TEST_SUITE_P(Embedded, RateLimitContract, testing::Values(kEmbedded), CaseName);
INSTANTIATE_TEST_SUITE_P(Embedded, TimelineContract, testing::Values(kEmbedded), CaseName);
INSTANTIATE_TEST_SUITE_P(Embedded, CatalogueContract, testing::Values(kEmbedded), CaseName);
INSTANTIATE_TEST_SUITE_P(Embedded, AnalyticsContract, testing::Values(kEmbedded), CaseName);

}  // namespace
}  // namespace popradio::store::contract
