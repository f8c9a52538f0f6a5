// Scanning and probing real media that ffmpeg makes on the spot.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "media/ffmpeg.h"
#include "media/library.h"
#include "media/media_testing.h"
#include "media/scan.h"

namespace popradio::media {
namespace {

namespace fs = std::filesystem;

const SystemClock kSystemClock;

TEST(FfmpegTool, ReadsTagsOfEveryKind) {
  TestFolder folder;
  FfmpegTool tool(kSystemClock);
  ASSERT_TRUE(tool.Ready().has_value());
  const std::vector<std::string> tags = {
      "-metadata", "title=Für Élise – 夜", "-metadata", "artist=Мотив",
      "-metadata", "genre=Pop;Rock",       "-metadata", "date=1999-05-01"};
  for (const std::string extension : {"mp3", "m4a", "ogg", "flac", "opus", "wav"}) {
    SCOPED_TRACE(extension);
    std::vector<std::string> arguments = {"-f", "lavfi", "-i", "sine=d=2:f=440"};
    arguments.insert(arguments.end(), tags.begin(), tags.end());
    const std::string path = folder / ("a -i b." + extension);
    arguments.push_back("file:" + path);
    RunFfmpeg(arguments);
    const auto info = tool.Probe(path);
    ASSERT_TRUE(info.has_value()) << info.error().message;
    EXPECT_NEAR(info->duration_s, 2.0, 0.2);
    EXPECT_TRUE(info->has_audio);
    EXPECT_FALSE(info->has_video);
    EXPECT_EQ(info->tags.title, "Für Élise – 夜");
    EXPECT_EQ(info->tags.artist, "Мотив");
    EXPECT_EQ(info->tags.genre, (std::vector<std::string>{"Pop", "Rock"}));
    EXPECT_EQ(info->tags.year, 1999);
  }
}

TEST(FfmpegTool, SaysWhyAFileIsBrokenAndFollowsNoPlaylists) {
  TestFolder folder;
  FfmpegTool tool(kSystemClock);
  MakeClip(folder / "good.mp4", 2, 440);
  const std::string good = ReadFile(folder / "good.mp4");
  const std::string cases[] = {
      folder.Write("empty.mp4", ""),
      folder.Write("text.mp3", std::string(3000, 'x')),
      folder.Write("cut.mp4", good.substr(0, good.size() / 3)),
      folder.Write("list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n" +
                                   (folder / "good.mp4") + "\n#EXT-X-ENDLIST\n"),
      folder.Write("concat.mp4", "ffconcat version 1.0\nfile good.mp4\n"),
      folder / "gone.mp4",
  };
  for (const std::string& path : cases) {
    const auto info = tool.Probe(path);
    ASSERT_FALSE(info.has_value()) << path;
    EXPECT_FALSE(info.error().message.empty());
    EXPECT_EQ(info.error().message.find(folder.path()), std::string::npos) << info.error().message;
  }
}

TEST(ScanRealMedia, MakesAStationOfWhatItFinds) {
  TestFolder folder;
  FfmpegTool tool(kSystemClock);
  const std::string m = folder / "m";
  MakeClip(m + "/Band - Clip.mp4", 21, 300);
  MakeClip(m + "/matroska.mkv", 21, 400, {"-metadata", "title=Mat", "-metadata", "artist=Roska"});
  MakeClip(m + "/old.mpg", 21, 500, {"-c:v", "mpeg2video", "-r", "25", "-c:a", "mp2"});
  MakeClip(m + "/short.mp4", 3, 600);
  RunFfmpeg({"-f",
             "lavfi",
             "-i",
             "sine=d=25:f=700",
             "-f",
             "lavfi",
             "-i",
             "testsrc=s=900x700:d=1:r=1",
             "-map",
             "0:a",
             "-map",
             "1:v",
             "-frames:v",
             "1",
             "-c:v",
             "mjpeg",
             "-disposition:v",
             "attached_pic",
             "-metadata",
             "title=Covered",
             "-metadata",
             "artist=Ärtist",
             m + "/covered.mp3"});
  fs::create_directories(m + "/Artist/Album");
  RunFfmpeg({"-f", "lavfi", "-i", "sine=d=25:f=800", m + "/Artist/Album/03 Song.ogg"});
  RunFfmpeg({"-f", "lavfi", "-i", "testsrc=s=64x64:d=1:r=1", "-frames:v", "1",
             m + "/Artist/Album/cover.jpg"});
  fs::copy_file(m + "/covered.mp3", m + "/again.mp3");
  std::ofstream(m + "/broken.mp4") << "no video at all";

  std::map<std::string, Song> songs;
  std::vector<std::string> told;
  ScanEvents events;
  events.write = [&](store::CatalogueChange change) -> Result<void> {
    for (const Song& song : change.songs) songs[song.title] = song;
    return {};
  };
  events.note = [&](const ScanNote& note) { told.push_back(note.path + ": " + note.text); };
  SeededRandom random(3);
  const auto report = Scan({m, folder / "data"}, Catalogue(), kSystemClock, random, tool, events);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  std::string all;
  for (const std::string& line : told) all += line + "\n";
  EXPECT_EQ(report->files, 8u) << all;
  EXPECT_EQ(report->added, 5u) << all;
  EXPECT_EQ(report->too_short, 1u) << all;
  EXPECT_EQ(report->broken, 1u) << all;
  EXPECT_EQ(report->duplicates, 1u) << all;
  EXPECT_EQ(report->converted, 2u) << all;

  const auto roots = LoadLibraryRoots(folder / "data");
  for (const auto& [title, song] : songs) {
    SCOPED_TRACE(title);
    const bool video = !song.media.video_path.empty();
    EXPECT_TRUE(OpenMedia(song, video ? MediaKind::kVideo : MediaKind::kAudio, roots).has_value());
    EXPECT_TRUE(OpenMedia(song, MediaKind::kArt, roots).has_value());
  }
  ASSERT_TRUE(songs.contains("Clip"));
  EXPECT_EQ(songs["Clip"].artist, "Band");
  EXPECT_EQ(songs["Clip"].duration_s, 21);
  ASSERT_TRUE(songs.contains("Mat"));
  EXPECT_TRUE(songs["Mat"].media.video_path.ends_with(".mp4"));
  const auto remuxed = tool.Probe(songs["Mat"].media.video_path);
  ASSERT_TRUE(remuxed.has_value());
  EXPECT_EQ(remuxed->video_codec, "h264");
  ASSERT_TRUE(songs.contains("old"));
  const auto encoded = tool.Probe(songs["old"].media.video_path);
  ASSERT_TRUE(encoded.has_value());
  EXPECT_EQ(encoded->video_codec, "h264");
  EXPECT_EQ(encoded->audio_codec, "aac");
  ASSERT_TRUE(songs.contains("Song"));
  EXPECT_EQ(songs["Song"].artist, "Artist");
  EXPECT_EQ(songs["Song"].duration_s, 25);
  ASSERT_TRUE(songs.contains("Covered"));
  EXPECT_EQ(songs["Covered"].artist, "Ärtist");
  const std::string art = ReadFile(songs["Covered"].media.art_path);
  EXPECT_TRUE(art.starts_with("\xFF\xD8\xFF"));  // a JPEG
}

}  // namespace
}  // namespace popradio::media
