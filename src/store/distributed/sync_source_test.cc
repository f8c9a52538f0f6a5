#include "store/distributed/sync_source.h"

#include <gtest/gtest.h>

#include "store/distributed/redis_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;

class SyncSourceTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    redis_ = GetParam() ? &ClusterRedis() : &SingleRedis();
    redis_->Empty();
    node_ = std::make_unique<RedisStores>(redis_->url, clock_, catalogue_);
    node_->MarkBuilt();
    source_ = std::make_unique<SyncSource>(node_->clients());
  }
  Target NewSong() { return {TargetType::kSong, ObjectId::Make(clock_.Now(), random_)}; }

  contract::ManualClock clock_{contract::Start()};
  SeededRandom random_{5};
  MemoryCatalogue catalogue_;
  const TestRedis* redis_ = nullptr;
  std::unique_ptr<RedisStores> node_;
  std::unique_ptr<SyncSource> source_;
};

INSTANTIATE_TEST_SUITE_P(Redis, SyncSourceTest, testing::Values(false, true),
                         [](const auto& test) { return test.param ? "Cluster" : "Single"; });

TEST_P(SyncSourceTest, WhatChangedIsDirtyUntilThatVersionWasWritten) {
  const Target song = NewSong();
  const int partition = PartitionOf(song);
  auto& engagement = node_->engagement();
  ASSERT_TRUE(Await(engagement.Like(SessionId::Make(random_), song)));
  ASSERT_TRUE(Await(engagement.Count(song, nullptr, std::nullopt)));
  ASSERT_TRUE(Await(engagement.Count(song, nullptr, std::nullopt)));
  EXPECT_EQ(Await(source_->DirtyCount()).value(), 1);
  const auto dirty = Await(source_->Dirty(partition)).value();
  EXPECT_EQ(dirty, (std::vector<CountedTarget>{{song, 1, 2, 3}}));
  // It changes again while it is being written.
  ASSERT_TRUE(Await(engagement.Count(song, nullptr, std::nullopt)));
  ASSERT_TRUE(Await(source_->Clean(dirty)));
  EXPECT_EQ(Await(source_->Dirty(partition)).value(),
            (std::vector<CountedTarget>{{song, 1, 3, 4}}));
  ASSERT_TRUE(Await(source_->Clean(song, 4)));
  EXPECT_TRUE(Await(source_->Dirty(partition)).value().empty());
  ASSERT_TRUE(Await(source_->Clean(song, 4))) << "a worker that was killed repeats it";
}

TEST_P(SyncSourceTest, TheOutboxIsReadInOrderAndTrimmed) {
  const Target song = NewSong();
  const int partition = PartitionOf(song);
  auto& engagement = node_->engagement();
  const SessionId a = SessionId::Make(random_), b = SessionId::Make(random_);
  ASSERT_TRUE(Await(engagement.Like(a, song)));
  ASSERT_TRUE(Await(engagement.Like(b, song)));
  ASSERT_TRUE(Await(engagement.Unlike(a, song)));
  redis_->Ask({"XADD", OutboxKey(partition).str(), "*", "somebody", "else's"});
  const auto first = Await(source_->ReadOutbox(partition, 2)).value();
  ASSERT_EQ(first.entries.size(), 2u);
  EXPECT_EQ(first.entries[0].session, a);
  EXPECT_TRUE(first.entries[0].liked);
  EXPECT_EQ(first.entries[0].target, song);
  EXPECT_EQ(first.entries[0].version, 1);
  EXPECT_NEAR(static_cast<double>(first.entries[0].at_ms),
              static_cast<double>(ToEpochMs(SystemClock().Now())), 60'000);
  EXPECT_EQ(first.last_id, first.entries[1].id);
  EXPECT_EQ(Await(source_->OutboxLength()).value(), 4);
  ASSERT_TRUE(Await(source_->TrimOutbox(partition, first.last_id)));
  const auto rest = Await(source_->ReadOutbox(partition, 100)).value();
  ASSERT_EQ(rest.entries.size(), 1u) << "the foreign one is left out";
  EXPECT_FALSE(rest.entries[0].liked);
  EXPECT_EQ(rest.entries[0].session, a);
  EXPECT_NE(rest.last_id, rest.entries[0].id);
  ASSERT_TRUE(Await(source_->TrimOutbox(partition, rest.last_id)));
  EXPECT_TRUE(Await(source_->ReadOutbox(partition, 100)).value().last_id.empty());
}

TEST_P(SyncSourceTest, ADaysCountsAreThere) {
  const Target song = NewSong();
  const Target list{TargetType::kPlaylist, song.id};
  auto& engagement = node_->engagement();
  ASSERT_TRUE(Await(engagement.Like(SessionId::Make(random_), song)));
  ASSERT_TRUE(Await(engagement.Count(song, nullptr, std::nullopt)));
  ASSERT_TRUE(Await(engagement.Count(list, nullptr, std::nullopt)));
  EXPECT_EQ(Await(source_->Day(clock_.Now(), PartitionOf(song))).value(),
            (std::vector<DayCount>{{song, 1, 1}, {list, 1, 0}}));
  EXPECT_TRUE(
      Await(source_->Day(clock_.Now() + std::chrono::days(1), PartitionOf(song))).value().empty());
}

TEST(SyncSourceAloneTest, WhatNoReplicaHasIsNotReadYet) {
  contract::ManualClock clock{contract::Start()};
  SeededRandom random{6};
  MemoryCatalogue catalogue;
  redis::RedisServer server({"--appendonly", "yes"});
  redis::RedisUrl url;
  url.hosts = {server.endpoint()};
  RedisStores careless(url, clock, catalogue);
  careless.MarkBuilt();
  RedisStoresOptions options;
  options.replicas = 1;
  RedisStores careful(url, clock, catalogue, options);
  SyncSource source(careful.clients());
  const Target song{TargetType::kSong, ObjectId::Make(clock.Now(), random)};
  const int partition = PartitionOf(song);
  ASSERT_TRUE(Await(careless.engagement().Like(SessionId::Make(random), song)));
  EXPECT_EQ(Await(source.ReadOutbox(partition, 10)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Await(source.Dirty(partition)).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(Await(source.ReadOutbox((partition + 1) % kPartitions, 10)))
      << "where nothing waits there is nothing to prove";

  redis::RedisServer replica({"--replicaof", "127.0.0.1", std::to_string(server.port()),
                              "--repl-diskless-sync-delay", "0"});
  ASSERT_TRUE(
      redis::Eventually([&] { return replica.Info("replication", "master_link_status") == "up"; }));
  EXPECT_TRUE(
      redis::Eventually([&] { return Await(source.ReadOutbox(partition, 10)).has_value(); }));
  EXPECT_EQ(Await(source.ReadOutbox(partition, 10)).value().entries.size(), 1u);
  EXPECT_EQ(Await(source.Dirty(partition)).value(), (std::vector<CountedTarget>{{song, 1, 0, 1}}));
}

}  // namespace
}  // namespace popradio::store::distributed
