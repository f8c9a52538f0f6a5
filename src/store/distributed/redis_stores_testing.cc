#include "store/distributed/redis_stores_testing.h"

#include <gtest/gtest.h>

namespace popradio::store::distributed {

Task<Result<CataloguePtr>> MemoryCatalogue::Update(Edit edit) {
  auto change = edit(*current_);
  if (!change) co_return Fail(change.error());
  current_ = std::make_shared<Catalogue>(current_->version() + 1, change->songs, change->playlists);
  if (callback_) callback_();
  co_return current_;
}

RedisStores::RedisStores(redis::RedisUrl url, const Clock& clock, CatalogueStore& catalogue,
                         RedisStoresOptions options)
    : catalogue_(catalogue) {
  redis::ClientOptions client;
  client.replicas = options.replicas;
  auto opened = RedisClients::Open(std::move(url), client, system_clock_, random_);
  if (!opened) throw std::runtime_error(opened.error().message);
  clients_ = *std::move(opened);
  engagement_ = std::make_unique<RedisEngagement>(*clients_, numbers_, clock, options.sink);
  engagement_->Follow(*catalogue_.Current());
  catalogue_.OnChange([this] { engagement_->Follow(*catalogue_.Current()); });
  limits_ = std::make_unique<RedisLimits>(*clients_, clock, options.limits);
  sessions_ = std::make_unique<RedisSessions>(*clients_, clock);
  visits_ = std::make_unique<RedisVisits>(*clients_, clock, random_);
  limits_->Start();
  sessions_->Start();
  visits_->Start();
}

RedisStores::~RedisStores() {
  if (!closed_) (void)Close();
  clients_->Close();
}

Result<void> RedisStores::Close() {
  closed_ = true;
  limits_->Close();
  sessions_->Close();
  visits_->Close();
  clients_->Close();
  return {};
}

void RedisStores::MarkBuilt() {
  for (int partition = 0; partition < kPartitions; ++partition) {
    const auto marked = contract::Await(engagement_->MarkBuilt(partition));
    if (!marked) throw std::runtime_error(marked.error().message);
  }
}

void TestRedis::Empty() const {
  for (redis::RedisServer* server : servers) {
    EXPECT_EQ(server->Ask({"FLUSHALL"}), "OK");
    EXPECT_EQ(server->Ask({"SCRIPT", "FLUSH"}), "OK");
  }
}

std::string TestRedis::Ask(const std::vector<std::string>& command) const {
  std::string answer;
  for (redis::RedisServer* server : servers) {
    answer = server->Ask(command);
    if (!answer.starts_with("-MOVED")) break;
  }
  return answer;
}

const TestRedis& SingleRedis() {
  static redis::RedisServer server;
  static const TestRedis redis = [] {
    TestRedis made;
    made.url.hosts = {server.endpoint()};
    made.servers = {&server};
    return made;
  }();
  return redis;
}

const TestRedis& ClusterRedis() {
  static redis::RedisCluster cluster(0);
  static const TestRedis redis = [] {
    TestRedis made;
    made.url = cluster.url();
    for (std::size_t i = 0; i < cluster.size(); ++i) made.servers.push_back(&cluster.server(i));
    return made;
  }();
  return redis;
}

RedisHarness::RedisHarness(const TestRedis& redis, const LimitTable& limits)
    : redis_(redis), limits_(limits) {
  redis_.Empty();
  Open();
  // All at once, once: what an opener does with an empty MongoDB.
  std::vector<Task<Result<void>>> marks;
  for (int partition = 0; partition < kPartitions; ++partition) {
    marks.push_back(stores_->engagement().MarkBuilt(partition));
  }
  for (const auto& marked : contract::AwaitAll(std::move(marks))) EXPECT_TRUE(marked);
}

void RedisHarness::Open() {
  RedisStoresOptions options;
  options.limits.limits = limits_;
  stores_ = std::make_unique<RedisStores>(redis_.url, clock_, catalogue_, options);
}

void RedisHarness::Restart() {
  stores_.reset();
  Open();
}

}  // namespace popradio::store::distributed
