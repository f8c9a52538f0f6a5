#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "store/embedded/embedded_testing.h"

// Counts and likers in the file and in memory.
namespace popradio::embedded {
namespace {

using store::contract::Await;
using testing::HasSubstr;
using testing::IsEmpty;

class CountsCheckTest : public testing::Test {
 protected:
  store::Backend& Open() {
    if (!backend_) {
      store::EmbeddedOptions options;
      options.data_dir = temporary_.path();
      auto opened = store::OpenEmbedded(options, clock_, random_);
      if (!opened) throw std::runtime_error(opened.error().message);
      backend_ = *std::move(opened);
    }
    return *backend_;
  }
  // Changes the file behind the station's back.
  void Plant(const std::string& sql) {
    if (backend_) EXPECT_TRUE(backend_->Close());
    backend_.reset();
    SQLite::Database(temporary_.path() + "/popradio.db", SQLite::OPEN_READWRITE).exec(sql);
  }
  void SetUp() override {
    Song song;
    song.id = ObjectId::Make(clock_.Now(), random_);
    song.title = "Love Story";
    song.duration_s = 200;
    song.base_likes = 1'000;
    song_ = {TargetType::kSong, song.id};
    ASSERT_TRUE(
        Await(Open().catalogue().Update([&](const Catalogue&) -> Result<store::CatalogueChange> {
          return {{{song}, {}}};
        })));
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(Await(Open().engagement().Like(SessionId::Make(random_), song_)));
      ASSERT_TRUE(Await(Open().engagement().Count(song_, nullptr, std::nullopt)));
    }
  }
  store::CountsReport Check(bool repair) {
    auto report = Await(Open().CheckCounts(repair));
    EXPECT_TRUE(report);
    return report.value_or(store::CountsReport());
  }

  TemporaryFolder temporary_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<store::Backend> backend_;
  Target song_;
};

TEST_F(CountsCheckTest, WhatAgreesIsSaidSo) {
  const store::CountsReport report = Check(true);
  EXPECT_EQ(report.targets, 1);
  EXPECT_EQ(report.likes, 5);
  EXPECT_THAT(report.differences, IsEmpty());
}

TEST_F(CountsCheckTest, ALikeThatStandsThereTwiceIsNamedAndRemoved) {
  Plant(
      "INSERT INTO likes (seq, session, target) SELECT 100 + seq, session, target FROM likes "
      "WHERE seq <= 2");
  const store::CountsReport looked = Check(/*repair=*/false);
  ASSERT_EQ(looked.differences.size(), 1u);
  EXPECT_THAT(looked.differences[0].sentence,
              HasSubstr("\"Love Story\" (" + song_.id.ToHex() + "): 2 likes stand"));
  EXPECT_FALSE(looked.differences[0].repaired);
  EXPECT_TRUE(Check(/*repair=*/true).differences[0].repaired);
  EXPECT_EQ(Check(false).found, 0);
  EXPECT_EQ(Check(false).likes, 5);
}

TEST_F(CountsCheckTest, LikesOfNothingAreNamed) {
  Plant(
      "INSERT INTO likes (seq, session, target) SELECT 100, session, "
      "X'000123456789abcdef01234567' FROM likes LIMIT 1");
  const store::CountsReport report = Check(true);
  ASSERT_EQ(report.differences.size(), 1u);
  EXPECT_THAT(report.differences[0].sentence, HasSubstr("0123456789abcdef01234567) has 1 likes"));
  EXPECT_FALSE(report.differences[0].repaired);
}

TEST_F(CountsCheckTest, MemoryThatCountsOtherwiseThanTheFileIsNamed) {
  Open();
  // What nobody may do while a server runs.
  SQLite::Database(temporary_.path() + "/popradio.db", SQLite::OPEN_READWRITE)
      .exec("UPDATE plays SET count = 7");
  const store::CountsReport report = Check(true);
  ASSERT_EQ(report.differences.size(), 1u);
  EXPECT_THAT(report.differences[0].sentence, HasSubstr("5 plays are counted and 7 are in"));
}

TEST_F(CountsCheckTest, AStationThatRunsShowsNoDifference) {
  store::Backend& backend = Open();
  std::atomic<bool> stop{false};
  std::thread crowd([&] {
    SystemRandom random;
    while (!stop) {
      const SessionId fan = SessionId::Make(random);
      EXPECT_TRUE(Await(backend.engagement().Like(fan, song_)));
      EXPECT_TRUE(Await(backend.engagement().Count(song_, nullptr, std::nullopt)));
    }
  });
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Check(true).found, 0);
  stop = true;
  crowd.join();
}

}  // namespace
}  // namespace popradio::embedded
