#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "media/ffmpeg.h"

namespace popradio::media {

// A folder of its own for each test, removed at the end.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  // Writes a file, making the folders on the way; returns its path.
  std::string Write(const std::string& name, std::string_view bytes) const;

 private:
  std::string path_;
};

// Time that stands still until it is moved.
class TestClock final : public Clock {
 public:
  Instant Now() const override { return FromEpochMs(now_ms.load()); }
  Millis Steady() const override { return Millis(now_ms.load()); }
  std::atomic<std::int64_t> now_ms{1'770'000'000'000};
};

// Answers from a table, so that scanning can be tested without real media. A file's content is its
// key: what is not in the table is broken.
class FakeTool final : public MediaTool {
 public:
  Result<void> Ready() override { return ready; }
  Result<MediaInfo> Probe(const std::string& path) override;
  Result<void> MakePicture(const PictureSource& source, const PictureSize& size,
                           const std::string& to) override;
  Result<void> Convert(const std::string& from, const MediaInfo& info, const Conversion& plan,
                       const std::string& to, const ConvertProgress& progress) override;

  // Called when the table has nothing; by default the file is broken.
  std::function<Result<MediaInfo>(const std::string& path)> otherwise;
  std::map<std::string, MediaInfo> files;  // by content
  Result<void> ready;
  std::atomic<int> probes{0}, pictures{0}, conversions{0};
  std::atomic<int> at_once{0}, most_at_once{0};
};

// H.264 and AAC in MP4, or MP3, of that length.
MediaInfo VideoInfo(double duration_s, const std::string& title = {},
                    const std::string& artist = {});
MediaInfo AudioInfo(double duration_s, const std::string& title = {},
                    const std::string& artist = {});

// Runs ffmpeg with these arguments and expects success.
void RunFfmpeg(const std::vector<std::string>& arguments);
// A real video of 64x36 pixels with a tone of `hertz`, so that different tones are different files.
void MakeClip(const std::string& path, int seconds, int hertz,
              const std::vector<std::string>& more = {});

std::string ReadFile(const std::string& path);

}  // namespace popradio::media
