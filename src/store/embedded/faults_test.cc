// What happens when the disk refuses: nothing acknowledged is lost, nothing refused is counted, and
// the station goes on by itself.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "store/embedded/embedded_testing.h"
#include "store/embedded/fault_vfs_testing.h"

namespace popradio::embedded {
namespace {

using store::Engagement;
using store::contract::Await;
using store::contract::AwaitAll;

class FaultTest : public testing::Test {
 protected:
  static store::EmbeddedOptions Options() {
    (void)Faults();
    store::EmbeddedOptions options;
    options.vfs = kFaultVfs;
    options.probe_interval_ms = 2;
    return options;
  }
  void TearDown() override { Faults().End(); }

  store::EngagementStore& engagement() { return harness_.backend().engagement(); }
  SessionId NewSession() { return SessionId::Make(random_); }
  Target NewTarget() {
    return {TargetType::kSong, ObjectId::Make(harness_.clock().Now(), random_)};
  }
  Engagement Read(const Target& target, const SessionId* session = nullptr) {
    Engagement result;
    EXPECT_TRUE(engagement().ReadNow(session, {&target, 1}, {&result, 1}));
    return result;
  }
  bool Healthy() { return harness_.backend().Health().at(0).ok; }
  // Waits until the writer's next attempt has succeeded; the probe interval is two milliseconds.
  bool ComesBack() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!Healthy() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    return Healthy();
  }

  EmbeddedHarness harness_{Options()};
  SeededRandom random_{5};
};

TEST_F(FaultTest, AFullDiskRefusesAndServiceResumesByItself) {
  const Target song = NewTarget();
  const SessionId before = NewSession(), during = NewSession();
  ASSERT_TRUE(Await(engagement().Like(before, song)));
  Faults().Begin(Fault::kFullOnWrite);
  for (int i = 0; i < 50; ++i) {
    const auto refused = Await(engagement().Like(during, song));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_GT(refused.error().retry_after_s, 0);
  }
  EXPECT_EQ(Read(song, &during), (Engagement{1, 0, false}));
  EXPECT_FALSE(Healthy());
  EXPECT_EQ(harness_.backend().Health().at(0).detail, "the disk is full");
  Faults().End();
  ASSERT_TRUE(ComesBack());
  EXPECT_EQ(Await(engagement().Like(during, song)).value(), 2);
  harness_.Restart();
  EXPECT_EQ(Read(song, &before), (Engagement{2, 0, true}));
}

TEST_F(FaultTest, AFullDiskIsNotAskedForEveryRequest) {
  const Target song = NewTarget();
  Faults().Begin(Fault::kFullOnWrite);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 2000; ++i) ASSERT_FALSE(Await(engagement().Like(NewSession(), song)));
  const auto elapsed = std::chrono::steady_clock::now() - begin;
  // One failed write a probe, and each probe makes at most two.
  const auto probes = elapsed / std::chrono::milliseconds(2) + 2;
  EXPECT_LE(Faults().happened, 2 * probes);
}

TEST_F(FaultTest, RepeatedKeysAreNotRememberedFromAFailedCommit) {
  const Target song = NewTarget();
  const SessionId session = NewSession();
  Faults().Begin(Fault::kFullOnWrite);
  ASSERT_FALSE(Await(engagement().Count(song, &session, "key")));
  Faults().End();
  ASSERT_TRUE(ComesBack());
  EXPECT_EQ(Await(engagement().Count(song, &session, "key")).value(), 1);
  EXPECT_EQ(Await(engagement().Count(song, &session, "key")).value(), 1);
}

TEST_F(FaultTest, EveryStoreRefusesWhileTheDiskIsFullAndTakesItAfterwards) {
  store::Backend& backend = harness_.backend();
  Comment comment;
  comment.id = ObjectId::Make(harness_.clock().Now(), random_);
  comment.target = NewTarget();
  comment.session = NewSession();
  comment.text = "hello";
  comment.created_at = harness_.clock().Now();
  Song song;
  song.id = comment.target.id;
  song.title = "t";
  const store::CatalogueStore::Edit add = [&](const Catalogue&) -> Result<store::CatalogueChange> {
    return store::CatalogueChange{{song}, {}};
  };
  const Slot slot{1,
                  song.id,
                  harness_.clock().Now(),
                  harness_.clock().Now() + std::chrono::minutes(1),
                  Why::kRotation,
                  false};
  Faults().Begin(Fault::kFullOnWrite);
  EXPECT_FALSE(Await(backend.comments().Add(comment)));
  EXPECT_FALSE(Await(backend.catalogue().Update(add)));
  EXPECT_FALSE(Await(backend.timeline().Replace(0, 1, {slot})));
  EXPECT_TRUE(backend.catalogue().Current()->songs().empty());
  EXPECT_TRUE(
      Await(backend.comments().List(comment.target, std::nullopt, 5)).value().comments.empty());
  Faults().End();
  ASSERT_TRUE(ComesBack());
  EXPECT_TRUE(Await(backend.comments().Add(comment)));
  EXPECT_TRUE(Await(backend.catalogue().Update(add)));
  EXPECT_TRUE(Await(backend.timeline().Replace(0, 1, {slot})));
  EXPECT_EQ(backend.catalogue().Current()->songs().size(), 1u);
  const auto page = Await(backend.comments().List(comment.target, std::nullopt, 5)).value();
  ASSERT_EQ(page.comments.size(), 1u);
  EXPECT_EQ(page.comments[0].expire_at, comment.created_at + std::chrono::days(30))
      << "the store's own rule";
}

TEST_F(FaultTest, LimitsVisitsAndSessionsAreKeptThroughAFullDisk) {
  store::Backend& backend = harness_.backend();
  const SessionId session = NewSession();
  Faults().Begin(Fault::kFullOnWrite);
  const store::Charge charge{store::LimitAction::kComment, {}};
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(backend.limits().TakeNow({&charge, 1})->allowed);
  backend.sessions().Touch(session, harness_.clock().Now());
  backend.analytics().Visit(session, harness_.clock().Now());
  EXPECT_FALSE(Await(engagement().Like(session, NewTarget())));
  Faults().End();
  ASSERT_TRUE(ComesBack());
  harness_.Restart();
  EXPECT_FALSE(harness_.backend().limits().TakeNow({&charge, 1})->allowed);
  EXPECT_TRUE(Await(harness_.backend().sessions().Find(session)).value());
  const Instant now = harness_.clock().Now();
  const auto days = Await(harness_.backend().analytics().Days(now, now)).value();
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].unique_visitors, 1);
}

TEST_F(FaultTest, AWriteErrorReopensTheDatabaseAndNothingIsLost) {
  const Target song = NewTarget();
  const SessionId kept = NewSession(), refused = NewSession();
  ASSERT_TRUE(Await(engagement().Like(kept, song)));
  ASSERT_TRUE(Await(engagement().Count(song, nullptr, std::nullopt)));
  Faults().Begin(Fault::kErrorOnWrite, /*after=*/0, /*for_times=*/1);
  const auto result = Await(engagement().Like(refused, song));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  ASSERT_TRUE(ComesBack());
  EXPECT_EQ(Read(song, &kept), (Engagement{1, 1, true}));
  EXPECT_EQ(Read(song, &refused), (Engagement{1, 1, false}));
  EXPECT_EQ(Await(engagement().Like(refused, song)).value(), 2);
}

TEST_F(FaultTest, ACommitWhoseSyncFailedIsAnsweredByWhatTheFileSays) {
  const Target song = NewTarget();
  const SessionId session = NewSession();
  ASSERT_TRUE(Await(engagement().Like(NewSession(), song)));
  Faults().Begin(Fault::kErrorOnSync, /*after=*/0, /*for_times=*/1);
  const auto result = Await(engagement().Like(session, song));
  EXPECT_EQ(Faults().happened, 1);
  ASSERT_TRUE(ComesBack());
  // The batch was read back, written anew and synced: it counts, and the client hears so.
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, 2);
  EXPECT_EQ(Read(song, &session), (Engagement{2, 0, true}));
  harness_.Restart();
  EXPECT_EQ(Read(song, &session), (Engagement{2, 0, true}));
}

TEST_F(FaultTest, ADiskThatKeepsFailingIsTriedUntilItWorks) {
  const Target song = NewTarget();
  ASSERT_TRUE(Await(engagement().Like(NewSession(), song)));
  Faults().Begin(Fault::kErrorOnSync);
  ASSERT_FALSE(Await(engagement().Like(NewSession(), song)));
  ASSERT_FALSE(Await(engagement().Like(NewSession(), song)));
  EXPECT_FALSE(Healthy());
  EXPECT_EQ(Read(song).likes, 1) << "reads go on";
  Faults().End();
  ASSERT_TRUE(ComesBack());
  const std::int64_t likes = Read(song).likes;
  EXPECT_EQ(Await(engagement().Like(NewSession(), song)).value(), likes + 1);
  harness_.Restart();
  EXPECT_EQ(Read(song).likes, likes + 1) << "memory and file agree";
}

// Random likes, unlikes and plays in concurrent groups, with commits failing at random places,
// against a model that follows the answers alone.
TEST_F(FaultTest, TheModelHoldsWhateverFails) {
  std::vector<SessionId> sessions(5);
  for (SessionId& session : sessions) session = NewSession();
  std::vector<Target> targets(4);
  for (Target& target : targets) target = NewTarget();
  std::map<Target, std::set<SessionId>> likers;
  std::map<Target, std::int64_t> plays;
  int refused = 0, done = 0;
  for (int round = 0; round < 150; ++round) {
    ASSERT_TRUE(ComesBack());
    const std::uint64_t kind = random_.Below(4);
    if (kind < 2) {
      Faults().Begin(kind == 0 ? Fault::kFullOnWrite : Fault::kErrorOnWrite,
                     static_cast<int>(random_.Below(12)), 1 + static_cast<int>(random_.Below(2)));
    }
    struct Asked {
      int kind;
      SessionId session;
      Target target;
    };
    std::vector<Asked> asked;
    std::vector<Task<Result<std::int64_t>>> tasks;
    for (int i = 0; i < 8; ++i) {
      const Asked ask{static_cast<int>(random_.Below(3)), sessions[random_.Below(sessions.size())],
                      targets[random_.Below(targets.size())]};
      asked.push_back(ask);
      tasks.push_back(ask.kind == 0   ? engagement().Like(ask.session, ask.target)
                      : ask.kind == 1 ? engagement().Unlike(ask.session, ask.target)
                                      : engagement().Count(ask.target, nullptr, std::nullopt));
    }
    const auto answers = AwaitAll(std::move(tasks));
    Faults().End();
    ASSERT_TRUE(ComesBack());
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const Asked& ask = asked[i];
      std::set<SessionId>& likes = likers[ask.target];
      if (!answers[i] && answers[i].error().code == ErrorCode::kUnavailable) {
        ++refused;
        continue;
      }
      ++done;
      if (ask.kind == 0) {
        ASSERT_EQ(answers[i].has_value(), likes.insert(ask.session).second);
      } else if (ask.kind == 1) {
        ASSERT_EQ(answers[i].has_value(), likes.erase(ask.session) == 1);
      } else {
        ASSERT_EQ(answers[i].value(), ++plays[ask.target]);
        continue;
      }
      if (answers[i]) ASSERT_EQ(*answers[i], static_cast<std::int64_t>(likes.size()));
    }
    if (round % 25 == 24) harness_.Restart();
    for (const Target& target : targets) {
      for (const SessionId& session : sessions) {
        ASSERT_EQ(Read(target, &session),
                  (Engagement{static_cast<std::int64_t>(likers[target].size()), plays[target],
                              likers[target].contains(session)}))
            << "round " << round;
      }
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(done, 300);
}

}  // namespace
}  // namespace popradio::embedded
