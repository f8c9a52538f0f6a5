#include "sync/sync_worker.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "store/contract/harness.h"
#include "store/distributed/mongo/mongo_testing.h"
#include "store/distributed/mongo_catalogue.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/redis/redis_testing.h"

// A station of many machines whole: nodes as `serve` opens them, and the worker, on a real Redis
// and a real MongoDB.
namespace popradio::sync {
namespace {

using process_testing::Eventually;
using store::contract::Await;

store::Engagement NumbersAt(store::Backend& node, const Target& target,
                            const SessionId* session = nullptr) {
  store::Engagement numbers;
  if (!node.engagement().ReadNow(session, {&target, 1}, {&numbers, 1})) {
    EXPECT_TRUE(Await(node.engagement().Read(session, {&target, 1}, {&numbers, 1})));
  }
  return numbers;
}

class Distributed : public testing::Test {
 protected:
  void SetUp() override {
    options_.redis = "redis://" + redis_.endpoint().ToString();
    options_.mongo = database_.url();
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
  Target AddSong(store::Backend& node, std::int64_t base_likes = 0) {
    Song song;
    song.id = ObjectId::Make(clock_.Now(), random_);
    song.title = "Love Story";
    song.artist = "Taylor Swift";
    song.duration_s = 235;
    song.base_likes = base_likes;
    song.created_at = song.updated_at = clock_.Now();
    const auto added =
        Await(node.catalogue().Update([&](const Catalogue&) -> Result<store::CatalogueChange> {
          return {{{song}, {}}};
        }));
    EXPECT_TRUE(added);
    return {TargetType::kSong, song.id};
  }
  SessionId NewSession() { return SessionId::Make(random_); }
  // What MongoDB says, without the base.
  store::distributed::TargetCounts Stored(const Target& target) {
    store::distributed::MongoLikers likers(database_.pool());
    const auto counts = Await(likers.ReadCounts({target}));
    EXPECT_TRUE(counts);
    return counts ? counts->front() : store::distributed::TargetCounts{};
  }
  std::int64_t StoredLikers(const Target& target) {
    store::distributed::MongoLikers likers(database_.pool());
    return Await(likers.Count(target)).value_or(-1);
  }

  const SystemClock clock_;
  SystemRandom random_;
  redis::RedisServer redis_{{"--appendonly", "yes"}};
  mongo::TestDatabase database_;
  store::DistributedOptions options_;
};

TEST_F(Distributed, ALikeReachesMongoDbOnceHoweverOftenItIsSynced) {
  const auto node = OpenNode();
  const Target song = AddSong(*node, 100);
  const SessionId one = NewSession(), two = NewSession();
  EXPECT_EQ(Await(node->engagement().Like(one, song)).value(), 101);
  EXPECT_EQ(Await(node->engagement().Like(two, song)).value(), 102);
  EXPECT_EQ(Await(node->engagement().Unlike(one, song)).value(), 101);
  EXPECT_EQ(Await(node->engagement().Count(song, &one, "key")).value(), 1);

  const auto worker = OpenWorker(), another = OpenWorker();
  const auto report = worker->SyncOnce();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->songs, 1);
  EXPECT_EQ(report->likers, 3);
  for (SyncWorker* again : {another.get(), worker.get()}) {
    const auto nothing = again->SyncOnce();
    ASSERT_TRUE(nothing);
    EXPECT_EQ(nothing->songs + nothing->likers, 0);
  }
  EXPECT_EQ(Stored(song).likes, 1);
  EXPECT_EQ(Stored(song).plays, 1);
  EXPECT_EQ(StoredLikers(song), 1);
}

TEST_F(Distributed, AnEmptiedRedisIsFilledFromMongoDb) {
  auto node = OpenNode();
  const Target song = AddSong(*node, 10);
  std::vector<SessionId> fans;
  for (int i = 0; i < 20; ++i) {
    fans.push_back(NewSession());
    ASSERT_TRUE(Await(node->engagement().Like(fans.back(), song)));
  }
  ASSERT_TRUE(OpenWorker()->SyncOnce());
  EXPECT_EQ(redis_.Ask({"FLUSHALL"}), "OK");
  // The node notices by itself, and counts on from where it was.
  EXPECT_TRUE(Eventually([&] {
    const auto again = Await(node->engagement().Like(fans[0], song));
    return !again && again.error().code == ErrorCode::kAlreadyLiked;
  }));

  EXPECT_EQ(Await(node->engagement().Like(NewSession(), song)).value(), 31);
  EXPECT_EQ(NumbersAt(*node, song, &fans[3]), (store::Engagement{31, 0, true}));
  ASSERT_TRUE(OpenWorker()->SyncOnce());
  EXPECT_EQ(StoredLikers(song), 21);
  EXPECT_EQ(Stored(song).likes, 21);
}

TEST_F(Distributed, NodesHearOfEachOther) {
  const auto here = OpenNode(), there = OpenNode();
  std::atomic<int> heard{0};
  there->bus()->On("test", [&](std::string_view, std::string_view payload) {
    if (payload == "hello") ++heard;
  });
  here->bus()->Start();
  there->bus()->Start();
  EXPECT_TRUE(Eventually([&] {
    here->bus()->Send("test", "hello");
    return heard > 0;
  }));
  const Target song = AddSong(*here);
  EXPECT_TRUE(
      Eventually([&] { return there->catalogue().Current()->FindSong(song.id).has_value(); }));
  const SessionId fan = NewSession();
  ASSERT_EQ(NumbersAt(*there, song, &fan), (store::Engagement{0, 0, false}));
  ASSERT_TRUE(Await(here->engagement().Like(fan, song)));
  EXPECT_TRUE(Eventually([&] {
    return NumbersAt(*there, song, &fan) == store::Engagement{1, 0, true};
  }));
  EXPECT_EQ(here->StationSecret(), there->StationSecret());
}

TEST_F(Distributed, RedisAwayStopsWritesOnlyAndComesBackByItself) {
  const auto node = OpenNode();
  const Target song = AddSong(*node);
  ASSERT_TRUE(Await(node->engagement().Like(NewSession(), song)));
  redis_.Kill();
  EXPECT_TRUE(Eventually([&] { return !node->Health()[0].ok; }));
  EXPECT_EQ(NumbersAt(*node, song).likes, 1);
  EXPECT_EQ(Await(node->engagement().Like(NewSession(), song)).error().code,
            ErrorCode::kUnavailable);
  redis_.Start();
  EXPECT_TRUE(
      Eventually([&] { return Await(node->engagement().Like(NewSession(), song)).has_value(); }));
  EXPECT_TRUE(Eventually([&] { return node->Health()[0].ok; }));
}

TEST_F(Distributed, SaysWhatIsWrongWithTheServers) {
  options_.mongo.clear();
  EXPECT_NE(
      store::OpenDistributed(options_, clock_, random_).error().message.find("belong together"),
      std::string::npos);
  options_.mongo = database_.url();
  EXPECT_EQ(redis_.Ask({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}), "OK");
  EXPECT_NE(store::OpenDistributed(options_, clock_, random_).error().message.find("noeviction"),
            std::string::npos);
  const auto findings = store::CheckDistributed(options_, clock_, random_);
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(),
                          [](const store::Finding& finding) { return finding.error; }));
}

}  // namespace
}  // namespace popradio::sync
