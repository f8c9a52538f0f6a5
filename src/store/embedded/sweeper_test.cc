// What is over its time leaves the file, and nothing else does.
#include "store/embedded/sweeper.h"

#include <gtest/gtest.h>

#include "store/embedded/database.h"
#include "store/embedded/embedded_testing.h"

namespace popradio::embedded {
namespace {

using store::contract::Await;

class SweeperTest : public testing::Test {
 protected:
  // Fills every table that is swept; returns when it is on disk.
  void Fill() {
    const Instant now = harness_.clock().Now();
    store::Backend& backend = harness_.backend();
    for (int i = 0; i < 600; ++i) {
      Comment comment;
      comment.id = ObjectId::Make(now, random_);
      comment.target = {TargetType::kSong, ObjectId()};
      comment.session = SessionId::Make(random_);
      comment.text = "x";
      comment.created_at = now;
      if (i < 5) ASSERT_TRUE(Await(backend.comments().Add(comment)));
      backend.sessions().Touch(comment.session, now);
      store::LimitSubject subject;
      std::memcpy(subject.bytes.data(), comment.session.bytes().data(), subject.bytes.size());
      const store::Charge charge{store::LimitAction::kApi, subject};
      backend.limits().TakeNow({&charge, 1});
    }
    const SessionId player = SessionId::Make(random_);
    ASSERT_TRUE(
        Await(backend.engagement().Count({}, &player, "key" + std::to_string(ToEpochMs(now)))));
    ASSERT_TRUE(Await(backend.engagement().Like(player, {})));
    const std::int64_t revision = Await(backend.timeline().Load(1)).value().revision;
    const Slot slot{revision,       ObjectId(), now, now + std::chrono::minutes(3),
                    Why::kRotation, false};
    ASSERT_TRUE(Await(backend.timeline().Replace(revision, 1, {slot})));
    harness_.Restart();
  }
  std::int64_t Rows(const std::string& table) {
    SQLite::Database file(harness_.database(), SQLite::OPEN_READONLY);
    return file.execAndGet("SELECT count(*) FROM " + table).getInt64();
  }
  EmbeddedHarness harness_;
  SeededRandom random_{3};
};

TEST_F(SweeperTest, EachTableIsSweptInItsTime) {
  Fill();
  for (const char* table : {"sessions", "limits"}) EXPECT_EQ(Rows(table), 600) << table;
  EXPECT_EQ(Rows("comments"), 5);
  EXPECT_EQ(Rows("play_keys"), 1);
  harness_.clock().Advance(std::chrono::days(29));
  harness_.Restart();
  EXPECT_EQ(Rows("limits"), 0) << "an hour is enough";
  EXPECT_EQ(Rows("play_keys"), 0) << "a day is enough";
  EXPECT_EQ(Rows("sessions"), 600);
  EXPECT_EQ(Rows("comments"), 5);
  harness_.clock().Advance(std::chrono::days(1));
  Fill();
  EXPECT_EQ(Rows("sessions"), 600) << "the new ones";
  EXPECT_EQ(Rows("comments"), 5);
  EXPECT_EQ(Rows("slots"), 2) << "slots are kept for longer";
  EXPECT_EQ(Rows("likes"), 2) << "likes for ever";
  harness_.clock().Advance(std::chrono::days(61));
  harness_.Restart();
  EXPECT_EQ(Rows("slots"), 1);
}

TEST_F(SweeperTest, ASweepComesByItselfEveryHour) {
  Fill();
  harness_.clock().Advance(std::chrono::days(31));
  // A backup writes all there is to write, which is when sweeps are made.
  const TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Await(harness_.backend().Backup(folder.path() + "/" + std::to_string(i))));
  }
  EXPECT_EQ(Rows("comments"), 0);
  EXPECT_EQ(Rows("sessions"), 0);
}

}  // namespace
}  // namespace popradio::embedded
