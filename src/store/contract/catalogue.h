#pragma once

#include <atomic>

#include "store/contract/harness.h"

namespace popradio::store::contract {

class CatalogueContract : public ContractTest {
 protected:
  Song MakeSong(const std::string& title) {
    Song song;
    song.id = NewId();
    song.title = title;
    song.artist = "Taylor Swift";
    song.album_art = "https://cdn.popradio.com/albums/love-story.jpg";
    song.video_url = "https://cdn.popradio.com/videos/love-story.mp4";
    song.audio_url = "https://cdn.popradio.com/audio/love-story.mp3";
    song.duration_s = 235;
    song.genre = {"Pop", "R\"n\"B, Å"};
    song.release_year = 2008;
    song.base_likes = 3;
    song.base_plays = 4;
    song.created_at = song.updated_at = clock().Now();
    song.media = {"/m/v.mp4", "/m/a.mp3", "/m/a.jpg", "image/jpeg", "00ff", 123, 456};
    return song;
  }
  Playlist MakePlaylist(std::vector<ObjectId> songs) {
    Playlist playlist;
    playlist.id = NewId();
    playlist.title = "Dreamy Pop Vibes";
    playlist.description = "A description";
    playlist.cover_image = "https://cdn.popradio.com/covers/1.jpg";
    playlist.cover_path = "/m/cover.jpg";
    playlist.songs = std::move(songs);
    playlist.base_likes = 1;
    playlist.base_views = 2;
    playlist.created_at = playlist.updated_at = clock().Now();
    playlist.is_featured = true;
    return playlist;
  }
  Result<CataloguePtr> Put(CatalogueChange change) {
    return Await(backend().catalogue().Update(
        [change](const Catalogue&) -> Result<CatalogueChange> { return change; }));
  }
};

TEST_P(CatalogueContract, IsEmptyAtFirst) {
  ASSERT_NE(backend().catalogue().Current(), nullptr);
  EXPECT_TRUE(backend().catalogue().Current()->songs().empty());
}

TEST_P(CatalogueContract, RecordsComeBackWholeAfterARestart) {
  Song plain;
  plain.id = NewId();
  plain.title = "Untold";
  plain.duration_s = 1;
  plain.is_active = false;
  const Song song = MakeSong("Love Story");
  const Playlist playlist = MakePlaylist({plain.id, song.id});
  Playlist empty = MakePlaylist({});
  ASSERT_TRUE(Put({{song, plain}, {playlist, empty}}));
  for (int round = 0; round < 2; ++round) {
    const CataloguePtr catalogue = backend().catalogue().Current();
    EXPECT_EQ(catalogue->songs(), (std::vector{song, plain}));
    EXPECT_EQ(catalogue->playlists(), (std::vector{playlist, empty}));
    Restart();
  }
}

TEST_P(CatalogueContract, AChangeIsVisibleWhenItIsAcknowledgedAndReplacesById) {
  Song song = MakeSong("Before");
  ASSERT_TRUE(Put({{song}, {}}));
  const std::uint64_t version = backend().catalogue().Version();
  song.title = "After";
  song.release_year.reset();
  const Result<CataloguePtr> changed = Put({{song}, {}});
  ASSERT_TRUE(changed);
  EXPECT_EQ((*changed)->songs(), (std::vector{song}));
  EXPECT_EQ(backend().catalogue().Current()->songs(), (std::vector{song}));
  EXPECT_GT(backend().catalogue().Version(), version);
}

TEST_P(CatalogueContract, ARefusedEditChangesNothing) {
  const std::uint64_t version = backend().catalogue().Version();
  const Result<CataloguePtr> refused =
      Await(backend().catalogue().Update([](const Catalogue&) -> Result<CatalogueChange> {
        return Fail(ErrorCode::kSongNotFound, "No such song");
      }));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kSongNotFound);
  EXPECT_TRUE(Put({}));
  EXPECT_EQ(backend().catalogue().Version(), version);
}

TEST_P(CatalogueContract, ConcurrentEditsSeeEachOther) {
  ASSERT_TRUE(Put({{MakeSong("0")}, {}}));
  std::vector<Task<Result<CataloguePtr>>> tasks;
  for (int i = 0; i < 20; ++i) {
    tasks.push_back(
        backend().catalogue().Update([](const Catalogue& now) -> Result<CatalogueChange> {
          Song song = now.songs().front();
          song.title = std::to_string(std::stoi(song.title) + 1);
          return CatalogueChange{{song}, {}};
        }));
  }
  for (const auto& result : AwaitAll(std::move(tasks))) EXPECT_TRUE(result);
  EXPECT_EQ(backend().catalogue().Current()->songs().front().title, "20");
}

TEST_P(CatalogueContract, ListenersHearOfEachSwapAndSeeTheNewSnapshot) {
  // Shared: the backend may outlive this scope's variables.
  auto heard = std::make_shared<std::atomic<int>>(0);
  CatalogueStore& catalogue = backend().catalogue();
  catalogue.OnChange([heard, &catalogue] {
    heard->fetch_add(static_cast<int>(catalogue.Current()->songs().size()));
  });
  ASSERT_TRUE(Put({{MakeSong("a"), MakeSong("b")}, {}}));
  EXPECT_EQ(*heard, 2);
}

}  // namespace popradio::store::contract
