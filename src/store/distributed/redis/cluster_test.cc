#include <gtest/gtest.h>
#include <signal.h>

#include <set>

#include "store/distributed/redis/cluster_client.h"
#include "store/distributed/redis/redis_testing.h"
#include "store/distributed/redis/script.h"
#include "store/distributed/redis/subscriber.h"

namespace popradio::redis {
namespace {

// A real Cluster, 3 + 3, shared by these tests; each leaves it whole.
class ClusterTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<RedisCluster>(); }
  static void TearDownTestSuite() { cluster_.reset(); }

  void SetUp() override { Open({}); }
  void TearDown() override {
    client_->Stop();
    cluster_->Heal();
  }
  void Open(const ClientOptions& options) {
    if (client_) client_->Stop();
    auto opened = Client::Open(loop_.environment(), cluster_->url(), options);
    ASSERT_TRUE(opened);
    client_ = *opened;
  }
  Outcome Call(const Command& command, Repeat repeat = Repeat::kNever, Millis timeout = kLong,
               bool durable = false) {
    return loop_.Await(client_->Call(
        command, {.deadline = loop_.In(timeout), .repeat = repeat, .durable = durable}));
  }
  Outcome Set(const std::string& key, const std::string& value) {
    return Call(Command("SET").Key(key).Arg(value));
  }
  Outcome Get(const std::string& key) { return Call(Command("GET").Key(key), Repeat::kSafe); }

  static std::unique_ptr<RedisCluster> cluster_;
  Loop loop_;
  std::shared_ptr<Client> client_;
};
std::unique_ptr<RedisCluster> ClusterTest::cluster_;

TEST_F(ClusterTest, ComputesSlotsAsTheServerDoes) {
  SeededRandom random(3);
  for (int i = 0; i < 200; ++i) {
    std::string key;
    for (std::uint64_t n = random.Below(20); n > 0; --n) key += "ab{}\r\n\xff"[random.Below(7)];
    EXPECT_EQ(cluster_->server(0).Ask({"CLUSTER", "KEYSLOT", key}), std::to_string(KeySlot(key)));
  }
}

TEST_F(ClusterTest, ReadsTheSameMapFromSlotsAndShards) {
  const auto primaries = loop_.Await(client_->Primaries(loop_.In(kLong)));
  ASSERT_EQ(primaries.size(), 3U);
  const Endpoint asked = primaries.front();
  const auto ask = [&](const char* what) {
    return loop_.Await(
        client_->CallOn(asked, Command("CLUSTER").Arg(what), {.deadline = loop_.In(kLong)}));
  };
  // A node lists the replicas of others once it has heard how far they are.
  ASSERT_TRUE(loop_.Until([&] {
    const Outcome slots = ask("SLOTS");
    const auto map = SlotMap::FromSlots(slots.value(), asked);
    return map && map->replicas().size() == 3;
  }));
  const Outcome slots = ask("SLOTS"), shards = ask("SHARDS");
  ASSERT_TRUE(slots && shards);
  const auto one = SlotMap::FromSlots(*slots, asked);
  const auto other = SlotMap::FromShards(*shards, asked, false);
  ASSERT_TRUE(one) << one.error();
  ASSERT_TRUE(other) << other.error();
  EXPECT_EQ(one->covered(), kSlotCount);
  for (std::size_t slot = 0; slot < kSlotCount; ++slot) {
    ASSERT_EQ(*one->Owner(static_cast<std::uint16_t>(slot)),
              *other->Owner(static_cast<std::uint16_t>(slot)));
  }
  EXPECT_EQ(std::set<Endpoint>(one->replicas().begin(), one->replicas().end()),
            std::set<Endpoint>(other->replicas().begin(), other->replicas().end()));
}

TEST_F(ClusterTest, SpreadsKeysOverAllPrimaries) {
  std::vector<Command> writes, reads;
  for (int i = 0; i < 300; ++i) {
    writes.push_back(Command("SET").Key("spread:" + std::to_string(i)).Arg(i));
    reads.push_back(Command("GET").Key("spread:" + std::to_string(i)));
  }
  for (const Outcome& outcome :
       loop_.Await(CallAll(*client_, writes, {.deadline = loop_.In(kLong)}))) {
    EXPECT_EQ(outcome, Outcome(Reply::Status("OK")));
  }
  const auto values = loop_.Await(CallAll(*client_, reads, {.deadline = loop_.In(kLong)}));
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(values[static_cast<std::size_t>(i)], Outcome(Reply::String(std::to_string(i))));
  }
  for (const Endpoint& primary : loop_.Await(client_->Primaries(loop_.In(kLong)))) {
    const Outcome size =
        loop_.Await(client_->CallOn(primary, Command("DBSIZE"), {.deadline = loop_.In(kLong)}));
    ASSERT_TRUE(size);
    EXPECT_GT(size->integer(), 50);
  }
  EXPECT_TRUE(client_->health().up);
}

TEST_F(ClusterTest, RunsScriptsWhereTheirKeysLive) {
  const Script script("return redis.call('INCRBY', KEYS[1], ARGV[1])");
  for (const std::string_view key : {"s:{a}", "s:{b}", "s:{c}", "s:{d}"}) {
    const std::string_view keys[] = {key}, arguments[] = {"5"};
    EXPECT_EQ(loop_.Await(script.Run(*client_, keys, arguments, {.deadline = loop_.In(kLong)})),
              Outcome(Reply::Integer(5)));
  }
}

// One slot moves by hand from one primary to another while it is used.
TEST_F(ClusterTest, FollowsASlotThatMoves) {
  const std::string one = "one:{moving}", two = "two:{moving}";
  ASSERT_TRUE(Set(one, "1"));
  ASSERT_TRUE(Set(two, "2"));
  RedisServer& source = cluster_->PrimaryOf(one);
  RedisServer& target = cluster_->AnotherPrimaryThan(source);
  const std::string slot = std::to_string(KeySlot(one));
  ASSERT_EQ(target.Ask({"CLUSTER", "SETSLOT", slot, "IMPORTING", cluster_->IdOf(source)}), "OK");
  ASSERT_EQ(source.Ask({"CLUSTER", "SETSLOT", slot, "MIGRATING", cluster_->IdOf(target)}), "OK");
  const auto migrate = [&](const std::string& key) {
    return source.Ask({"MIGRATE", "127.0.0.1", std::to_string(target.port()), key, "0", "5000"});
  };
  // What has not moved yet is still here; what has moved, and what is new, is there (ASK).
  EXPECT_EQ(Get(one), Outcome(Reply::String("1")));
  ASSERT_EQ(migrate(one), "OK");
  EXPECT_EQ(Get(one), Outcome(Reply::String("1")));
  EXPECT_EQ(Get(two), Outcome(Reply::String("2")));
  const std::string three = "three:{moving}";
  EXPECT_EQ(Set(three, "3"), Outcome(Reply::Status("OK")));
  EXPECT_TRUE(source.Ask({"GET", three}).starts_with("-ASK")) << source.Ask({"GET", three});
  const Script script("return redis.call('APPEND', KEYS[1], ARGV[1])");
  const std::string_view keys[] = {one}, arguments[] = {"x"};
  EXPECT_EQ(loop_.Await(script.Run(*client_, keys, arguments, {.deadline = loop_.In(kLong)})),
            Outcome(Reply::Integer(2)));
  // Two keys that are apart for a while (TRYAGAIN): the call waits until they are together.
  const Command both = Command("MGET").Key(one).Key(two);
  EXPECT_TRUE(source.Ask({"MGET", one, two}).starts_with("-TRYAGAIN"));
  auto waiting = loop_.Start(client_->Call(both, {.deadline = loop_.In(kLong)}));
  EXPECT_FALSE(loop_.Until([&] { return waiting->has_value(); }, Millis(100)));
  ASSERT_EQ(migrate(two), "OK");
  ASSERT_TRUE(loop_.Until([&] { return waiting->has_value(); }));
  EXPECT_EQ(**waiting, Outcome(Reply::Array({Reply::String("1x"), Reply::String("2")})));
  // The slot is handed over (MOVED), and everybody goes there directly.
  for (RedisServer* server : {&target, &source}) {
    ASSERT_EQ(server->Ask({"CLUSTER", "SETSLOT", slot, "NODE", cluster_->IdOf(target)}), "OK");
  }
  EXPECT_TRUE(source.Ask({"GET", one}).starts_with("-MOVED"));
  EXPECT_EQ(Get(one), Outcome(Reply::String("1x")));
  EXPECT_EQ(Get(three), Outcome(Reply::String("3")));
  EXPECT_EQ(Set(one, "new"), Outcome(Reply::Status("OK")));
  EXPECT_EQ(target.Ask({"GET", one}), "new");
}

TEST_F(ClusterTest, ReadsTheMapSeldomWhateverHappens) {
  ASSERT_TRUE(Set("k", "v"));
  auto& cluster = static_cast<ClusterClient&>(*client_);
  const std::uint64_t before = cluster.refreshes();
  const SystemClock clock;
  const Millis began = clock.Steady();
  // A call that is too late is a failure like any other, and puts the map in doubt.
  for (int i = 0; i < 1000; ++i) Call(Command("GET").Key("k"), Repeat::kNever, Millis(0));
  loop_.Until([] { return false; }, Millis(500));
  const auto seconds = static_cast<std::uint64_t>((clock.Steady() - began).count());
  EXPECT_LE(cluster.refreshes() - before, seconds / 200 + 2);
}

TEST_F(ClusterTest, FollowsAFailoverAndLosesNothingThatWasProven) {
  ClientOptions options;
  options.replicas = 1;
  options.wait_timeout = Millis(5000);
  Open(options);
  const std::string key = "failover:{x}";
  for (int i = 1; i <= 50; ++i) {
    ASSERT_EQ(Call(Command("INCR").Key(key), Repeat::kNever, kLong, true),
              Outcome(Reply::Integer(i)));
  }
  cluster_->PrimaryOf(key).Kill();
  // Reads wait for the replica to take over.
  EXPECT_EQ(Get(key), Outcome(Reply::String("50")));
  // A write that was never executed is repeated by itself; this one has no replica to prove it now.
  EXPECT_EQ(Call(Command("INCR").Key(key)), Outcome(Reply::Integer(51)));
  Open(options);
  EXPECT_EQ(Get(key), Outcome(Reply::String("51")));
}

TEST_F(ClusterTest, AStoppedPrimaryCostsADeadlineAndNoMore) {
  const std::string key = "stopped:{y}";
  ClientOptions options;
  options.replicas = 1;
  options.wait_timeout = Millis(10'000);
  Open(options);
  ASSERT_TRUE(Call(Command("SET").Key(key).Arg("v"), Repeat::kSafe, kLong, true));
  cluster_->PrimaryOf(key).Signal(SIGSTOP);
  const SystemClock clock;
  const Millis began = clock.Steady();
  const Outcome outcome = Call(Command("INCR").Key(key + "n"), Repeat::kNever, Millis(200));
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error().may_have_happened);
  EXPECT_LT(clock.Steady() - began, Millis(10'000));
  // Its replica takes over, and is found.
  ASSERT_TRUE(loop_.Until([&] {
    const Outcome read = Call(Command("GET").Key(key), Repeat::kSafe, Millis(500));
    return read && read->text() == "v";
  }));
}

TEST_F(ClusterTest, CallsEndByTheirDeadlineWhileAllIsAway) {
  ASSERT_TRUE(Set("k", "v"));
  for (std::size_t i = 0; i < cluster_->size(); ++i) cluster_->server(i).Signal(SIGSTOP);
  const SystemClock clock;
  const Millis began = clock.Steady();
  EXPECT_FALSE(Call(Command("GET").Key("k"), Repeat::kSafe, Millis(500)));
  EXPECT_LT(clock.Steady() - began, Millis(10'000));
  for (std::size_t i = 0; i < cluster_->size(); ++i) cluster_->server(i).Signal(SIGCONT);
  EXPECT_EQ(Get("k"), Outcome(Reply::String("v")));
}

TEST_F(ClusterTest, MessagesReachSubscribersOfAnyNode) {
  std::vector<std::string> heard;
  bool subscribed = false;
  const auto url = cluster_->url();
  auto subscriber = Subscriber::Open(
      loop_.environment(), url.hosts, std::make_shared<Login>(),
      {[&](std::string_view, std::string_view payload) { heard.emplace_back(payload); },
       [&](bool) { subscribed = true; }});
  subscriber->Subscribe("events");
  ASSERT_TRUE(loop_.Until([&] { return subscribed; }));
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(Call(Command("PUBLISH").Arg("events").Arg(i)));
  }
  EXPECT_TRUE(loop_.Until([&] { return heard.size() == 20; }));
  EXPECT_EQ(std::set<std::string>(heard.begin(), heard.end()).size(), 20U);
  subscriber->Stop();
}

TEST_F(ClusterTest, AnAddressWithOneWrongHostIsEnough) {
  RedisUrl url = cluster_->url();
  url.hosts = {{"127.0.0.1", 1}, url.hosts[4]};
  client_->Stop();
  client_ = *Client::Open(loop_.environment(), url, {});
  EXPECT_TRUE(Set("k", "v"));
}

TEST_F(ClusterTest, SaysSoWhenTheServerIsNoCluster) {
  RedisServer single;
  RedisUrl url;
  url.cluster = true;
  url.hosts = {single.endpoint()};
  client_->Stop();
  client_ = *Client::Open(loop_.environment(), url, {});
  const Outcome outcome = Call(Command("GET").Key("k"), Repeat::kSafe, Millis(500));
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().sentence.find("cluster support disabled"), std::string::npos)
      << outcome.error().sentence;
}

}  // namespace
}  // namespace popradio::redis
