// Sessions, visits, caches and the check, as they lie in Redis.
#include <gtest/gtest.h>

#include "store/distributed/redis_cache.h"
#include "store/distributed/redis_check.h"
#include "store/distributed/redis_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;
using redis::Eventually;
using redis::RedisServer;

class RedisDataTest : public testing::Test {
 protected:
  void SetUp() override {
    SingleRedis().Empty();
    node_ = std::make_unique<RedisStores>(SingleRedis().url, clock_, catalogue_);
  }
  static std::string Ask(const std::vector<std::string>& command) {
    return SingleRedis().Ask(command);
  }
  // What the check says of a server, one sentence a line.
  std::string Check(const redis::RedisUrl& url, int replicas = 0) {
    redis::ClientOptions options;
    options.replicas = replicas;
    const SystemClock clock;
    auto clients = RedisClients::Open(url, options, clock, random_);
    if (!clients) return clients.error().message;
    std::string sentences;
    for (const RedisFinding& finding : Await(CheckRedis(**clients))) {
      sentences += (finding.error ? "error: " : "warning: ") + finding.sentence + "\n";
    }
    return sentences;
  }
  std::string Check(const RedisServer& server, const std::string& password = "", int replicas = 0) {
    redis::RedisUrl url;
    url.hosts = {server.endpoint()};
    url.password = password;
    return Check(url, replicas);
  }

  contract::ManualClock clock_{contract::Start()};
  SeededRandom random_{3};
  MemoryCatalogue catalogue_;
  std::unique_ptr<RedisStores> node_;
};

TEST_F(RedisDataTest, ASessionIsTheDocumentsHash) {
  const SessionId session = SessionId::Make(random_);
  node_->sessions().Touch(session, clock_.Now());
  clock_.Advance(std::chrono::seconds(5));
  node_->sessions().Touch(session, clock_.Now());
  ASSERT_TRUE(Await(node_->sessions().Flush(true)));
  const std::string key = SessionKey(session).str();
  const std::int64_t start_ms = ToEpochMs(contract::Start());
  EXPECT_EQ(Ask({"HGET", key, "sessionId"}), session.ToString());
  EXPECT_EQ(Ask({"HGET", key, "createdAt"}), std::to_string(start_ms));
  EXPECT_EQ(Ask({"HGET", key, "lastActivity"}), std::to_string(start_ms + 5'000));
  EXPECT_NEAR(std::atoi(Ask({"TTL", key}).c_str()), 30 * 24 * 3600, 60);
}

TEST_F(RedisDataTest, ASessionIsWrittenOnceAMinuteAtMost) {
  const SessionId session = SessionId::Make(random_);
  node_->sessions().Touch(session, clock_.Now());
  ASSERT_TRUE(Await(node_->sessions().Flush(false)));
  Ask({"CONFIG", "RESETSTAT"});
  for (int second = 0; second < 59; ++second) {
    clock_.Advance(std::chrono::seconds(1));
    node_->sessions().Touch(session, clock_.Now());
    ASSERT_TRUE(Await(node_->sessions().Flush(false)));
  }
  const std::string key = SessionKey(session).str();
  EXPECT_EQ(Ask({"HGET", key, "lastActivity"}), std::to_string(ToEpochMs(contract::Start())));
  clock_.Advance(std::chrono::seconds(1));
  ASSERT_TRUE(Await(node_->sessions().Flush(false)));
  EXPECT_EQ(Ask({"HGET", key, "lastActivity"}),
            std::to_string(ToEpochMs(contract::Start()) + 59'000));
}

// Written by the dozen, each keeps its own moments, whether new, known or long gone.
TEST_F(RedisDataTest, ManySessionsOfOneFlushAreEachWrittenAsTheyAre) {
  const auto touch = [&](const SessionId& session) {
    node_->sessions().Touch(session, clock_.Now());
    clock_.Advance(Millis(1));
  };
  const auto moments = [&](const SessionId& session) {
    return Ask({"HGET", SessionKey(session).str(), "createdAt"}) + " " +
           Ask({"HGET", SessionKey(session).str(), "lastActivity"});
  };
  const auto text = [](Instant first, Instant last) {
    return std::to_string(ToEpochMs(first)) + " " + std::to_string(ToEpochMs(last));
  };
  const SessionId known = SessionId::Make(random_), gone = SessionId::Make(random_);
  const Instant began = clock_.Now();
  touch(known);
  touch(gone);
  ASSERT_TRUE(Await(node_->sessions().Flush(true)));
  // As if this Redis had kept it for longer than it should.
  Ask({"HSET", SessionKey(gone).str(), "lastActivity", "1000"});

  std::vector<SessionId> newcomers;
  const Instant again = clock_.Now();
  touch(known);
  touch(gone);
  const Instant first_newcomer = clock_.Now();
  for (int i = 0; i < 150; ++i) {
    newcomers.push_back(SessionId::Make(random_));
    touch(newcomers.back());
  }
  Ask({"CONFIG", "RESETSTAT"});
  ASSERT_TRUE(Await(node_->sessions().Flush(true)));
  EXPECT_EQ(moments(known), text(began, again));
  EXPECT_EQ(moments(gone), text(again + Millis(1), again + Millis(1)));
  for (std::size_t i = 0; i < newcomers.size(); ++i) {
    const Instant moment = first_newcomer + Millis(static_cast<std::int64_t>(i));
    EXPECT_EQ(moments(newcomers[i]), text(moment, moment));
    EXPECT_EQ(Ask({"HGET", SessionKey(newcomers[i]).str(), "sessionId"}), newcomers[i].ToString());
  }
  // 152 of them in three scripts.
  EXPECT_NE(Ask({"INFO", "commandstats"}).find("cmdstat_evalsha:calls=3,"), std::string::npos);
}

TEST_F(RedisDataTest, VisitorsOfTwoNodesAreCountedOnce) {
  RedisStores other(SingleRedis().url, clock_, catalogue_);
  for (int i = 0; i < 30; ++i) {
    const SessionId session = SessionId::Make(random_);
    node_->analytics().Visit(session, clock_.Now());
    other.analytics().Visit(session, clock_.Now());
  }
  ASSERT_TRUE(Await(other.analytics().Flush()));
  EXPECT_NEAR(
      static_cast<double>(Await(node_->analytics().Day(clock_.Now())).value().unique_visitors), 30,
      1);
  // The salt goes with the day, and no session can be found.
  EXPECT_NEAR(std::atoi(Ask({"TTL", VisitorsSaltKey(clock_.Now()).str()}).c_str()), 2 * 24 * 3600,
              60);
  EXPECT_NEAR(std::atoi(Ask({"TTL", VisitorsKey(clock_.Now()).str()}).c_str()), 40 * 24 * 3600, 60);
}

TEST_F(RedisDataTest, CachesHaveTheDocumentsTimes) {
  RedisCache cache(node_->clients());
  const ObjectId id = ObjectId::Make(clock_.Now(), random_), absent = {};
  EXPECT_EQ(Await(cache.Popular()).value(), std::nullopt);
  cache.PutPopular("[1]");
  cache.PutFeatured("[2]");
  cache.PutSongs({{id, "{}"}});
  EXPECT_TRUE(Eventually([&] {
    return Ask({"EXISTS", "cache:songs:popular", "cache:playlists:featured",
                SongCacheKey(id).str()}) == "3";
  }));
  EXPECT_EQ(Await(cache.Popular()).value(), "[1]");
  EXPECT_EQ(Await(cache.Featured()).value(), "[2]");
  EXPECT_EQ(Await(cache.Songs({id, absent})).value(),
            (std::map<ObjectId, std::string>{{id, "{}"}}));
  EXPECT_NEAR(std::atoi(Ask({"TTL", "cache:songs:popular"}).c_str()), 300, 10);
  EXPECT_NEAR(std::atoi(Ask({"TTL", "cache:playlists:featured"}).c_str()), 600, 10);
  EXPECT_NEAR(std::atoi(Ask({"TTL", SongCacheKey(id).str()}).c_str()), 3'600, 10);
}

TEST_F(RedisDataTest, AGoodRedisPassesTheCheck) {
  const RedisServer server({"--appendonly", "yes"});
  EXPECT_EQ(Check(server), "");
}

TEST_F(RedisDataTest, WhatIsWrongWithARedisIsSaid) {
  const RedisServer careless({"--maxmemory-policy", "allkeys-lru"});
  const std::string said = Check(careless);
  EXPECT_NE(said.find("allkeys-lru"), said.npos) << said;
  EXPECT_NE(said.find("appendonly yes"), said.npos) << said;
  const RedisServer lazy({"--appendonly", "yes", "--appendfsync", "no"});
  EXPECT_TRUE(Check(lazy).starts_with("warning: ")) << Check(lazy);
  const RedisServer alone({"--appendonly", "yes"});
  EXPECT_NE(Check(alone, "", 1).find("has 0 replicas"), std::string::npos);
  // Where CONFIG is forbidden INFO says enough.
  const RedisServer managed({"--rename-command", "CONFIG", "", "--maxmemory-policy", "volatile-ttl",
                             "--appendonly", "yes"});
  EXPECT_NE(Check(managed).find("volatile-ttl"), std::string::npos);
}

TEST_F(RedisDataTest, AServerThatCannotBeAskedIsToldApart) {
  const RedisServer guarded({"--requirepass", "secret", "--appendonly", "yes"});
  EXPECT_EQ(Check(guarded, "secret"), "");
  const std::string wrong = Check(guarded, "guess");
  EXPECT_NE(wrong.find("password"), wrong.npos) << wrong;
  EXPECT_EQ(wrong.find("guess"), wrong.npos) << "no secrets: " << wrong;
  EXPECT_NE(Check(guarded).find("password"), std::string::npos) << Check(guarded);
  redis::RedisUrl nobody;
  nobody.hosts = {{"127.0.0.1", 1}};
  EXPECT_NE(Check(nobody).find("Check the address"), std::string::npos) << Check(nobody);
  redis::RedisUrl member;
  member.hosts = {ClusterRedis().servers[0]->endpoint()};
  EXPECT_NE(Check(member).find("cluster=true"), std::string::npos) << Check(member);
}

}  // namespace
}  // namespace popradio::store::distributed
