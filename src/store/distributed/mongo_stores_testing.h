#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "store/contract/harness.h"
#include "store/distributed/mongo/mongo_testing.h"
#include "store/distributed/mongo_analytics.h"
#include "store/distributed/mongo_catalogue.h"
#include "store/distributed/mongo_comments.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/mongo_sessions.h"
#include "store/distributed/mongo_station.h"
#include "store/distributed/mongo_timeline.h"

namespace popradio::store::distributed {

// What one node has of MongoDB. The stores live on a clock of the test's; the pool's deadlines are
// real.
class MongoNode {
 public:
  // Throws when the station cannot be opened.
  MongoNode(mongo::Pool& pool, const Clock& clock);

  SystemClock real;
  SystemRandom random;
  mongo::Pool& pool;
  std::unique_ptr<MongoStation> station;
  MongoCatalogue catalogue;
  MongoComments comments;
  MongoTimeline timeline;
  MongoLikers likers;
  MongoSessions sessions;
  // Live days are what the test puts here.
  std::vector<AnalyticsDay> live_days;
  bool live_fails = false;
  std::vector<SessionId> visits;
  MongoAnalytics analytics;
};

// The stores of MongoDB as a backend; it has no others.
class MongoBackend final : public Backend {
 public:
  explicit MongoBackend(MongoNode& node) : node_(node) {}
  CatalogueStore& catalogue() override { return node_.catalogue; }
  CommentStore& comments() override { return node_.comments; }
  TimelineStore& timeline() override { return node_.timeline; }
  AnalyticsStore& analytics() override { return node_.analytics; }
  EngagementStore& engagement() override;
  SessionStore& sessions() override;
  RateLimitStore& limits() override;
  std::vector<ServiceHealth> Health() const override { return {}; }
  std::string StationSecret() const override { return node_.station->secret(); }
  Task<Result<void>> Backup(std::string) override;
  Result<void> Close() override { return {}; }

 private:
  MongoNode& node_;
};

// A database of its own on the shared set.
class MongoHarness final : public contract::Harness {
 public:
  explicit MongoHarness(mongo::PoolOptions options = {});
  Backend& backend() override { return *backend_; }
  contract::ManualClock& clock() override { return clock_; }
  void Restart() override;
  MongoNode& node() { return *node_; }
  mongo::TestDatabase& database() { return database_; }
  // A second node on the same database, with a pool of its own.
  MongoNode& Another();

 private:
  mongo::TestDatabase database_;
  std::unique_ptr<mongo::Pool> other_pool_;
  contract::ManualClock clock_{contract::Start()};
  std::unique_ptr<MongoNode> node_;
  std::unique_ptr<MongoBackend> backend_;
  std::unique_ptr<MongoNode> other_;
};

}  // namespace popradio::store::distributed
