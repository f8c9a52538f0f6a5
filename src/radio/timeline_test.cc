#include "radio/timeline.h"

#include <gtest/gtest.h>

#include <set>

namespace popradio::radio {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant kStart = *ParseIso8601("2026-02-03T10:25:00.000Z");
constexpr std::size_t kShown = 5;

ObjectId SongOf(std::uint32_t n) {
  std::array<std::uint8_t, ObjectId::kBytes> bytes{};
  std::memcpy(bytes.data(), &n, sizeof n);
  return ObjectId(bytes);
}

// A station of `count` songs by about `count / 2` artists, 30 to 90 seconds long.
std::vector<Song> Songs(std::uint32_t count) {
  std::vector<Song> songs(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    songs[i].id = SongOf(i + 1);
    songs[i].title = "Song " + std::to_string(i);
    songs[i].artist = "Artist " + std::to_string(i / 2);
    songs[i].duration_s = 30 + static_cast<int>(i * 7 % 61);
    songs[i].created_at = kStart - std::chrono::days(100);
  }
  return songs;
}

Library LibraryOf(std::vector<Song> songs, const Rotation& rotation = {}) {
  return Library(Catalogue(1, std::move(songs), {}), rotation, [](const ObjectId&) { return 0; });
}

Timeline Fresh(std::uint64_t seed = 7) {
  Timeline timeline;
  timeline.seed = seed;
  return timeline;
}

void ExpectWhole(const Timeline& timeline, const Library& library, Instant now) {
  const auto playing = Playing(timeline.slots, now);
  ASSERT_TRUE(playing.has_value());
  ASSERT_EQ(timeline.slots.size() - 1 - *playing, kAhead);
  for (std::size_t i = *playing; i < timeline.slots.size(); ++i) {
    const Slot& slot = timeline.slots[i];
    ASSERT_LT(slot.starts_at, slot.ends_at);
    ASSERT_NE(library.Find(slot.song), nullptr);
    if (i > 0) ASSERT_EQ(slot.seq, timeline.slots[i - 1].seq + 1);
    if (i > *playing) ASSERT_EQ(slot.starts_at, timeline.slots[i - 1].ends_at);
    if (!slot.skipped) ASSERT_EQ(slot.ends_at - slot.starts_at, library.Find(slot.song)->duration);
  }
}

std::vector<ObjectId> Shown(const Timeline& timeline, Instant now) {
  const auto playing = Playing(timeline.slots, now);
  std::vector<ObjectId> songs;
  for (std::size_t i = *playing + 1; i <= *playing + kShown; ++i)
    songs.push_back(timeline.slots[i].song);
  return songs;
}

class LibrarySizes : public testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Timeline, LibrarySizes, testing::Values(1, 2, 3, 5, 6, 10, 10'000));

TEST_P(LibrarySizes, WhatWasShownIsWhatPlaysWithoutGapOrOverlap) {
  const Library library = LibraryOf(Songs(GetParam()));
  const Rotation rotation;
  Timeline timeline = Reconcile(Fresh(), library, rotation, kStart);
  ExpectWhole(timeline, library, kStart);
  Instant now = kStart;
  for (int step = 0; step < (GetParam() > 1000 ? 40 : 400); ++step) {
    const auto shown = Shown(timeline, now);
    now = timeline.slots[*Playing(timeline.slots, now)].ends_at;
    timeline = Reconcile(std::move(timeline), library, rotation, now);
    ExpectWhole(timeline, library, now);
    ASSERT_EQ(timeline.slots[*Playing(timeline.slots, now)].song, shown[0]);
    const auto next = Shown(timeline, now);
    for (std::size_t i = 0; i + 1 < kShown; ++i) ASSERT_EQ(next[i], shown[i + 1]);
  }
  EXPECT_LE(timeline.slots.size(), kRemembered);
}

TEST_P(LibrarySizes, NoSongFollowsItselfUnlessItIsTheOnlyOne) {
  const Library library = LibraryOf(Songs(GetParam()));
  Timeline timeline = Reconcile(Fresh(), library, {}, kStart);
  for (int i = 0; i < 30; ++i) {
    timeline = Reconcile(std::move(timeline), library, {},
                         timeline.slots[timeline.slots.size() - 2].starts_at);
  }
  for (std::size_t i = 1; i < timeline.slots.size(); ++i) {
    if (GetParam() == 1) {
      EXPECT_EQ(timeline.slots[i].why, Why::kOnlySong);
    } else {
      EXPECT_NE(timeline.slots[i].song, timeline.slots[i - 1].song);
    }
  }
}

TEST(Timeline, IsTheSameOnEveryNode) {
  const Library library = LibraryOf(Songs(50));
  EXPECT_EQ(Reconcile(Fresh(3), library, {}, kStart), Reconcile(Fresh(3), library, {}, kStart));
  EXPECT_NE(Reconcile(Fresh(3), library, {}, kStart), Reconcile(Fresh(4), library, {}, kStart));
}

TEST(Timeline, IsEmptyWithoutSongsAndBeginsWithTheFirst) {
  const Timeline empty = Reconcile(Fresh(), LibraryOf({}), {}, kStart);
  EXPECT_TRUE(empty.slots.empty());
  const Library library = LibraryOf(Songs(1));
  ExpectWhole(Reconcile(empty, library, {}, kStart), library, kStart);
}

TEST(Timeline, ADeactivatedSongLeavesTheQueueAtOnce) {
  auto songs = Songs(20);
  const Timeline before = Reconcile(Fresh(), LibraryOf(songs), {}, kStart);
  const Instant now = kStart + seconds(5);
  for (std::size_t gone = 0; gone <= kShown; ++gone) {
    auto fewer = songs;
    const ObjectId id = before.slots[gone].song;
    for (Song& song : fewer) song.is_active = song.id != id;
    const Library library = LibraryOf(fewer);
    const Timeline after = Reconcile(before, library, {}, now);
    ExpectWhole(after, library, now);
    std::vector<ObjectId> expected = {before.slots[0].song};
    for (const ObjectId& shown : Shown(before, kStart)) expected.push_back(shown);
    std::erase(expected, id);
    const auto at = *Playing(after.slots, now);
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_EQ(after.slots[at + i].song, expected[i]);
  }
}

TEST(Timeline, TheLastSongDeactivatedLeavesSilence) {
  const Timeline before = Reconcile(Fresh(), LibraryOf(Songs(1)), {}, kStart);
  const Timeline after = Reconcile(before, LibraryOf({}), {}, kStart + seconds(5));
  EXPECT_FALSE(Playing(after.slots, kStart + seconds(5)));
  ASSERT_EQ(after.slots.size(), 1u);
  EXPECT_EQ(after.slots[0].ends_at, kStart + seconds(5));
  EXPECT_FALSE(Difference(before.slots, after.slots).empty());
}

TEST(Timeline, AChangedDurationMovesWhatFollows) {
  auto songs = Songs(10);
  const Timeline before = Reconcile(Fresh(), LibraryOf(songs), {}, kStart);
  for (Song& song : songs) song.duration_s += song.id == before.slots[0].song ? 100 : 0;
  const Library library = LibraryOf(songs);
  const Timeline after = Reconcile(before, library, {}, kStart + seconds(1));
  ExpectWhole(after, library, kStart + seconds(1));
  EXPECT_EQ(after.slots[0].ends_at, before.slots[0].ends_at + seconds(100));
}

struct Pause {
  const char* name;
  Millis length;
};
class Restarts : public testing::TestWithParam<Pause> {};
INSTANTIATE_TEST_SUITE_P(Timeline, Restarts,
                         testing::Values(Pause{"a minute", minutes(1)}, Pause{"a day", hours(24)},
                                         Pause{"a year", hours(24 * 365)},
                                         Pause{"clock an hour back", -hours(1)},
                                         Pause{"clock a year back", -hours(24 * 365)}));

TEST_P(Restarts, ContinueWithoutGeneratingWhatNobodyHeard) {
  const Library library = LibraryOf(Songs(12));
  Timeline timeline = Reconcile(Fresh(), library, {}, kStart);
  Instant now = kStart;
  for (int i = 0; i < 100; ++i) {
    now = timeline.slots[*Playing(timeline.slots, now)].ends_at;
    timeline = Reconcile(std::move(timeline), library, {}, now);
  }
  const Instant later = now + GetParam().length;
  const auto was = Playing(timeline.slots, later);
  const Timeline after = Reconcile(timeline, library, {}, later);
  ExpectWhole(after, library, later);
  EXPECT_LE(after.slots.back().seq - timeline.slots.back().seq,
            static_cast<std::int64_t>(kAhead) + 1);
  if (GetParam().length == minutes(1)) {
    EXPECT_EQ(after.slots[*Playing(after.slots, later)], timeline.slots[*was]);
  }
  if (GetParam().length < Millis(0)) {  // the song that was playing plays on, from its start
    EXPECT_EQ(after.slots[*Playing(after.slots, later)].song,
              timeline.slots[*Playing(timeline.slots, now)].song);
  }
}

TEST(Timeline, AJumpOfTheClockWhilePlayingKeepsThePlaceInTheSong) {
  const Library library = LibraryOf(Songs(12));
  const Timeline before = Reconcile(Fresh(), library, {}, kStart);
  const Instant now = kStart + seconds(11);
  for (const Millis jump : {Millis(hours(1)), -Millis(hours(1))}) {
    const Timeline after = Reconcile(MoveWithClock(before, now, jump), library, {}, now + jump);
    ExpectWhole(after, library, now + jump);
    const Slot& slot = after.slots[*Playing(after.slots, now + jump)];
    EXPECT_EQ(slot.song, before.slots[0].song);
    EXPECT_EQ(now + jump - slot.starts_at, seconds(11));
  }
}

TEST(Timeline, ASkipBringsTheNextOneNow) {
  const Library library = LibraryOf(Songs(12));
  const Timeline before = Reconcile(Fresh(), library, {}, kStart);
  for (const Millis after_start : {Millis(0), Millis(1), Millis(9000)}) {
    const Timeline after = SkipPlaying(before, library, {}, kStart + after_start);
    const Instant now = std::max(kStart + after_start, kStart + Millis(1));
    ExpectWhole(after, library, now);
    EXPECT_TRUE(after.slots[0].skipped);
    EXPECT_EQ(after.slots[*Playing(after.slots, now)].song, before.slots[1].song);
    EXPECT_EQ(Difference(before.slots, after.slots).front().seq, before.slots[0].seq);
  }
}

TEST(Timeline, APinnedSongComesNextAndOnlyOnce) {
  const Library library = LibraryOf(Songs(30));
  Timeline timeline = Reconcile(Fresh(), library, {}, kStart);
  const ObjectId queued = timeline.slots[3].song;
  timeline = PinAfterPlaying(std::move(timeline), library, {}, kStart + seconds(2), queued);
  timeline = PinAfterPlaying(std::move(timeline), library, {}, kStart + seconds(3), SongOf(29));
  ExpectWhole(timeline, library, kStart + seconds(3));
  EXPECT_EQ(timeline.slots[1].song, SongOf(29));
  EXPECT_EQ(timeline.slots[1].why, Why::kPinned);
  EXPECT_EQ(timeline.slots[2].song, queued);
  for (std::size_t i = 3; i < timeline.slots.size(); ++i) EXPECT_NE(timeline.slots[i].song, queued);
}

TEST(Timeline, ADifferenceWrittenMakesTheStoredOneEqual) {
  const Library library = LibraryOf(Songs(9));
  SeededRandom random(11);
  Timeline timeline = Reconcile(Fresh(), library, {}, kStart);
  std::vector<Slot> stored = timeline.slots;
  Instant now = kStart;
  for (int step = 0; step < 500; ++step) {
    now += Millis(random.Below(90'000));
    switch (random.Below(4)) {
      case 0:
        timeline = SkipPlaying(std::move(timeline), library, {}, now);
        break;
      case 1:
        timeline = PinAfterPlaying(std::move(timeline), library, {}, now,
                                   SongOf(static_cast<std::uint32_t>(1 + random.Below(9))));
        break;
      case 2:
        now += hours(random.Below(3) == 0 ? 5 : 0);
        [[fallthrough]];
      default:
        timeline = Reconcile(std::move(timeline), library, {}, now);
    }
    const auto change = Difference(stored, timeline.slots);
    if (!change.empty()) {
      std::erase_if(stored, [&](const Slot& slot) { return slot.seq >= change.front().seq; });
      stored.insert(stored.end(), change.begin(), change.end());
    }
    const std::vector<Slot> tail(stored.end() - static_cast<std::ptrdiff_t>(timeline.slots.size()),
                                 stored.end());
    ASSERT_EQ(tail, timeline.slots) << "step " << step;
  }
}

}  // namespace
}  // namespace popradio::radio
