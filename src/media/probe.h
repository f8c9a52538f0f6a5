#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace popradio::media {

// What the file says about itself; cleaned by CleanTag, empty where it says nothing. ID3, Vorbis
// comments and MP4 atoms come with the same names from ffprobe, in either case, on the file or on a
// stream.
struct Tags {
  std::string title;
  std::string artist;  // artist, else album artist, else performer
  std::string album;
  std::vector<std::string> genre;
  std::optional<int> year;  // date, year, original date, in this order
};

struct MediaInfo {
  double duration_s = 0;   // 0: the file does not say
  std::string container;   // ffprobe's format_name: "mov,mp4,m4a,3gp,3g2,mj2"
  bool has_video = false;  // moving pictures; an attached cover is none
  bool has_audio = false;
  std::string video_codec;  // "h264"
  std::string pixel_format;
  int width = 0, height = 0;
  std::string audio_codec;  // "aac"
  int picture_stream = -1;  // index of an attached cover
  Tags tags;
};

// ffprobe's -print_format json -show_format -show_streams. Fails when it is no such JSON, or
// nothing in it can be played. Pure.
Result<MediaInfo> ParseProbe(std::string_view json);

}  // namespace popradio::media
