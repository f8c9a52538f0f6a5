// Scanning with a pretended ffprobe, so that every turn of events is quick to make;
// scan_media_test.cc does it with real media.
#include "media/scan.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <filesystem>
#include <fstream>

#include "media/library.h"
#include "media/media_testing.h"

namespace popradio::media {
namespace {

namespace fs = std::filesystem;

struct Scene {
  TestFolder folder;
  TestClock clock;
  SeededRandom random{1};
  FakeTool tool;
  CataloguePtr catalogue = std::make_shared<const Catalogue>();
  std::vector<std::pair<ScanNote::Kind, std::string>> notes;  // kind and path
  std::string last_text;
  int min_duration_s = kDefaultMinDurationS;

  ScanReport Scan() {
    clock.now_ms += 60'000;
    notes.clear();
    const int probes = tool.probes;
    ScanEvents events;
    events.write = [&](store::CatalogueChange change) -> Result<void> {
      EXPECT_LE(change.songs.size(), 2 * kScanChunk);
      std::vector<Song> songs = catalogue->songs();
      for (const Song& song : change.songs) {
        const auto it = std::find_if(songs.begin(), songs.end(),
                                     [&](const Song& s) { return s.id == song.id; });
        it == songs.end() ? songs.push_back(song) : void(*it = song);
      }
      written = std::make_shared<const Catalogue>(1, std::move(songs), std::vector<Playlist>());
      catalogue = written;
      return {};
    };
    events.note = [&](const ScanNote& note) {
      notes.emplace_back(note.kind, note.path);
      last_text = note.text;
    };
    const CataloguePtr before = catalogue;  // as a caller holds its snapshot
    const auto report = media::Scan({folder / "m", folder / "data", min_duration_s}, *before, clock,
                                    random, tool, events);
    EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().message);
    if (report) EXPECT_EQ(static_cast<int>(report->probed), tool.probes - probes);
    return report ? *report : ScanReport{};
  }
  const Song* Find(const std::string& title) const {
    for (const Song& song : catalogue->songs()) {
      if (song.title == title) return &song;
    }
    return nullptr;
  }
  void Add(const std::string& name, const std::string& content, const MediaInfo& info) {
    tool.files[content] = info;
    folder.Write("m/" + name, content);
  }
  CataloguePtr written;
};

TEST(Scan, MakesSongsAndASecondScanTouchesNothing) {
  Scene scene;
  scene.Add("Abba/Arrival/02 Dancing Queen.mp3", "dq", AudioInfo(230.9));
  scene.Add("clip.mp4", "clip", VideoInfo(61.2, "Tagged", "Band"));
  scene.Add("x.mp4", "x", VideoInfo(30, "Tag title", "Tag artist"));
  scene.folder.Write(
      "m/x.nfo",
      "<musicvideo><title>NFO title</title><genre>Pop</genre><year>2001</year></musicvideo>");
  scene.Add("jingle.mp3", "jingle", AudioInfo(19.99));
  scene.folder.Write("m/broken.mp3", "???");
  scene.folder.Write("m/readme.txt", "text");
  scene.folder.Write("m/copy.mp4", "clip");

  const ScanReport first = scene.Scan();
  EXPECT_EQ(first.files, 6u);
  EXPECT_EQ(first.added, 3u);
  EXPECT_EQ(first.too_short, 1u);
  EXPECT_EQ(first.broken, 1u);
  EXPECT_EQ(first.duplicates, 1u);
  const Song* song = scene.Find("Dancing Queen");
  ASSERT_NE(song, nullptr);
  EXPECT_EQ(song->artist, "Abba");
  EXPECT_EQ(song->duration_s, 230);
  EXPECT_EQ(song->media.audio_path, scene.folder / "m/Abba/Arrival/02 Dancing Queen.mp3");
  EXPECT_TRUE(song->media.art_path.empty());
  song = scene.Find("NFO title");
  ASSERT_NE(song, nullptr);
  EXPECT_EQ(song->artist, "Tag artist");
  EXPECT_EQ(song->release_year, 2001);
  EXPECT_EQ(song->media.art_path, (scene.folder / "data/art/") + song->id.ToHex() + ".jpg");
  EXPECT_LE(scene.tool.most_at_once, static_cast<int>(kParallelProbes));

  const CataloguePtr before = scene.catalogue;
  const int pictures = scene.tool.pictures;
  const ScanReport second = scene.Scan();
  EXPECT_EQ(second.probed, 0u);
  EXPECT_EQ(second.unchanged, 3u);
  EXPECT_EQ(second.too_short, 1u);
  EXPECT_EQ(second.broken, 1u);
  EXPECT_EQ(second.duplicates, 1u);
  EXPECT_EQ(scene.tool.pictures, pictures);
  EXPECT_EQ(scene.catalogue, before);  // nothing was written at all
  EXPECT_EQ(LoadLibraryRoots(scene.folder / "data"),
            (std::vector<std::string>{scene.folder / "data", scene.folder / "m"}));
}

TEST(Scan, AMovedOrRenamedFileKeepsItsSong) {
  Scene scene;
  scene.Add("a.mp4", "a", VideoInfo(60, "A", "X"));
  scene.Add("b.mp4", "b", VideoInfo(90, "B", "X"));
  scene.Scan();
  const ObjectId a = scene.Find("A")->id, b = scene.Find("B")->id;
  fs::create_directories(scene.folder / "m/sub");
  fs::rename(scene.folder / "m/a.mp4", scene.folder / "m/sub/renamed.mp4");
  const ScanReport moved = scene.Scan();
  EXPECT_EQ(moved.moved, 1u);
  EXPECT_EQ(moved.probed, 0u);
  EXPECT_EQ(moved.vanished, 0u);
  EXPECT_EQ(scene.Find("A")->id, a);
  EXPECT_EQ(scene.Find("A")->media.video_path, scene.folder / "m/sub/renamed.mp4");
  EXPECT_TRUE(scene.Find("A")->is_active);

  // Two files that swap their names keep their songs as well.
  fs::rename(scene.folder / "m/b.mp4", scene.folder / "m/tmp");
  fs::rename(scene.folder / "m/sub/renamed.mp4", scene.folder / "m/b.mp4");
  fs::rename(scene.folder / "m/tmp", scene.folder / "m/sub/renamed.mp4");
  // Their times would tell; on a file system without fine times sizes and times may even agree.
  fs::last_write_time(scene.folder / "m/b.mp4",
                      fs::file_time_type::clock::now() + std::chrono::seconds(5));
  fs::last_write_time(scene.folder / "m/sub/renamed.mp4",
                      fs::file_time_type::clock::now() + std::chrono::seconds(9));
  EXPECT_EQ(scene.Scan().moved, 2u);
  EXPECT_EQ(scene.Find("A")->id, a);
  EXPECT_EQ(scene.Find("A")->media.video_path, scene.folder / "m/b.mp4");
  EXPECT_EQ(scene.Find("B")->id, b);
  EXPECT_EQ(scene.catalogue->songs().size(), 2u);
}

TEST(Scan, WhatVanishedIsOffTheAirAndComesBack) {
  Scene scene;
  scene.Add("a.mp4", "a", VideoInfo(60, "A", "X"));
  scene.Add("b.mp4", "b", VideoInfo(90, "B", "X"));
  scene.Scan();
  const ObjectId a = scene.Find("A")->id;
  fs::rename(scene.folder / "m/a.mp4", scene.folder / "away");
  EXPECT_EQ(scene.Scan().vanished, 1u);
  EXPECT_FALSE(scene.Find("A")->is_active);
  EXPECT_EQ(scene.Scan().vanished, 0u);
  fs::rename(scene.folder / "away", scene.folder / "m/elsewhere.mp4");
  const ScanReport back = scene.Scan();
  EXPECT_EQ(back.returned, 1u);
  EXPECT_EQ(scene.Find("A")->id, a);
  EXPECT_TRUE(scene.Find("A")->is_active);

  // What the curator took off the air stays off, though its file is there, goes and comes.
  std::vector<Song> songs = scene.catalogue->songs();
  for (Song& song : songs) song.is_active = song.title != "A";
  scene.catalogue = std::make_shared<const Catalogue>(2, songs, std::vector<Playlist>());
  EXPECT_EQ(scene.Scan().returned, 0u);
  EXPECT_FALSE(scene.Find("A")->is_active);
  fs::rename(scene.folder / "m/elsewhere.mp4", scene.folder / "away");
  EXPECT_EQ(scene.Scan().vanished, 0u);
  fs::rename(scene.folder / "away", scene.folder / "m/elsewhere.mp4");
  EXPECT_EQ(scene.Scan().returned, 0u);
  EXPECT_FALSE(scene.Find("A")->is_active);
}

TEST(Scan, ADuplicateTakesOverWhenTheFirstIsGone) {
  Scene scene;
  scene.Add("a.mp4", "a", VideoInfo(60, "A", "X"));
  scene.folder.Write("m/copy.mp4", "a");
  EXPECT_EQ(scene.Scan().duplicates, 1u);
  const ObjectId a = scene.Find("A")->id;
  fs::remove(scene.folder / "m/a.mp4");
  const ScanReport report = scene.Scan();
  EXPECT_EQ(report.moved, 1u);
  EXPECT_EQ(report.probed, 0u);
  EXPECT_EQ(report.vanished, 0u);
  EXPECT_EQ(scene.Find("A")->id, a);
  EXPECT_EQ(scene.Find("A")->media.video_path, scene.folder / "m/copy.mp4");
}

TEST(Scan, AFileTaggedAnewStaysItsSongAndAnotherOneIsNew) {
  Scene scene;
  scene.Add("a.mp4", "a", VideoInfo(60, "A", "X"));
  scene.Scan();
  const ObjectId a = scene.Find("A")->id;
  scene.Add("a.mp4", "a, tagged anew", VideoInfo(60.5, "A (remastered)", "X"));
  const ScanReport changed = scene.Scan();
  EXPECT_EQ(changed.changed, 1u);
  EXPECT_EQ(scene.Find("A (remastered)")->id, a);
  scene.Add("a.mp4", "quite another song", VideoInfo(200, "Other", "Y"));
  const ScanReport replaced = scene.Scan();
  EXPECT_EQ(replaced.added, 1u);
  EXPECT_EQ(replaced.vanished, 1u);
  EXPECT_NE(scene.Find("Other")->id, a);
  EXPECT_FALSE(scene.Find("A (remastered)")->is_active);
}

TEST(Scan, ANewerNfoIsReadAgain) {
  Scene scene;
  scene.Add("a.mp4", "a", VideoInfo(60, "A", "X"));
  scene.Scan();
  scene.folder.Write("m/a.nfo", "<musicvideo><title>Better</title></musicvideo>");
  scene.clock.now_ms =
      4'000'000'000'000;  // the song is older than the NFO by any clock from now on
  fs::last_write_time(scene.folder / "m/a.nfo", fs::file_time_type::clock::now());
  const ScanReport report = scene.Scan();
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(report.probed, 1u);
  ASSERT_NE(scene.Find("Better"), nullptr);
  EXPECT_EQ(scene.Scan().probed, 0u);
}

TEST(Scan, ConvertsOnceWhatBrowsersCannotPlay) {
  Scene scene;
  scene.Add("a.mkv", "a", VideoInfo(60, "A", "X"));
  const ScanReport first = scene.Scan();
  EXPECT_EQ(first.converted, 1u);
  const Song song = *scene.Find("A");
  EXPECT_EQ(song.media.video_path, (scene.folder / "data/media/") + song.id.ToHex() + ".mp4");
  EXPECT_EQ(ReadFile(song.media.video_path), "converted a");
  EXPECT_EQ(scene.Scan().unchanged, 1u);
  fs::rename(scene.folder / "m/a.mkv", scene.folder / "m/b.mkv");
  EXPECT_EQ(scene.Scan().vanished, 0u);
  EXPECT_EQ(scene.Scan().unchanged, 1u);
  EXPECT_EQ(scene.tool.conversions, 1);
  // Without its memory the scan knows the song by its fingerprint, and converts nothing again.
  fs::remove(scene.folder / "data/scan-index");
  EXPECT_EQ(scene.Scan().added, 0u);
  EXPECT_EQ(scene.tool.conversions, 1);
  // A copy that somebody deleted is made again, under the same id.
  fs::remove(song.media.video_path);
  scene.Scan();
  EXPECT_EQ(scene.tool.conversions, 2);
  EXPECT_EQ(ReadFile(song.media.video_path), "converted a");
  EXPECT_EQ(scene.catalogue->songs().size(), 1u);
  // Gone, and back.
  fs::rename(scene.folder / "m/b.mkv", scene.folder / "away");
  EXPECT_EQ(scene.Scan().vanished, 1u);
  EXPECT_EQ(scene.Scan().vanished, 0u);
  fs::rename(scene.folder / "away", scene.folder / "m/b.mkv");
  EXPECT_EQ(scene.Scan().returned, 1u);
  EXPECT_TRUE(scene.Find("A")->is_active);
  EXPECT_EQ(scene.tool.conversions, 2);
}

TEST(Scan, AShorterLimitLooksAgainAtWhatWasTooShort) {
  Scene scene;
  scene.Add("a.mp4", "a", VideoInfo(10, "A", "X"));
  EXPECT_EQ(scene.Scan().too_short, 1u);
  EXPECT_EQ(scene.last_text, "10.0 s long; songs shorter than 20 s are left out");
  scene.min_duration_s = 5;
  EXPECT_EQ(scene.Scan().added, 1u);
}

TEST(Scan, SaysWhatStopsIt) {
  Scene scene;
  scene.Add("a.mp4", "a", VideoInfo(60, "A", "X"));
  const auto scan = [&](const std::string& dir, Result<void> write) {
    ScanEvents events;
    events.write = [&](store::CatalogueChange) { return write; };
    const auto report = Scan({dir, scene.folder / "data"}, Catalogue(), scene.clock, scene.random,
                             scene.tool, events);
    return report ? std::string() : report.error().message;
  };
  EXPECT_EQ(scan(scene.folder / "gone", {}),
            "cannot read the folder " + (scene.folder / "gone") + ": No such file or directory");
  EXPECT_EQ(scan(scene.folder / "m", Fail(ErrorCode::kUnavailable, "disk full")), "disk full");
  scene.tool.ready =
      Fail(ErrorCode::kUnavailable, "ffprobe is not installed: apt-get install ffmpeg");
  EXPECT_EQ(scan(scene.folder / "m", {}), "ffprobe is not installed: apt-get install ffmpeg");
}

TEST(Rebase, TakesOnlyWhatTheScanChanged) {
  Song before;
  before.id = *ObjectId::Parse("507f1f77bcf86cd799439011");
  before.title = "Old";
  before.media.video_path = "/a.mp4";
  Song scanned = before, edited = before;
  scanned.media.video_path = "/b.mp4";
  edited.title = "The curator's";
  store::CatalogueChange change;
  change.songs = {scanned};
  const auto rebased = Rebase(change, Catalogue(1, {before}, {}), Catalogue(2, {edited}, {}));
  EXPECT_EQ(rebased.songs[0].title, "The curator's");
  EXPECT_EQ(rebased.songs[0].media.video_path, "/b.mp4");
}

TEST(Scan, MemoryStaysFlatOverTwentyThousandFiles) {
  Scene scene;
  constexpr int kFolders = 100, kFilesEach = 200;
  for (int folder = 0; folder < kFolders; ++folder) {
    fs::create_directories(scene.folder / ("m/artist " + std::to_string(folder)));
    for (int file = 0; file < kFilesEach; ++file) {
      std::ofstream(scene.folder / ("m/artist " + std::to_string(folder) + "/song " +
                                    std::to_string(file) + ".mp3"))
          << folder << ' ' << file;
    }
  }
  scene.tool.otherwise = [](const std::string&) { return Result<MediaInfo>(AudioInfo(60)); };
  std::size_t songs = 0, notes = 0, tellings = 0;
  std::optional<ScanProgress> last;
  ScanEvents events;
  events.write = [&](store::CatalogueChange change) -> Result<void> {
    songs += change.songs.size();
    scene.clock.now_ms += 50;
    return {};
  };
  events.note = [&](const ScanNote&) { ++notes; };
  events.progress = [&](const ScanProgress& progress) {
    ++tellings;
    last = progress;
  };
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const std::size_t before = ::mallinfo2().uordblks;
  std::size_t most = 0;
  events.stopped = [&] {
    most = std::max<std::size_t>(most, ::mallinfo2().uordblks);
    return false;
  };
#endif
  const auto report = Scan({scene.folder / "m", scene.folder / "data"}, Catalogue(), scene.clock,
                           scene.random, scene.tool, events);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->added, 20'000u);
  EXPECT_EQ(songs, 20'000u);
  EXPECT_EQ(notes, 20'000u);
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->done, 20'000u);
  EXPECT_EQ(last->total, 20'000u);
  EXPECT_GT(last->files_per_s, 0);
  EXPECT_LT(tellings, 700u);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(most - before, 20'000u * 200 + 2'000'000);
#endif
}

}  // namespace
}  // namespace popradio::media
