#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "media/playability.h"
#include "media/probe.h"

namespace popradio::media {

inline constexpr int kMaxArtPixels = 600;    // album art fits in a square of this side
inline constexpr int kMaxVideoHeight = 720;  // of what is encoded again

// Where album art is taken from.
struct PictureSource {
  std::string path;
  int stream = -1;  // an attached cover; -1: the first picture
  double at_s = 0;  // for a frame of a video
};

// How large it gets; a smaller one stays as it is.
struct PictureSize {
  int side = kMaxArtPixels;
  bool fills = false;  // the square of that side is filled; else the picture fits in it
};

// The fraction done, 0 to 1.
using ConvertProgress = std::function<void(double)>;

// What is done with media files, so that tests can do without. Every call blocks; several threads
// may call at once. Paths are absolute. Results appear under their name only when they are whole.
class MediaTool {
 public:
  virtual ~MediaTool() = default;
  // Whether it can work at all; the failure says what to install.
  virtual Result<void> Ready() = 0;
  // The failure is the reason in ffprobe's words, without the path.
  virtual Result<MediaInfo> Probe(const std::string& path) = 0;
  // Writes a JPEG.
  virtual Result<void> MakePicture(const PictureSource& source, const PictureSize& size,
                                   const std::string& to) = 0;
  virtual Result<void> Convert(const std::string& from, const MediaInfo& info,
                               const Conversion& plan, const std::string& to,
                               const ConvertProgress& progress) = 0;
};

// The real one: child processes with deadlines. The programs may read files only and know no
// formats that point to other files, so that a playlist dressed up as a video cannot make them read
// or fetch something else.
class FfmpegTool final : public MediaTool {
 public:
  explicit FfmpegTool(const Clock& clock) : clock_(clock) {}
  Result<void> Ready() override;
  Result<MediaInfo> Probe(const std::string& path) override;
  Result<void> MakePicture(const PictureSource& source, const PictureSize& size,
                           const std::string& to) override;
  Result<void> Convert(const std::string& from, const MediaInfo& info, const Conversion& plan,
                       const std::string& to, const ConvertProgress& progress) override;

 private:
  const Clock& clock_;
};

}  // namespace popradio::media
