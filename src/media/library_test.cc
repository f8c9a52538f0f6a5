#include "media/library.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "media/demo.h"
#include "media/fingerprint.h"
#include "media/media_testing.h"
#include "media/walk.h"

namespace popradio::media {
namespace {

namespace fs = std::filesystem;

Song WithVideo(const std::string& path) {
  Song song;
  song.media.video_path = path;
  return song;
}

TEST(OpenMedia, OpensFilesBeneathTheLibraryFoldersOnly) {
  TestFolder folder;
  const std::string inside = folder.Write("library/a/song.mp4", "0123456789");
  const std::string secret = folder.Write("secret/song.mp4", "secret");
  folder.Write("library/notes.txt", "text");
  fs::create_symlink(secret, folder / "library/link.mp4");
  fs::create_directory_symlink(folder / "secret", folder / "library/linked");
  ASSERT_EQ(::mkfifo((folder / "library/pipe.mp4").c_str(), 0600), 0);
  fs::create_directory(folder / "library/folder.mp4");
  const std::vector<std::string> roots = {folder / "nowhere", folder / "library"};

  const auto file = OpenMedia(WithVideo(inside), MediaKind::kVideo, roots);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->size(), 10);
  EXPECT_EQ(file->content_type(), "video/mp4");
  EXPECT_GT(file->mtime_ms(), 0);
  char bytes[10];
  EXPECT_EQ(::pread(file->fd(), bytes, 10, 0), 10);

  const std::string cases[] = {"",
                               folder / "library/gone.mp4",
                               secret,
                               folder / "library/link.mp4",
                               folder / "library/linked/song.mp4",
                               folder / "library/../secret/song.mp4",
                               folder / "library/a/../../secret/song.mp4",
                               folder / "library/notes.txt",
                               folder / "library/pipe.mp4",
                               folder / "library/folder.mp4",
                               folder / "library",
                               folder / "library-2/song.mp4",
                               "library/a/song.mp4"};
  for (const std::string& path : cases) {
    const auto refused = OpenMedia(WithVideo(path), MediaKind::kVideo, roots);
    ASSERT_FALSE(refused.has_value()) << path;
    EXPECT_EQ(refused.error().code, ErrorCode::kNotFound) << path;
  }
  EXPECT_FALSE(OpenMedia(WithVideo(inside), MediaKind::kAudio, roots).has_value());
  EXPECT_FALSE(OpenMedia(WithVideo(inside), MediaKind::kVideo, {}).has_value());
}

TEST(LibraryRoots, HoldTheDataFolderAndWhatWasAddedOnce) {
  TestFolder folder;
  fs::create_directories(folder / "data");
  fs::create_directories(folder / "music/sub");
  fs::create_directory_symlink(folder / "music", folder / "alias");
  EXPECT_EQ(LoadLibraryRoots(folder / "data"), std::vector<std::string>{folder / "data"});
  ASSERT_TRUE(AddLibraryRoot(folder / "data", folder / "music/sub").has_value());
  ASSERT_TRUE(AddLibraryRoot(folder / "data", (folder / "music") + "/").has_value());
  ASSERT_TRUE(AddLibraryRoot(folder / "data", folder / "alias").has_value());
  ASSERT_TRUE(AddLibraryRoot(folder / "data", folder / "data/art").has_value());
  EXPECT_EQ(LoadLibraryRoots(folder / "data"),
            (std::vector<std::string>{folder / "data", folder / "music"}));
  EXPECT_FALSE(AddLibraryRoot(folder / "no-such-data", folder / "music").has_value());
}

TEST(FingerprintFile, KnowsContentAndSizeButNotNames) {
  TestFolder folder;
  const std::string big(5 * kFingerprintChunk, 'x');
  const auto of = [&](const std::string& name, std::string_view bytes) {
    const auto fingerprint = FingerprintFile(folder.Write(name, bytes));
    return fingerprint ? *fingerprint : fingerprint.error().message;
  };
  EXPECT_EQ(of("a", "one"), of("b", "one"));
  EXPECT_EQ(of("a", "one").size(), 32u);
  EXPECT_NE(of("a", "one"), of("a", "two"));
  EXPECT_NE(of("a", ""), of("a", std::string_view("\0", 1)));
  EXPECT_EQ(of("a", big), of("b", big));
  EXPECT_NE(of("a", big), of("a", big + "x"));
  for (const std::size_t at : {std::size_t(0), big.size() / 2, big.size() - 1}) {
    std::string other = big;
    other[at] = 'y';
    EXPECT_NE(of("a", big), of("a", other)) << at;
  }
  EXPECT_FALSE(FingerprintFile(folder / "missing").has_value());
  EXPECT_FALSE(FingerprintFile(folder.path()).has_value());
}

TEST(Walker, FindsMediaOnceWhateverLinksThereAre) {
  TestFolder folder;
  for (const char* name : {"m/b/2.mp3", "m/b/1.MP4", "m/a.ogg", "m/.hidden/x.mp3", "m/.y.mp3",
                           "m/notes.txt", "m/data/art/z.mp4", "elsewhere/e.mp3", "single.mp3"}) {
    folder.Write(name, name);
  }
  fs::create_directory_symlink(folder / "m", folder / "m/b/loop");
  fs::create_directory_symlink(folder / "elsewhere", folder / "m/outside");
  fs::create_directory_symlink(folder / "elsewhere", folder / "m/outside2");
  fs::create_symlink(folder / "m/a.ogg", folder / "m/alias.ogg");
  fs::create_symlink(folder / "single.mp3", folder / "m/single-link.mp3");
  fs::create_symlink(folder / "nowhere", folder / "m/dangling.mp3");
  auto walker = Walker::Open(folder / "m", folder / "m/data");
  ASSERT_TRUE(walker.has_value());
  std::vector<std::string> found;
  for (WalkedFile file; walker->Next(file);)
    found.push_back(file.relative + "=" + file.path.substr(folder.path().size()));
  EXPECT_EQ(found, (std::vector<std::string>{"a.ogg=/m/a.ogg", "b/1.MP4=/m/b/1.MP4",
                                             "b/2.mp3=/m/b/2.mp3", "outside/e.mp3=/elsewhere/e.mp3",
                                             "single-link.mp3=/single.mp3"}));
  EXPECT_FALSE(Walker::Open(folder / "gone", "").has_value());
  EXPECT_FALSE(Walker::Open(folder / "single.mp3", "").has_value());
}

TEST(LoadDemoStation, ReadsTheStationAndSaysWhatIsMissing) {
  TestFolder folder;
  folder.Write("demo/media/one.mp4", "one");
  folder.Write("demo/media/one.webp", "art");
  const auto load = [&](const std::string& station) {
    folder.Write("demo/station.json", station);
    return LoadDemoStation(folder / "demo", folder / "data", FromEpochMs(1'770'000'000'000));
  };
  const std::string song =
      R"({"_id":"0123456789abcdef01234567","title":"One","artist":"A","genre":["Pop"],"releaseYear":1810,
      "duration":61,"file":"media/one.mp4","art":"media/one.webp","tune":"Für Elise","colour":"#f0f"})";
  const auto change =
      load("{\"songs\":[" + song + R"(],"playlists":[{"_id":"aaaaaaaaaaaaaaaaaaaaaaaa","title":"P",
      "description":"d","isFeatured":true,"songs":["0123456789abcdef01234567"],"cover":"media/one.webp"}]})");
  ASSERT_TRUE(change.has_value()) << change.error().message;
  ASSERT_EQ(change->songs.size(), 1u);
  EXPECT_EQ(change->songs[0].media.video_path, folder / "demo/media/one.mp4");
  EXPECT_EQ(change->songs[0].media.art_path, folder / "demo/media/one.webp");
  EXPECT_EQ(change->songs[0].media.art_type, "image/webp");
  EXPECT_EQ(change->songs[0].duration_s, 61);
  EXPECT_TRUE(change->playlists[0].is_featured);
  EXPECT_EQ(change->playlists[0].cover_path, folder / "demo/media/one.webp");
  EXPECT_TRUE(OpenMedia(change->songs[0], MediaKind::kVideo, LoadLibraryRoots(folder / "data"))
                  .has_value());

  const auto message = [&](const std::string& station) {
    const auto result = load(station);
    return result ? std::string("accepted") : result.error().message;
  };
  EXPECT_NE(message("{").find("station.json: line 1, column 2"), std::string::npos);
  EXPECT_NE(message("{}").find("there is no list of songs in it"), std::string::npos);
  EXPECT_NE(
      message(
          R"({"songs":[{"_id":"0123456789abcdef01234567","title":"T","artist":"A","file":"media/gone.mp4"}]})")
          .find("names media/gone.mp4, which is not there"),
      std::string::npos);
  EXPECT_NE(
      message(
          R"({"songs":[{"_id":"0123456789abcdef01234567","title":"T","artist":"A","file":"../x.mp4"}]})")
          .find("which is not there"),
      std::string::npos);
  EXPECT_NE(
      message("{\"songs\":[" + song +
              R"(],"playlists":[{"_id":"aaaaaaaaaaaaaaaaaaaaaaaa","title":"P","songs":["x"]}]})")
          .find("there is no song x"),
      std::string::npos);
  EXPECT_FALSE(LoadDemoStation(folder / "none", folder / "data", Instant()).has_value());
}

}  // namespace
}  // namespace popradio::media
