#include "radio/rotation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace popradio::radio {
namespace {

const Instant kNow = *ParseIso8601("2026-02-03T10:25:00.000Z");

ObjectId Id(std::uint8_t n) {
  std::array<std::uint8_t, ObjectId::kBytes> bytes{};
  bytes[0] = n;
  return ObjectId(bytes);
}

Song MakeSong(std::uint8_t n, std::string artist, int age_days = 100) {
  Song song;
  song.id = Id(n);
  song.title = "t";
  song.artist = std::move(artist);
  song.duration_s = 60;
  song.created_at = kNow - std::chrono::days(age_days);
  return song;
}

std::int64_t NoLikes(const ObjectId&) { return 0; }

std::map<ObjectId, int> DrawMany(const Library& library, const Rotation& rotation,
                                 std::map<Why, int>* whys = nullptr) {
  SeededRandom random(5);
  std::map<ObjectId, int> counts;
  for (int i = 0; i < 6000; ++i) {
    const auto choice = Choose(library, rotation, {}, kNow, random);
    ++counts[choice->song];
    if (whys) ++(*whys)[choice->why];
  }
  return counts;
}

TEST(AdaptedWindow, LeavesChanceASay) {
  struct Case {
    int wanted;
    std::size_t count;
    int window;
  };
  for (const Case& c : {Case{40, 0, 0},
                        {40, 1, 0},
                        {40, 2, 1},
                        {40, 3, 2},
                        {40, 6, 4},
                        {40, 10'000, 40},
                        {0, 9, 0},
                        {-3, 9, 0}}) {
    EXPECT_EQ(AdaptedWindow(c.wanted, c.count), c.window) << c.wanted << " of " << c.count;
  }
}

TEST(Choose, KeepsSongsAndArtistsApart) {
  std::vector<Song> songs;
  for (std::uint8_t i = 0; i < 30; ++i)
    songs.push_back(MakeSong(i + 1, "Artist " + std::to_string(i / 3)));
  const Rotation rotation{.song_window = 12, .artist_window = 4};
  const Library library(Catalogue(1, songs, {}), rotation, NoLikes);
  SeededRandom random(1);
  std::vector<Slot> slots;
  for (int i = 0; i < 500; ++i) {
    const auto choice = Choose(library, rotation, slots, kNow, random);
    for (std::size_t back = 1; back <= std::min<std::size_t>(12, slots.size()); ++back) {
      const Slot& earlier = slots[slots.size() - back];
      ASSERT_NE(earlier.song, choice->song);
      if (back <= 4)
        ASSERT_NE(library.Find(earlier.song)->artist, library.Find(choice->song)->artist);
    }
    Slot slot;
    slot.song = choice->song;
    slots.push_back(slot);
  }
}

TEST(Choose, RelaxesTheArtistRuleFirstAndSaysSo) {
  // Four songs by one artist and one by another: two thirds of two artists is a window of one.
  std::vector<Song> songs = {MakeSong(1, "Beyoncé"), MakeSong(2, "BEYONCE"), MakeSong(3, "beyoncé"),
                             MakeSong(4, "Beyonce"), MakeSong(5, "Other")};
  const Library library(Catalogue(1, songs, {}), {}, NoLikes);
  EXPECT_EQ(library.artists(), 2u);
  std::vector<Slot> before(2);
  before[0].song = Id(5);
  before[1].song = Id(1);
  SeededRandom random(1);
  const auto choice = Choose(library, {}, before, kNow, random);
  EXPECT_EQ(choice->why, Why::kRelaxedArtist);
  EXPECT_NE(choice->song, Id(1));
  EXPECT_NE(choice->song, Id(5));
}

TEST(Choose, HasNothingForAnEmptyLibraryAndOneForOne) {
  SeededRandom random(1);
  EXPECT_FALSE(Choose(Library(Catalogue(), {}, NoLikes), {}, {}, kNow, random));
  const Library one(Catalogue(1, {MakeSong(1, "a")}, {}), {}, NoLikes);
  EXPECT_EQ(Choose(one, {}, {}, kNow, random)->why, Why::kOnlySong);
}

TEST(Choose, PrefersFeaturedLovedAndFreshByTheirWeights) {
  std::vector<Song> songs;
  for (std::uint8_t i = 1; i <= 6; ++i) songs.push_back(MakeSong(i, "Artist " + std::to_string(i)));
  songs[2].created_at = kNow - std::chrono::days(1);
  Playlist featured;
  featured.id = Id(100);
  featured.is_featured = true;
  featured.songs = {Id(1)};
  const Catalogue catalogue(1, songs, {featured});
  const auto likes = [](const ObjectId& id) { return id == Id(2) ? 1000 : 0; };
  const Rotation rotation{.featured_weight = 4, .likes_weight = 1, .fresh_weight = 2};
  std::map<Why, int> whys;
  auto counts = DrawMany(Library(catalogue, rotation, likes), rotation, &whys);
  const double plain = (counts[Id(4)] + counts[Id(5)] + counts[Id(6)]) / 3.0;
  EXPECT_NEAR(counts[Id(1)] / plain, 4, 0.6);
  EXPECT_NEAR(counts[Id(2)] / plain, 3, 0.5);
  EXPECT_NEAR(counts[Id(3)] / plain, 2, 0.4);
  EXPECT_EQ(whys[Why::kFeatured], counts[Id(1)]);
  EXPECT_EQ(whys[Why::kLoved], counts[Id(2)]);
  EXPECT_EQ(whys[Why::kFresh], counts[Id(3)]);

  const Rotation off{.featured_weight = 0, .likes_weight = 0, .fresh_weight = 0};
  counts = DrawMany(Library(catalogue, off, likes), off);
  for (std::uint8_t i = 1; i <= 6; ++i) EXPECT_NEAR(counts[Id(i)], 1000, 150);
}

TEST(Library, PlaysOnePlaylistWhenTheCuratorSaysSo) {
  std::vector<Song> songs = {MakeSong(1, "a"), MakeSong(2, "b"), MakeSong(3, "c")};
  Playlist playlist;
  playlist.id = Id(100);
  playlist.songs = {Id(2), Id(3)};
  const Rotation rotation{.playlist = Id(100)};
  const Library library(Catalogue(1, songs, {playlist}), rotation, NoLikes);
  EXPECT_EQ(library.candidates().size(), 2u);
  EXPECT_NE(library.Find(Id(1)), nullptr);  // a queued song outside it may finish

  playlist.is_active = false;  // a playlist that is gone restricts nothing
  EXPECT_EQ(Library(Catalogue(1, songs, {playlist}), rotation, NoLikes).candidates().size(), 3u);
}

TEST(Rotation, NamesTheNumberThatDoesNotFit) {
  EXPECT_FALSE(InvalidRotation({}));
  EXPECT_EQ(InvalidRotation({.song_window = 151}), "songWindow must be between 0 and 150");
  EXPECT_EQ(InvalidRotation({.fresh_weight = -1}), "freshWeight must be between 0 and 100");
  EXPECT_EQ(InvalidRotation({.likes_weight = std::nan("")}),
            "likesWeight must be between 0 and 100");
}

}  // namespace
}  // namespace popradio::radio
