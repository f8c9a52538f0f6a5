#include "media/playability.h"

#include <algorithm>
#include <initializer_list>

#include "media/media_types.h"
#include "media/text.h"

namespace popradio::media {
namespace {

bool OneOf(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// H.264 in 4:2:0 with 8 bits is what hardware and every browser decode; 10 bits or 4:4:4 are not.
bool PlainH264(const MediaInfo& info) {
  return info.video_codec == "h264" && OneOf(info.pixel_format, {"yuv420p", "yuvj420p", ""});
}

bool VideoFitsMp4(const MediaInfo& info) {
  return PlainH264(info) || OneOf(info.video_codec, {"vp9", "av1"});
}
bool VideoFitsWebm(const MediaInfo& info) { return OneOf(info.video_codec, {"vp8", "vp9", "av1"}); }
bool AudioFitsMp4(const MediaInfo& info) {
  return !info.has_audio || OneOf(info.audio_codec, {"aac", "mp3", "opus", "flac"});
}
bool AudioFitsWebm(const MediaInfo& info) {
  return !info.has_audio || OneOf(info.audio_codec, {"opus", "vorbis"});
}

Conversion PlanVideo(std::string_view extension, const MediaInfo& info) {
  Conversion plan;
  plan.has_video = true;
  plan.has_audio = info.has_audio;
  if (OneOf(extension, {"mp4", "m4v"}) && VideoFitsMp4(info) && AudioFitsMp4(info)) return plan;
  if (extension == "webm" && VideoFitsWebm(info) && AudioFitsWebm(info)) return plan;

  plan.needed = true;
  if (VideoFitsWebm(info) && AudioFitsWebm(info) && !(VideoFitsMp4(info) && AudioFitsMp4(info))) {
    plan.extension = "webm";
    plan.copy_video = plan.copy_audio = true;
  } else {
    plan.extension = "mp4";
    plan.copy_video = VideoFitsMp4(info);
    plan.copy_audio = info.has_audio && AudioFitsMp4(info);
  }
  if (!plan.copy_video) {
    plan.why = info.video_codec + " plays in few browsers";
  } else if (info.has_audio && !plan.copy_audio) {
    plan.why = info.audio_codec + " plays in few browsers";
  } else {
    plan.why = "." + std::string(extension) + " files play in few browsers";
  }
  return plan;
}

Conversion PlanAudio(std::string_view extension, const MediaInfo& info) {
  Conversion plan;
  plan.has_audio = true;
  const std::string_view codec = info.audio_codec;
  const bool plays =
      (OneOf(extension, {"mp3"}) && codec == "mp3") ||
      (OneOf(extension, {"m4a", "mp4", "m4v"}) && OneOf(codec, {"aac", "mp3"})) ||
      (extension == "aac" && codec == "aac") || (extension == "flac" && codec == "flac") ||
      (OneOf(extension, {"ogg", "oga", "opus"}) && OneOf(codec, {"vorbis", "opus", "flac"})) ||
      (extension == "webm" && OneOf(codec, {"vorbis", "opus"})) ||
      (extension == "wav" && codec.starts_with("pcm_"));
  if (plays) return plan;
  plan.needed = true;
  plan.extension = "m4a";
  plan.copy_audio = codec == "aac";
  plan.why = plan.copy_audio ? "." + std::string(extension) + " files play in few browsers"
                             : std::string(codec) + " plays in few browsers";
  return plan;
}

}  // namespace

Conversion PlanConversion(std::string_view path, const MediaInfo& info) {
  const std::string extension = LowerAscii(FileExtension(path));
  return info.has_video && IsVideoFile(path) ? PlanVideo(extension, info)
                                             : PlanAudio(extension, info);
}

}  // namespace popradio::media
