#include "store/distributed/redis_engagement.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "store/distributed/redis_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;
using redis::Eventually;
using redis::RedisServer;

// Notes what a node would tell the others.
class NotedChanges final : public ChangeSink {
 public:
  struct Noted {
    Target target;
    bool liked;
    Counts counts;
    std::int64_t version;
  };
  void LikeChanged(const Target& target, const SessionId& session, bool liked, const Counts& counts,
                   std::int64_t version) override {
    sessions.push_back(session);
    noted.push_back({target, liked, counts, version});
  }
  void Counted(const Target& target, const Counts& counts, std::int64_t version) override {
    noted.push_back({target, false, counts, version});
  }
  std::vector<Noted> noted;
  std::vector<SessionId> sessions;
};

class RedisEngagementTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    redis_ = GetParam() ? &ClusterRedis() : &SingleRedis();
    redis_->Empty();
    node_ = NewNode();
    node_->MarkBuilt();
  }
  std::unique_ptr<RedisStores> NewNode(ChangeSink* sink = nullptr) {
    RedisStoresOptions options;
    options.sink = sink;
    return std::make_unique<RedisStores>(redis_->url, clock_, catalogue_, options);
  }
  Target NewSong() { return {TargetType::kSong, ObjectId::Make(clock_.Now(), random_)}; }
  SessionId NewSession() { return SessionId::Make(random_); }
  Result<std::int64_t> Like(RedisStores& node, const SessionId& session, const Target& target) {
    return Await(node.engagement().Like(session, target));
  }
  Engagement Read(RedisStores& node, const Target& target, const SessionId* session = nullptr) {
    Engagement read;
    EXPECT_TRUE(Await(node.engagement().Read(session, {&target, 1}, {&read, 1})));
    return read;
  }
  std::optional<Engagement> ReadNow(RedisStores& node, const Target& target,
                                    const SessionId* session = nullptr) {
    Engagement read;
    if (!node.engagement().ReadNow(session, {&target, 1}, {&read, 1})) return std::nullopt;
    return read;
  }
  std::string Ask(std::vector<std::string> command) { return redis_->Ask(command); }

  contract::ManualClock clock_{contract::Start()};
  SeededRandom random_{11};
  MemoryCatalogue catalogue_;
  const TestRedis* redis_ = nullptr;
  std::unique_ptr<RedisStores> node_;
};

INSTANTIATE_TEST_SUITE_P(Redis, RedisEngagementTest, testing::Values(false, true),
                         [](const auto& test) { return test.param ? "Cluster" : "Single"; });

TEST_P(RedisEngagementTest, ALikeChangesEverythingThatBelongsTogether) {
  const Target song = NewSong();
  const SessionId session = NewSession();
  const int partition = PartitionOf(song);
  ASSERT_TRUE(Like(*node_, session, song));
  EXPECT_EQ(Ask({"GET", LikesKey(song).str()}), "1");
  EXPECT_EQ(Ask({"GET", VersionKey(song).str()}), "1");
  EXPECT_EQ(Ask({"ZRANGE", LikersKey(song).str(), "0", "-1"}), session.ToString());
  EXPECT_EQ(Ask({"SMEMBERS", DirtyKey(partition).str()}), TargetName(song).str());
  EXPECT_EQ(Ask({"SMEMBERS", LikedKey(session, TargetType::kSong).str()}), song.id.ToHex());
  EXPECT_EQ(Ask({"HGETALL", DayKey(clock_.Now(), partition).str()}),
            "likes:" + TargetName(song).str() + "\n1");
  const std::string ttl = Ask({"TTL", DayKey(clock_.Now(), partition).str()});
  EXPECT_NEAR(std::atoi(ttl.c_str()), 40 * 24 * 3600, 60);
  EXPECT_EQ(Ask({"XLEN", OutboxKey(partition).str()}), "1");
  ASSERT_TRUE(Await(node_->engagement().Unlike(session, song)));
  EXPECT_EQ(Ask({"GET", LikesKey(song).str()}), "0");
  EXPECT_EQ(Ask({"GET", VersionKey(song).str()}), "2");
  EXPECT_EQ(Ask({"EXISTS", LikersKey(song).str()}), "0");
  EXPECT_EQ(Ask({"EXISTS", LikedKey(session, TargetType::kSong).str()}), "0");
  EXPECT_EQ(Ask({"XLEN", OutboxKey(partition).str()}), "2");
}

TEST_P(RedisEngagementTest, WithoutTheMarkNothingIsCounted) {
  const Target song = NewSong();
  const SessionId session = NewSession();
  ASSERT_TRUE(Like(*node_, session, song));
  Ask({"DEL", BuiltKey(PartitionOf(song)).str()});
  EXPECT_FALSE(Await(node_->engagement().IsBuilt(PartitionOf(song))).value());
  for (const auto& refused :
       {Like(*node_, NewSession(), song), Await(node_->engagement().Unlike(session, song)),
        Await(node_->engagement().Count(song, &session, "key"))}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_GE(refused.error().retry_after_s, 1);
  }
  EXPECT_EQ(Ask({"GET", LikesKey(song).str()}), "1");
  EXPECT_EQ(Ask({"GET", VersionKey(song).str()}), "1");
  EXPECT_EQ(Read(*node_, song).likes, 1) << "reads go on";
  ASSERT_TRUE(Await(node_->engagement().MarkBuilt(PartitionOf(song))));
  EXPECT_EQ(Like(*node_, NewSession(), song).value(), 2);
}

TEST_P(RedisEngagementTest, AnEmptiedRedisIsFilledAgain) {
  const Target song = NewSong();
  const SessionId early = NewSession(), late = NewSession();
  ASSERT_TRUE(Like(*node_, early, song));
  EXPECT_EQ(Read(*node_, song).likes, 1);
  redis_->Empty();
  ASSERT_TRUE(Await(node_->engagement().Compare()));
  EXPECT_EQ(ReadNow(*node_, song)->likes, 1) << "the last number stands until it is filled";
  std::vector<RestoredLike> likers;
  for (int i = 0; i < 2'500; ++i) likers.push_back({NewSession(), 1'700'000'000'000 + i});
  likers.push_back({late, 1'800'000'000'000});
  auto& engagement = node_->engagement();
  for (int round = 0; round < 2; ++round) {  // killed in between, and begun again
    ASSERT_TRUE(Await(engagement.LoadTarget(song, likers, 777, 41)));
  }
  EXPECT_EQ(Await(engagement.Built()).value(), (std::array<bool, kPartitions>{}));
  node_->MarkBuilt();
  EXPECT_EQ(Await(engagement.Built()).value()[0], true);
  EXPECT_EQ(Ask({"GET", VersionKey(song).str()}), std::to_string(41 + kVersionLeap));
  ASSERT_TRUE(Await(engagement.Compare()));
  EXPECT_EQ(Read(*node_, song, &late), (Engagement{2'501, 777, true}));
  EXPECT_EQ(Await(engagement.Liked(late)).value().songs, (std::vector{song.id}));
  // Once it counts, whoever is late with filling does nothing.
  ASSERT_TRUE(Await(engagement.Unlike(late, song)));
  ASSERT_TRUE(Await(engagement.LoadTarget(song, likers, 9'999, 99)));
  ASSERT_TRUE(Await(engagement.Compare()));
  EXPECT_EQ(Read(*node_, song), (Engagement{2'500, 777, false}));
}

TEST_P(RedisEngagementTest, AWrongIndexIsSeenAndPutRight) {
  const Target liked = NewSong(), not_liked = NewSong();
  const SessionId session = NewSession();
  ASSERT_TRUE(Like(*node_, session, liked));
  const std::string index = LikedKey(session, TargetType::kSong).str();
  Ask({"SADD", index, not_liked.id.ToHex()});
  EXPECT_EQ(Await(node_->engagement().Liked(session)).value().songs, (std::vector{liked.id}));
  const auto fresh = NewNode();
  EXPECT_FALSE(Read(*fresh, not_liked, &session).liked);
  EXPECT_TRUE(Eventually([&] { return Ask({"SMEMBERS", index}) == liked.id.ToHex(); }));
  // It lacks one: a second like finds it.
  Ask({"DEL", index});
  EXPECT_EQ(Like(*node_, session, liked).error().code, ErrorCode::kAlreadyLiked);
  EXPECT_EQ(Ask({"SMEMBERS", index}), liked.id.ToHex());
}

TEST_P(RedisEngagementTest, ForgettingFindsWhatTheIndexLacks) {
  const Target a = NewSong(), b = NewSong();
  const SessionId session = NewSession(), other = NewSession();
  for (const Target& target : {a, b}) {
    ASSERT_TRUE(Like(*node_, session, target));
    ASSERT_TRUE(Like(*node_, other, target));
  }
  Ask({"DEL", LikedKey(session, TargetType::kSong).str()});
  ASSERT_TRUE(Await(node_->engagement().Forget(session)));
  ASSERT_TRUE(Await(node_->engagement().Forget(session))) << "twice is once";
  for (const Target& target : {a, b}) {
    EXPECT_EQ(Ask({"GET", LikesKey(target).str()}), "1");
    EXPECT_EQ(Ask({"ZRANGE", LikersKey(target).str(), "0", "-1"}), other.ToString());
  }
}

TEST_P(RedisEngagementTest, NodesTellEachOtherAndCompare) {
  NotedChanges changes;
  const auto first = NewNode(&changes);
  const auto second = NewNode();
  const Target song = NewSong();
  const SessionId session = NewSession();
  EXPECT_EQ(Read(*second, song, &session), (Engagement{0, 0, false}));
  ASSERT_TRUE(Like(*first, session, song));
  ASSERT_TRUE(Await(first->engagement().Count(song, nullptr, std::nullopt)));
  ASSERT_EQ(changes.noted.size(), 2u);
  EXPECT_EQ(changes.noted[0].counts, (Counts{.likes = 1}));
  EXPECT_EQ(changes.noted[1].counts, (Counts{.plays = 1}));
  // Nothing was told yet: the second node goes by what it knows.
  EXPECT_EQ(ReadNow(*second, song, &session), (Engagement{0, 0, false}));
  const std::uint64_t before = second->engagement().Version();
  // Told in the wrong order, and twice.
  for (const int i : {1, 0, 1}) {
    const auto& told = changes.noted[static_cast<std::size_t>(i)];
    second->engagement().Apply(told.target, told.counts, told.version);
  }
  second->engagement().ForgetCached(changes.sessions[0]);
  EXPECT_GT(second->engagement().Version(), before);
  EXPECT_EQ(ReadNow(*second, song), (Engagement{1, 1, false}));
  EXPECT_EQ(Read(*second, song, &session), (Engagement{1, 1, true}));
  // Messages were lost.
  ASSERT_TRUE(Await(first->engagement().Unlike(session, song)));
  EXPECT_EQ(ReadNow(*second, song), (Engagement{1, 1, false}));
  ASSERT_TRUE(Await(second->engagement().Compare()));
  EXPECT_EQ(ReadNow(*second, song), (Engagement{0, 1, false}));
}

TEST_P(RedisEngagementTest, WhatAFailoverLostIsLostHereToo) {
  const Target song = NewSong();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Like(*node_, NewSession(), song));
  // As an old replica would have it.
  Ask({"SET", LikesKey(song).str(), "2"});
  Ask({"SET", VersionKey(song).str(), "2"});
  ASSERT_TRUE(Await(node_->engagement().Compare()));
  EXPECT_EQ(ReadNow(*node_, song), (Engagement{2, 0, false}));
}

TEST_P(RedisEngagementTest, LikesStayInOrderAcrossNodes) {
  const auto other = NewNode();
  const SessionId session = NewSession();
  std::vector<ObjectId> expected;
  for (int i = 0; i < 20; ++i) {
    const Target song = NewSong();
    expected.push_back(song.id);
    ASSERT_TRUE(Like(i % 2 ? *node_ : *other, session, song));
  }
  EXPECT_EQ(Await(other->engagement().Liked(session)).value().songs, expected);
}

// Several threads with a loop each, random operations against a plain model; `disturb` is called
// while they run. A session belongs to one of them; a write whose answer was lost is repeated until
// it is settled.
struct Disturbed {
  std::map<Target, std::int64_t> likes, plays;
  int unavailable = 0, wrong = 0;
};

Task<void> Storm(RedisEngagement& engagement, std::vector<Target> targets, std::uint64_t seed,
                 int steps, Disturbed& out, std::atomic<int>& done) {
  SeededRandom random(seed);
  std::vector<SessionId> sessions;
  for (int i = 0; i < 5; ++i) sessions.push_back(SessionId::Make(random));
  std::map<SessionId, std::set<Target>> liked;
  for (int step = 0; step < steps; ++step, ++done) {
    const SessionId session = sessions[random.Below(sessions.size())];
    const Target target = targets[random.Below(targets.size())];
    const std::uint64_t kind = random.Below(20);
    std::set<Target>& mine = liked[session];
    bool lost = false;
    for (;;) {
      ErrorCode code = ErrorCode::kInternal;
      bool good = false;
      if (kind == 0) {
        const auto result = co_await engagement.Forget(session);
        good = result.has_value();
        if (!good) code = result.error().code;
      } else if (kind < 5) {
        const auto result =
            co_await engagement.Count(target, &session, "step " + std::to_string(step));
        good = result.has_value();
        if (!good) code = result.error().code;
      } else if (kind < 11) {
        const auto result = co_await engagement.Unlike(session, target);
        good = result.has_value();
        if (!good) code = result.error().code;
      } else {
        const auto result = co_await engagement.Like(session, target);
        good = result.has_value();
        if (!good) code = result.error().code;
      }
      if (!good && code == ErrorCode::kUnavailable) {
        lost = true;
        ++out.unavailable;
        continue;
      }
      if (kind == 0) {
        for (const Target& gone : mine) --out.likes[gone];
        mine.clear();
      } else if (kind < 5) {
        ++out.plays[target];
      } else if (kind < 11) {
        const bool was = mine.erase(target) > 0;
        if (was) --out.likes[target];
        // After a lost answer "not liked" may be what the lost one did.
        if (good != was && !(lost && was)) ++out.wrong;
      } else {
        const bool fresh = mine.insert(target).second;
        if (fresh) ++out.likes[target];
        if (good != fresh && !(lost && fresh)) ++out.wrong;
      }
      break;
    }
  }
}

Disturbed RunStorm(RedisStores& node, const std::vector<Target>& targets, int steps,
                   const std::function<void()>& disturb) {
  constexpr int kThreads = 3;
  std::array<Disturbed, kThreads> results;
  std::atomic<int> done{0}, finished{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      boost::asio::io_context io{1};
      bool over = false;
      boost::asio::co_spawn(io,
                            Storm(node.engagement(), targets, static_cast<std::uint64_t>(i) + 1,
                                  steps, results[static_cast<std::size_t>(i)], done),
                            [&](const std::exception_ptr& failure) {
                              EXPECT_FALSE(failure);
                              over = true;
                            });
      while (!over && io.run_one() > 0) {
      }
      node.clients().Leave(io);
      ++finished;
    });
  }
  int disturbed_at = 0;
  EXPECT_TRUE(Eventually([&] {
    if (done >= disturbed_at + 40 && finished < kThreads) {
      disturbed_at = done;
      disturb();
    }
    return finished == kThreads;
  }));
  for (std::thread& thread : threads) thread.join();
  Disturbed all;
  for (const Disturbed& one : results) {
    for (const auto& [target, likes] : one.likes) all.likes[target] += likes;
    for (const auto& [target, plays] : one.plays) all.plays[target] += plays;
    all.unavailable += one.unavailable;
    all.wrong += one.wrong;
  }
  return all;
}

TEST_P(RedisEngagementTest, ManyClientsAgreeWithAPlainModel) {
  std::vector<Target> targets;
  for (int i = 0; i < 8; ++i) targets.push_back(NewSong());
  const Disturbed model = RunStorm(*node_, targets, 400, [] {});
  EXPECT_EQ(model.unavailable, 0);
  EXPECT_EQ(model.wrong, 0);
  for (const Target& target : targets) {
    const auto found = model.likes.find(target);
    const std::int64_t likes = found == model.likes.end() ? 0 : found->second;
    EXPECT_EQ(Ask({"ZCARD", LikersKey(target).str()}), std::to_string(likes));
    EXPECT_EQ(Ask({"GET", LikesKey(target).str()}), std::to_string(likes));
    EXPECT_EQ(Ask({"GET", PlaysKey(target).str()}), std::to_string(model.plays.at(target)));
    EXPECT_EQ(ReadNow(*node_, target), (Engagement{likes, model.plays.at(target), false}));
  }
}

TEST_P(RedisEngagementTest, WithConnectionsKilledRetriesSettleOnOneOutcome) {
  std::vector<Target> targets;
  for (int i = 0; i < 8; ++i) targets.push_back(NewSong());
  int kills = 0;
  const Disturbed model = RunStorm(*node_, targets, 400, [&] {
    for (RedisServer* server : redis_->servers) server->Ask({"CLIENT", "KILL", "TYPE", "normal"});
    ++kills;
  });
  EXPECT_GT(kills, 3);
  EXPECT_EQ(model.wrong, 0);
  for (const Target& target : targets) {
    const auto found = model.likes.find(target);
    const std::int64_t likes = found == model.likes.end() ? 0 : found->second;
    EXPECT_EQ(Ask({"ZCARD", LikersKey(target).str()}), std::to_string(likes));
    EXPECT_EQ(Ask({"GET", LikesKey(target).str()}), std::to_string(likes));
    EXPECT_EQ(Ask({"GET", PlaysKey(target).str()}), std::to_string(model.plays.at(target)));
  }
  ASSERT_TRUE(Await(node_->engagement().Compare()));
  for (const Target& target : targets) {
    EXPECT_EQ(ReadNow(*node_, target)->plays, model.plays.at(target));
  }
}

// ---- A Redis that goes away.

class RedisAwayTest : public RedisEngagementTest {
 protected:
  void SetUp() override {
    server_ = std::make_unique<RedisServer>(
        std::vector<std::string>{"--appendonly", "yes", "--appendfsync", "always"});
    own_.url.hosts = {server_->endpoint()};
    own_.servers = {server_.get()};
    redis_ = &own_;
    node_ = NewNode();
    node_->MarkBuilt();
  }
  std::unique_ptr<RedisServer> server_;
  TestRedis own_;
};

INSTANTIATE_TEST_SUITE_P(Redis, RedisAwayTest, testing::Values(false),
                         [](const auto&) { return "Single"; });

TEST_P(RedisAwayTest, ReadsGoOnAndLikesAreUnavailableUntilItIsBack) {
  const Target song = NewSong(), unheard_of = NewSong();
  const SessionId session = NewSession(), stranger = NewSession();
  ASSERT_TRUE(Like(*node_, session, song));
  EXPECT_EQ(Read(*node_, song, &session), (Engagement{1, 0, true}));
  server_->Kill();
  EXPECT_EQ(ReadNow(*node_, song), (Engagement{1, 0, false}));
  EXPECT_EQ(ReadNow(*node_, song, &session), (Engagement{1, 0, true}));
  EXPECT_EQ(Read(*node_, song, &stranger), (Engagement{1, 0, false}));
  EXPECT_EQ(Read(*node_, unheard_of), (Engagement{0, 0, false}));
  // Having failed once it does not wait again.
  EXPECT_EQ(ReadNow(*node_, song, &stranger), (Engagement{1, 0, false}));
  const auto refused = Like(*node_, stranger, song);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_GE(refused.error().retry_after_s, 1);
  EXPECT_TRUE(Eventually([&] { return !node_->clients().health().up; }));

  server_->Start();
  EXPECT_TRUE(Eventually([&] { return Like(*node_, stranger, song).has_value(); }, Millis(5'000)));
  EXPECT_TRUE(Eventually([&] { return node_->clients().health().up; }, Millis(5'000)));
  EXPECT_EQ(Read(*node_, song, &stranger), (Engagement{2, 0, true}));
}

TEST_P(RedisAwayTest, ALikeIsAcknowledgedWhenTheReplicasHaveIt) {
  RedisStoresOptions options;
  options.replicas = 1;
  const auto careful = std::make_unique<RedisStores>(own_.url, clock_, catalogue_, options);
  const Target song = NewSong();
  const SessionId session = NewSession();
  const auto refused = Like(*careful, session, song);
  ASSERT_FALSE(refused) << "there is no replica";
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Like(*careful, session, song).error().code, ErrorCode::kUnavailable)
      << "what is found done is not proven either";
  RedisServer replica({"--replicaof", "127.0.0.1", std::to_string(server_->port()),
                       "--repl-diskless-sync-delay", "0"});
  ASSERT_TRUE(
      Eventually([&] { return replica.Info("replication", "master_link_status") == "up"; }));
  // A replica that has just synchronised gets its first command only after its next regular word.
  EXPECT_TRUE(Eventually([&] {
    const auto again = Like(*careful, session, song);
    return !again && again.error().code == ErrorCode::kAlreadyLiked;
  }));
  EXPECT_EQ(replica.Ask({"GET", LikesKey(song).str()}), "1");
  const Target other = NewSong();
  EXPECT_TRUE(Eventually([&] { return Like(*careful, NewSession(), other).has_value(); }));
  EXPECT_EQ(Like(*careful, NewSession(), song).value(), 2);
  EXPECT_EQ(replica.Ask({"GET", LikesKey(song).str()}), "2");
}

TEST_P(RedisAwayTest, AFullRedisRefusesWholeLikes) {
  const Target song = NewSong();
  ASSERT_TRUE(Like(*node_, NewSession(), song));
  server_->Ask({"CONFIG", "SET", "maxmemory", "1mb"});
  EXPECT_EQ(Like(*node_, NewSession(), song).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Ask({"GET", LikesKey(song).str()}), "1");
  EXPECT_EQ(Ask({"ZCARD", LikersKey(song).str()}), "1");
  server_->Ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(Like(*node_, NewSession(), song).value(), 2);
}

}  // namespace
}  // namespace popradio::store::distributed
