#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "store/contract/harness.h"
#include "store/distributed/keys.h"
#include "store/distributed/mongo/mongo_testing.h"
#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/redis/redis_testing.h"
#include "sync/sync_metrics.h"
#include "sync/sync_worker.h"

// Likers, counters and MongoDB on real servers, with differences of each kind planted.
namespace popradio::sync {
namespace {

using mongo::Document;
using store::contract::Await;
using store::distributed::LikerChange;
using store::distributed::MongoLikers;
using store::distributed::TargetCounts;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CountsCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.redis = "redis://" + redis_.endpoint().ToString();
    options_.mongo = database_.url();
    node_ = OpenNode();
    Song song;
    song.id = ObjectId::Make(clock_.Now(), random_);
    song.title = "Love Story";
    song.duration_s = 200;
    song.base_likes = 1'000;
    song_ = {TargetType::kSong, song.id};
    ASSERT_TRUE(
        Await(node_->catalogue().Update([&](const Catalogue&) -> Result<store::CatalogueChange> {
          return {{{song}, {}}};
        })));
    for (int i = 0; i < 6; ++i) {
      fans_.push_back(SessionId::Make(random_));
      ASSERT_TRUE(Await(node_->engagement().Like(fans_.back(), song_)));
      ASSERT_TRUE(Await(node_->engagement().Count(song_, nullptr, std::nullopt)));
    }
    worker_ = OpenWorker();
    ASSERT_TRUE(worker_->SyncOnce());
  }
  std::unique_ptr<store::Backend> OpenNode() {
    auto node = store::OpenDistributed(options_, clock_, random_);
    if (!node) throw std::runtime_error(node.error().message);
    return *std::move(node);
  }
  std::unique_ptr<SyncWorker> OpenWorker() {
    auto worker = SyncWorker::Open(options_, clock_, random_);
    if (!worker) throw std::runtime_error(worker.error().message);
    return *std::move(worker);
  }
  std::string Ask(const char* name, const std::string& key,
                  const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> command{name, key};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return redis_.Ask(command);
  }
  std::string Key(const char* what) { return store::distributed::TargetKey(song_, what).str(); }
  store::CountsReport Check(bool repair) {
    auto report = worker_->Check(repair);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(store::CountsReport());
  }
  // It is told, once, by a sentence that holds `what`; looking alone changes nothing, putting right
  // does, and everything says so many likes afterwards.
  void ExpectFoundAndMended(const std::string& what, std::int64_t likes) {
    for (int i = 0; i < 2; ++i) {
      const store::CountsReport looked = Check(/*repair=*/false);
      ASSERT_EQ(looked.found, 1);
      EXPECT_THAT(looked.differences[0].sentence, HasSubstr(what));
      EXPECT_THAT(looked.differences[0].sentence, HasSubstr("\"Love Story\""));
      EXPECT_FALSE(looked.differences[0].repaired);
    }
    const store::CountsReport mended = Check(/*repair=*/true);
    ASSERT_EQ(mended.found, 1);
    EXPECT_EQ(mended.repaired, 1);
    ExpectAllAgree(likes);
    ASSERT_TRUE(worker_->SyncOnce());
    ExpectAllAgree(likes);
    // And counting goes on.
    EXPECT_EQ(Await(node_->engagement().Like(SessionId::Make(random_), song_)).value(),
              1'000 + likes + 1);
    ASSERT_TRUE(worker_->SyncOnce());
    ExpectAllAgree(likes + 1);
  }
  void ExpectAllAgree(std::int64_t likes) {
    EXPECT_THAT(Check(false).differences, IsEmpty());
    MongoLikers likers(database_.pool());
    EXPECT_EQ(Await(likers.Count(song_)).value_or(-1), likes);
    const auto counts = Await(likers.ReadCounts({song_}));
    ASSERT_TRUE(counts);
    EXPECT_EQ(counts->front().likes, likes);
    EXPECT_EQ(counts->front().plays, 6);
    EXPECT_EQ(Ask("ZCARD", Key(":likers")), std::to_string(likes));
    EXPECT_EQ(Ask("GET", Key(":likes")), std::to_string(likes));
  }
  void InMongo(const char* collection, const Document& filter, const Document& update) {
    const auto done = database_.Do<mongo::Written>(
        [&](mongo::Database& database) { return database.Update(collection, filter, update); });
    ASSERT_TRUE(done);
    ASSERT_EQ(done->matched, 1);
  }

  const SystemClock clock_;
  SystemRandom random_;
  redis::RedisServer redis_{{"--appendonly", "yes"}};
  mongo::TestDatabase database_;
  store::DistributedOptions options_;
  std::unique_ptr<store::Backend> node_;
  std::unique_ptr<SyncWorker> worker_;
  Target song_;
  std::vector<SessionId> fans_;
};

TEST_F(CountsCheckTest, WhatAgreesIsSaidSo) {
  const store::CountsReport report = Check(true);
  EXPECT_EQ(report.targets, 1);
  EXPECT_EQ(report.likes, 6);
  EXPECT_THAT(report.differences, IsEmpty());
  const auto by_node = Await(node_->CheckCounts(true));
  ASSERT_TRUE(by_node);
  EXPECT_EQ(by_node->found, 0);
  EXPECT_EQ(by_node->likes, 6);
}

TEST_F(CountsCheckTest, ACounterThatIsNotItsSet) {
  EXPECT_EQ(Ask("SET", Key(":likes"), {"8"}), "OK");
  ExpectFoundAndMended("Redis counts 8 likes and knows 6 likers", 6);
}

TEST_F(CountsCheckTest, ALikerThatMongoDbDoesNotKnow) {
  const auto gone = database_.Do<mongo::Written>([&](mongo::Database& database) {
    return database.DeleteMany(
        store::distributed::kLikers,
        Document{{"_id", "song:" + song_.id.ToHex() + ":" + fans_[2].ToString()}});
  });
  ASSERT_TRUE(gone);
  ASSERT_EQ(gone->deleted, 1);
  ExpectFoundAndMended("Redis knows a liker that MongoDB does not", 6);
  MongoLikers likers(database_.pool());
  const auto back = Await(likers.Find(song_, fans_[2]));
  ASSERT_TRUE(back && *back);
  EXPECT_LT(clock_.Now() - (*back)->at, std::chrono::minutes(5));
  EXPECT_LE((*back)->at, clock_.Now());
}

TEST_F(CountsCheckTest, ALikerThatRedisDoesNotKnow) {
  MongoLikers likers(database_.pool());
  ASSERT_TRUE(Await(likers.Write(
      {LikerChange{song_, SessionId::Make(random_), true, clock_.Now(), 1'000'000'000}})));
  ExpectFoundAndMended("MongoDB knows a liker that Redis does not", 6);
}

TEST_F(CountsCheckTest, OneLikerInThePlaceOfAnother) {
  MongoLikers likers(database_.pool());
  ASSERT_TRUE(
      Await(likers.Write({LikerChange{song_, SessionId::Make(random_), true, clock_.Now(), 3},
                          LikerChange{song_, fans_[0], false, clock_.Now(), 1'000}})));
  EXPECT_EQ(Check(true).repaired, 2);
  ExpectAllAgree(6);
}

TEST_F(CountsCheckTest, ADocumentThatSaysOtherwise) {
  InMongo(store::distributed::kSongs, Document{{"_id", song_.id}},
          Document{{"$set", Document{{"likes", std::int64_t{1'500}}}}});
  ExpectFoundAndMended("MongoDB says 500 likes and 6 plays, Redis 6 and 6", 6);
}

TEST_F(CountsCheckTest, AMarkThatIsMissing) {
  ASSERT_TRUE(Await(node_->engagement().Unlike(fans_[0], song_)));
  ASSERT_TRUE(worker_->Drain());
  EXPECT_EQ(Check(false).found, 0);  // the next round will write it
  EXPECT_EQ(Ask("DEL", store::distributed::DirtyKey(store::distributed::PartitionOf(song_)).str()),
            "1");
  ExpectFoundAndMended("changes that no sync would find", 5);
}

TEST_F(CountsCheckTest, AVersionThatFell) {
  EXPECT_EQ(Ask("SET", Key(":version"), {"2"}), "OK");
  ExpectFoundAndMended("MongoDB knows a later version than Redis", 6);
}

TEST_F(CountsCheckTest, WithoutRedisTheLikersOfMongoDbAreTheTruth) {
  node_.reset();  // or it would fill Redis again
  InMongo(store::distributed::kSongs, Document{{"_id", song_.id}},
          Document{{"$set", Document{{"likes", std::int64_t{1'002}}}}});
  EXPECT_EQ(redis_.Ask({"FLUSHALL"}), "OK");
  const store::CountsReport report = Check(true);
  ASSERT_EQ(report.found, 1);
  EXPECT_THAT(report.differences[0].sentence, HasSubstr("says 2 likes and knows 6 likers"));
  ASSERT_TRUE(worker_->SyncOnce());
  ASSERT_TRUE(worker_->SyncOnce());
  ExpectAllAgree(6);
}

TEST_F(CountsCheckTest, AStationThatRunsShowsNoDifferenceAndLosesNothing) {
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> likes{6}, plays{6};
  std::vector<std::thread> crowd;
  for (int i = 0; i < 2; ++i) {
    crowd.emplace_back([&] {
      SystemRandom random;
      while (!stop) {
        const SessionId fan = SessionId::Make(random);
        EXPECT_TRUE(Await(node_->engagement().Like(fan, song_)));
        if (random.Below(3) == 0) {
          EXPECT_TRUE(Await(node_->engagement().Unlike(fan, song_)));
        } else {
          ++likes;
        }
        EXPECT_TRUE(Await(node_->engagement().Count(song_, nullptr, std::nullopt)));
        ++plays;
      }
    });
  }
  const auto another = OpenWorker();
  for (int i = 0; i < 15; ++i) {
    const store::CountsReport report = Check(true);
    EXPECT_EQ(report.found, 0) << report.differences[0].sentence;
    if (i % 4 == 0) EXPECT_TRUE(another->SyncOnce());
  }
  stop = true;
  for (std::thread& one : crowd) one.join();
  ASSERT_TRUE(worker_->SyncOnce());
  EXPECT_EQ(Check(false).found, 0);
  MongoLikers likers(database_.pool());
  EXPECT_EQ(Await(likers.Count(song_)).value_or(-1), likes);
  EXPECT_EQ(Await(likers.ReadCounts({song_}))->front().plays, plays);
}

TEST_F(CountsCheckTest, OneOfManyWorkersChecksOnceANight) {
  const auto another = OpenWorker();
  const Instant night = *ParseIso8601("2026-02-03T03:20:00Z");
  const auto hours = [](int n) { return std::chrono::hours(n); };
  EXPECT_FALSE(worker_->CheckIfDue(night - hours(1), 3).value());  // too early
  EXPECT_FALSE(worker_->CheckIfDue(night + hours(3), 3).value());  // too late
  EXPECT_TRUE(worker_->CheckIfDue(night, 3).value());
  EXPECT_FALSE(another->CheckIfDue(night, 3).value());
  EXPECT_FALSE(worker_->CheckIfDue(night + hours(1), 3).value());
  EXPECT_TRUE(another->CheckIfDue(night + hours(24), 3).value());
  // One that died leaves it to another, as soon as its lock is gone.
  const std::string key = store::distributed::CheckKey(night + hours(48)).str();
  EXPECT_EQ(Ask("SET", key, {"running", "EX", std::to_string(kCheckLockSeconds)}), "OK");
  EXPECT_FALSE(worker_->CheckIfDue(night + hours(48), 3).value());
  EXPECT_EQ(Ask("DEL", key), "1");
  EXPECT_TRUE(worker_->CheckIfDue(night + hours(48), 3).value());
  EXPECT_EQ(Ask("GET", key), "done");
}

TEST_F(CountsCheckTest, TheFiguresSayWhatWaitsAndWhatWasDone) {
  const auto figure = [&](const std::string& name) {
    const std::string text = "\n" + worker_->Metrics();
    const std::size_t at = text.find("\npopradio_sync_" + name + " ");
    EXPECT_NE(at, text.npos) << name;
    return at == text.npos ? -1 : std::stod(text.substr(at + name.size() + 16));
  };
  EXPECT_EQ(figure("rounds_total"), 1);
  EXPECT_EQ(figure("rows_written_total{what=\"likers\"}"), 6);
  EXPECT_EQ(figure("rows_written_total{what=\"songs\"}"), 1);
  EXPECT_EQ(figure("outbox_entries"), 0);
  EXPECT_EQ(figure("outbox_age_seconds"), 0);
  EXPECT_EQ(figure("dirty_targets"), 0);
  EXPECT_LT(figure("seconds_since_round"), 60);

  ASSERT_TRUE(Await(node_->engagement().Unlike(fans_[0], song_)));
  ASSERT_TRUE(worker_->Drain());
  EXPECT_EQ(figure("rows_written_total{what=\"likers\"}"), 7);
  EXPECT_EQ(figure("dirty_targets"), 1);
  Check(true);
  EXPECT_EQ(figure("check_differences_total"), 0);
  redis_.Kill();
  EXPECT_FALSE(worker_->Drain());
  EXPECT_FALSE(worker_->SyncOnce());
  EXPECT_GE(figure("errors_total{what=\"drain\"}"), 1);
  EXPECT_EQ(figure("errors_total{what=\"round\"}"), 1);
  EXPECT_EQ(figure("rounds_total"), 1);
}

TEST(SyncMetricsTest, WhatWaitsGrowsOlderWhileNobodyCanAsk) {
  const Instant start = *ParseIso8601("2026-02-03T03:20:00Z");
  SyncMetrics metrics(start);
  metrics.Waiting(3, start - Millis(2'500), 1);
  EXPECT_THAT(metrics.Text(start), HasSubstr("popradio_sync_outbox_age_seconds 2.5\n"));
  EXPECT_THAT(metrics.Text(start + Millis(60'000)),
              HasSubstr("popradio_sync_outbox_age_seconds 62.5\n"));
  EXPECT_THAT(metrics.Text(start + Millis(60'000)),
              HasSubstr("popradio_sync_seconds_since_round 60\n"));
  EXPECT_THAT(metrics.Text(start), Not(HasSubstr("check_timestamp")));
}

}  // namespace
}  // namespace popradio::sync
