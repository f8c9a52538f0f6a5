// The contract of the store interfaces that MongoDB holds, on a real server.
#include "store/contract/catalogue.h"
#include "store/contract/comments.h"
#include "store/contract/timeline.h"
#include "store/distributed/mongo_stores_testing.h"

namespace popradio::store::contract {
namespace {

const Case kMongoCase{"Mongo", [](const LimitTable&) -> std::unique_ptr<Harness> {
                        return std::make_unique<distributed::MongoHarness>();
                      }};

INSTANTIATE_TEST_SUITE_P(Mongo, CatalogueContract, testing::Values(kMongoCase), CaseName);
INSTANTIATE_TEST_SUITE_P(Mongo, CommentContract, testing::Values(kMongoCase), CaseName);
INSTANTIATE_TEST_SUITE_P(Mongo, TimelineContract, testing::Values(kMongoCase), CaseName);

}  // namespace
}  // namespace popradio::store::contract
