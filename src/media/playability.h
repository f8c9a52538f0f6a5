#pragma once

#include <string>
#include <string_view>

#include "media/probe.h"

namespace popradio::media {

// What must be done once, at ingest, so that today's browsers play a file. Browsers play H.264,
// VP8, VP9 and AV1 with AAC, MP3, Opus, FLAC or Vorbis in MP4 or WebM, and MP3, AAC, Vorbis, Opus,
// FLAC and PCM as sound alone. Where only the container is in the way the streams are copied, which
// is cheap and loses nothing; a codec that few browsers know is encoded again. The original is
// never touched.
struct Conversion {
  bool needed = false;
  bool copy_video = false;
  bool copy_audio = false;
  bool has_video = false;  // of the result; covers are dropped
  bool has_audio = false;
  std::string extension;  // of the result: "mp4", "webm" or "m4a"
  std::string why;        // "mpeg2video plays in few browsers"
};

// Pure. `path` matters by its extension only: ffprobe does not tell WebM from Matroska.
Conversion PlanConversion(std::string_view path, const MediaInfo& info);

}  // namespace popradio::media
