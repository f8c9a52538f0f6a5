#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/contract/harness.h"
#include "store/distributed/numbers.h"
#include "store/distributed/redis/redis_testing.h"
#include "store/distributed/redis_clients.h"
#include "store/distributed/redis_engagement.h"
#include "store/distributed/redis_limits.h"
#include "store/distributed/redis_sessions.h"
#include "store/distributed/redis_visits.h"

namespace popradio::store::distributed {

// The curator's data in memory, for stores that only want to know base counts.
class MemoryCatalogue final : public CatalogueStore {
 public:
  CataloguePtr Current() const override { return current_; }
  std::uint64_t Version() const override { return current_->version(); }
  Task<Result<CataloguePtr>> Update(Edit edit) override;
  void OnChange(std::function<void()> callback) override { callback_ = std::move(callback); }

 private:
  CataloguePtr current_ = std::make_shared<Catalogue>();
  std::function<void()> callback_;
};

struct RedisStoresOptions {
  RedisLimitsOptions limits;
  int replicas = 0;
  ChangeSink* sink = nullptr;
};

// What lives in Redis, as one node has it; MongoDB is taken for empty. Closes in order when it is
// destroyed. Its connections run by the machine's clock, its data by the test's.
class RedisStores final : public Backend {
 public:
  RedisStores(redis::RedisUrl url, const Clock& clock, CatalogueStore& catalogue,
              RedisStoresOptions options = {});
  ~RedisStores() override;

  CatalogueStore& catalogue() override { return catalogue_; }
  RedisEngagement& engagement() override { return *engagement_; }
  CommentStore& comments() override { std::abort(); }
  RedisSessions& sessions() override { return *sessions_; }
  RedisLimits& limits() override { return *limits_; }
  TimelineStore& timeline() override { std::abort(); }
  RedisVisits& analytics() override { return *visits_; }
  std::vector<ServiceHealth> Health() const override { return {}; }
  std::string StationSecret() const override { return {}; }
  Task<Result<void>> Backup(std::string) override { co_return Result<void>(); }
  Result<void> Close() override;
  // Dies without saying good-bye: what it had in memory is lost.
  void Drop() { closed_ = true; }

  RedisClients& clients() { return *clients_; }
  Numbers& numbers() { return numbers_; }
  // Marks every partition as built, as an opener does that finds MongoDB empty.
  void MarkBuilt();

 private:
  SystemClock system_clock_;
  SeededRandom random_{7};
  CatalogueStore& catalogue_;
  Numbers numbers_;
  std::unique_ptr<RedisClients> clients_;
  std::unique_ptr<RedisEngagement> engagement_;
  std::unique_ptr<RedisLimits> limits_;
  std::unique_ptr<RedisSessions> sessions_;
  std::unique_ptr<RedisVisits> visits_;
  bool closed_ = false;
};

// A Redis that is up for all tests of this program, emptied for each of them.
struct TestRedis {
  redis::RedisUrl url;
  std::vector<redis::RedisServer*> servers;
  // All of their keys go.
  void Empty() const;
  // The answer of the one that serves the key.
  std::string Ask(const std::vector<std::string>& command) const;
};
const TestRedis& SingleRedis();
const TestRedis& ClusterRedis();  // three primaries

class RedisHarness final : public contract::Harness {
 public:
  RedisHarness(const TestRedis& redis, const LimitTable& limits);
  RedisStores& backend() override { return *stores_; }
  contract::ManualClock& clock() override { return clock_; }
  void Restart() override;

 private:
  void Open();
  const TestRedis& redis_;
  const LimitTable limits_;
  contract::ManualClock clock_{contract::Start()};
  MemoryCatalogue catalogue_;
  std::unique_ptr<RedisStores> stores_;
};

}  // namespace popradio::store::distributed
