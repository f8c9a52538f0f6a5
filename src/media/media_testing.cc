#include "media/media_testing.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "media/child_process.h"
#include "media/media_types.h"

namespace popradio::media {

TestFolder::TestFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "popradio-media-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = std::filesystem::canonical(pattern).string();
}

TestFolder::~TestFolder() {
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
}

std::string TestFolder::Write(const std::string& name, std::string_view bytes) const {
  const std::string path = path_ + "/" + name;
  std::filesystem::create_directories(FolderOf(path));
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

Result<MediaInfo> FakeTool::Probe(const std::string& path) {
  ++probes;
  const int now = ++at_once;
  for (int most = most_at_once; now > most && !most_at_once.compare_exchange_weak(most, now);) {
  }
  const auto it = files.find(ReadFile(path));
  const auto found =
      it != files.end() ? Result<MediaInfo>(it->second)
      : otherwise       ? otherwise(path)
                  : Fail(ErrorCode::kInvalidParameter, "Invalid data found when processing input");
  --at_once;
  return found;
}

Result<void> FakeTool::MakePicture(const PictureSource&, const PictureSize&,
                                   const std::string& to) {
  ++pictures;
  std::ofstream(to) << "picture";
  return {};
}

Result<void> FakeTool::Convert(const std::string& from, const MediaInfo&, const Conversion&,
                               const std::string& to, const ConvertProgress& progress) {
  ++conversions;
  if (progress) progress(0.5);
  std::ofstream(to) << "converted " << ReadFile(from);
  return {};
}

MediaInfo VideoInfo(double duration_s, const std::string& title, const std::string& artist) {
  MediaInfo info = AudioInfo(duration_s, title, artist);
  info.container = "mov,mp4,m4a,3gp,3g2,mj2";
  info.has_video = true;
  info.video_codec = "h264";
  info.pixel_format = "yuv420p";
  info.audio_codec = "aac";
  return info;
}

MediaInfo AudioInfo(double duration_s, const std::string& title, const std::string& artist) {
  MediaInfo info;
  info.container = "mp3";
  info.duration_s = duration_s;
  info.has_audio = true;
  info.audio_codec = "mp3";
  info.tags.title = title;
  info.tags.artist = artist;
  return info;
}

void RunFfmpeg(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"ffmpeg", "-nostdin", "-v", "error", "-y"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto child = RunChild(SystemClock(), command, {std::chrono::seconds(120)});
  ASSERT_TRUE(child.has_value()) << child.error().message;
  ASSERT_EQ(child->exit_code, 0) << child->errors;
}

void MakeClip(const std::string& path, int seconds, int hertz,
              const std::vector<std::string>& more) {
  std::filesystem::create_directories(FolderOf(path));
  const std::string length = std::to_string(seconds);
  std::vector<std::string> arguments = {
      "-f",       "lavfi", "-i", "testsrc=s=64x36:r=2:d=" + length,
      "-f",       "lavfi", "-i", "sine=f=" + std::to_string(hertz) + ":d=" + length,
      "-shortest"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  if (more.empty() || std::find(more.begin(), more.end(), "-c:v") == more.end()) {
    for (const char* argument :
         {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"}) {
      arguments.emplace_back(argument);
    }
  }
  arguments.push_back("file:" + path);
  RunFfmpeg(arguments);
}

}  // namespace popradio::media
