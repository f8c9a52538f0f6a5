#include "store/distributed/mongo_stores_testing.h"

#include <stdexcept>

namespace popradio::store::distributed {
namespace {

std::unique_ptr<MongoStation> OpenStation(mongo::Pool& pool, const Clock& clock, Random& random) {
  auto station = MongoStation::Open(pool, clock, random);
  if (!station) throw std::runtime_error(station.error().message);
  return *std::move(station);
}

[[noreturn]] void NotOfMongo() { throw std::logic_error("MongoDB has no such store"); }

}  // namespace

MongoNode::MongoNode(mongo::Pool& shared, const Clock& clock)
    : pool(shared),
      station(OpenStation(pool, real, random)),
      catalogue(pool, clock, random),
      comments(pool, clock, /*ttl_days=*/30),
      timeline(pool, clock, random),
      likers(pool),
      sessions(pool),
      analytics(pool, {[this](const SessionId& session, Instant) { visits.push_back(session); },
                       [this](Instant, Instant) -> Task<Result<std::vector<AnalyticsDay>>> {
                         if (live_fails) co_return Fail(ErrorCode::kUnavailable, "away");
                         co_return live_days;
                       }}) {
  if (auto loaded = catalogue.Load(); !loaded) throw std::runtime_error(loaded.error().message);
}

EngagementStore& MongoBackend::engagement() { NotOfMongo(); }
SessionStore& MongoBackend::sessions() { NotOfMongo(); }
RateLimitStore& MongoBackend::limits() { NotOfMongo(); }

Task<Result<void>> MongoBackend::Backup(std::string) {
  co_return Fail(ErrorCode::kUnavailable, "not here");
}

MongoHarness::MongoHarness(mongo::PoolOptions options) : database_(std::move(options)) {
  Restart();
}

// The pool goes on: it remembers nothing but connections, and ending one takes half a second.
void MongoHarness::Restart() {
  backend_.reset();
  node_.reset();
  node_ = std::make_unique<MongoNode>(database_.pool(), clock_);
  backend_ = std::make_unique<MongoBackend>(*node_);
}

MongoNode& MongoHarness::Another() {
  other_pool_ = database_.Another();
  other_ = std::make_unique<MongoNode>(*other_pool_, clock_);
  return *other_;
}

}  // namespace popradio::store::distributed
