#include "store/distributed/numbers.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/random.h"

namespace popradio::store::distributed {
namespace {

Target SongNumber(int i) {
  std::array<std::uint8_t, ObjectId::kBytes> bytes{};
  bytes[10] = static_cast<std::uint8_t>(i >> 8);
  bytes[11] = static_cast<std::uint8_t>(i);
  return {TargetType::kSong, ObjectId(bytes)};
}

TEST(Numbers, TheNewerVersionWins) {
  Numbers numbers;
  const Target song = SongNumber(1);
  EXPECT_FALSE(numbers.Find(song));
  EXPECT_TRUE(numbers.Apply(song, {5, 50}, 10));
  EXPECT_FALSE(numbers.Apply(song, {4, 40}, 9));
  EXPECT_FALSE(numbers.Apply(song, {6, 60}, 10));
  const Numbers::Cell* cell = numbers.Find(song);
  ASSERT_TRUE(cell);
  EXPECT_EQ(cell->AllLikes(), 5);
  EXPECT_EQ(cell->AllPlays(), 50);
}

TEST(Numbers, LikesAndPlaysAreToldApart) {
  Numbers numbers;
  const Target song = SongNumber(1);
  numbers.Apply(song, {.likes = 3}, 12);
  EXPECT_FALSE(numbers.Find(song)->known());
  // Counted before that like, heard after it.
  numbers.Apply(song, {.plays = 7}, 11);
  EXPECT_TRUE(numbers.Find(song)->known());
  EXPECT_EQ(numbers.Find(song)->AllLikes(), 3);
  EXPECT_EQ(numbers.Find(song)->AllPlays(), 7);
  EXPECT_EQ(numbers.Find(song)->version(), 12);
}

TEST(Numbers, AnOlderVersionThatWasReadAfterwardsIsRight) {
  Numbers numbers;
  const Target song = SongNumber(1);
  numbers.Apply(song, {5, 50}, 10);
  Numbers::Cell& cell = numbers.Intern(song);
  EXPECT_TRUE(numbers.Correct(cell, {4, 40}, 8, 10));
  EXPECT_EQ(cell.AllLikes(), 4);
  // Something was heard while the question was on its way: that is newer.
  numbers.Apply(song, {6, 60}, 12);
  EXPECT_FALSE(numbers.Correct(cell, {4, 40}, 8, 8));
  EXPECT_EQ(cell.AllLikes(), 6);
}

TEST(Numbers, BasesAreAddedAndFollowTheCatalogue) {
  Numbers numbers;
  Song song;
  song.id = SongNumber(1).id;
  song.base_likes = 100;
  song.base_plays = 1'000;
  const std::uint64_t before = numbers.version();
  numbers.SetBases(Catalogue(1, {song}, {}));
  EXPECT_GT(numbers.version(), before);
  numbers.Apply(SongNumber(1), {5, 50}, 1);
  EXPECT_EQ(numbers.Find(SongNumber(1))->AllLikes(), 105);
  const std::uint64_t same = numbers.version();
  numbers.SetBases(Catalogue(2, {song}, {}));
  EXPECT_EQ(numbers.version(), same);
}

TEST(Numbers, ReadersSeeWholeEntriesWhileTheTableGrows) {
  constexpr int kSongs = 20'000;
  Numbers numbers;
  std::atomic<int> made{0};
  std::thread writer([&] {
    for (int i = 0; i < kSongs; ++i) {
      numbers.Apply(SongNumber(i), {i, 2 * i}, 1);
      made.store(i + 1, std::memory_order_release);
    }
  });
  SeededRandom random(1);
  int wrong = 0;
  while (made < kSongs) {
    const int known = made.load(std::memory_order_acquire);
    if (known == 0) continue;
    const int i = static_cast<int>(random.Below(static_cast<std::uint64_t>(known)));
    const Numbers::Cell* cell = numbers.Find(SongNumber(i));
    if (!cell || cell->AllLikes() != i || cell->AllPlays() != 2 * i) ++wrong;
  }
  writer.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(numbers.size(), static_cast<std::size_t>(kSongs));
  EXPECT_EQ(numbers.All().size(), static_cast<std::size_t>(kSongs));
}

}  // namespace
}  // namespace popradio::store::distributed
