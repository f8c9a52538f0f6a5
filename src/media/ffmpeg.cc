#include "media/ffmpeg.h"

#include <unistd.h>

#include <charconv>
#include <cstdio>

#include "media/child_process.h"
#include "media/media_types.h"
#include "media/text.h"

namespace popradio::media {
namespace {

constexpr Millis kProbeDeadline = std::chrono::seconds(30);
constexpr Millis kPictureDeadline = std::chrono::seconds(60);
// Encoding is slower than playing only on a machine in trouble; ten times the length is plenty.
constexpr Millis kConvertDeadlineBase = std::chrono::seconds(120);
constexpr int kConvertDeadlineFactor = 10;
constexpr std::size_t kMaxProgressBytes = 256 << 20;

constexpr const char* kMediaFormats =
    "mov,matroska,webm,avi,mpeg,mpegts,mpegvideo,m4v,mp3,aac,flac,ogg,wav,w64";
constexpr const char* kPictureFormats =
    "image2,jpeg_pipe,png_pipe,webp_pipe,mov,matroska,webm,avi,mpeg,mpegts,mpegvideo,m4v,mp3,aac,"
    "flac,ogg,wav,w64";

using Command = std::vector<std::string>;

void Append(Command& command, std::initializer_list<std::string> arguments) {
  command.insert(command.end(), arguments);
}

void AppendInput(Command& command, const char* formats, const std::string& path) {
  // "file:" keeps a name such as "concat:…" or "-i" a name.
  Append(command,
         {"-protocol_whitelist", "file", "-format_whitelist", formats, "-i", "file:" + path});
}

// The first thing the program complained about, without the path it repeats and without "[mov @
// 0x55…]".
std::string Complaint(const ChildOutput& child, const std::string& path) {
  std::string text = child.errors;
  for (auto at = text.find(path); at != std::string::npos; at = text.find(path, at))
    text.erase(at, path.size());
  std::string_view rest = TrimAscii(text);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.starts_with('[')) {
    const auto bracket = rest.find(']');
    if (bracket != std::string_view::npos) rest.remove_prefix(bracket + 1);
  }
  while (rest.starts_with("file:")) rest.remove_prefix(5);
  while (!rest.empty() && (rest[0] == ':' || rest[0] == ' ')) rest.remove_prefix(1);
  std::string clean = CleanTag(rest, 200);
  return clean.empty() ? "it cannot be read (exit code " + std::to_string(child.exit_code) + ")"
                       : clean;
}

// Runs ffmpeg into `<to>.part`, and renames when it is whole.
Result<void> RunInto(const Clock& clock, Command command, const char* muxer,
                     const std::string& from, const std::string& to, Millis deadline,
                     const std::function<void(std::string_view)>& on_output) {
  const std::string part = to + ".part";
  Append(command, {"-f", muxer, "-y", "file:" + part});
  const auto child = RunChild(clock, command, {deadline, kMaxProgressBytes}, on_output);
  std::string reason;
  if (!child) {
    ::unlink(part.c_str());
    return Fail(child.error());
  }
  if (child->exit_code != 0) {
    reason = Complaint(*child, from);
  } else if (::access(part.c_str(), R_OK) != 0) {
    reason = "ffmpeg wrote nothing";
  } else if (::rename(part.c_str(), to.c_str()) != 0) {
    reason = "cannot write " + to;
  }
  if (reason.empty()) return {};
  ::unlink(part.c_str());
  return Fail(ErrorCode::kInvalidParameter, reason);
}

std::string Decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

const Command kQuietFfmpeg = {"ffmpeg", "-nostdin", "-hide_banner", "-v", "error"};

}  // namespace

Result<void> FfmpegTool::Ready() {
  for (const char* program : {"ffprobe", "ffmpeg"}) {
    const auto child = RunChild(clock_, {program, "-version"}, {kProbeDeadline});
    if (!child) return Fail(child.error());
    if (child->exit_code != 0) {
      return Fail(ErrorCode::kUnavailable,
                  std::string(program) + " does not work here: " + CleanTag(child->errors, 200));
    }
  }
  return {};
}

Result<MediaInfo> FfmpegTool::Probe(const std::string& path) {
  Command command = {"ffprobe", "-hide_banner", "-v", "error"};
  Append(command, {"-print_format", "json", "-show_format", "-show_streams"});
  AppendInput(command, kMediaFormats, path);
  const auto child = RunChild(clock_, command, {kProbeDeadline});
  if (!child) return Fail(child.error());
  if (child->exit_code != 0) return Fail(ErrorCode::kInvalidParameter, Complaint(*child, path));
  return ParseProbe(child->out);
}

Result<void> FfmpegTool::MakePicture(const PictureSource& source, const PictureSize& size,
                                     const std::string& to) {
  Command command = kQuietFfmpeg;
  if (source.at_s > 0) Append(command, {"-ss", Decimal(source.at_s)});
  AppendInput(command, kPictureFormats, source.path);
  const std::string side = std::to_string(size.side);
  const std::string stream = source.stream >= 0 ? "0:" + std::to_string(source.stream) : "0:v:0";
  Append(command,
         {"-map", stream, "-frames:v", "1", "-an", "-vf",
          "scale=w='min(" + side + ",iw)':h='min(" + side + ",ih)':force_original_aspect_ratio=" +
              (size.fills ? "increase" : "decrease") + ",format=yuvj420p",
          "-c:v", "mjpeg", "-q:v", "3", "-map_metadata", "-1"});
  return RunInto(clock_, std::move(command), "mjpeg", source.path, to, kPictureDeadline, {});
}

Result<void> FfmpegTool::Convert(const std::string& from, const MediaInfo& info,
                                 const Conversion& plan, const std::string& to,
                                 const ConvertProgress& progress) {
  Command command = kQuietFfmpeg;
  Append(command, {"-progress", "pipe:1", "-nostats"});
  AppendInput(command, kMediaFormats, from);
  // A capital V leaves attached covers out.
  if (plan.has_video) Append(command, {"-map", "0:V:0"});
  if (plan.has_audio) Append(command, {"-map", "0:a:0"});
  if (plan.has_video && plan.copy_video) Append(command, {"-c:v", "copy"});
  if (plan.has_video && !plan.copy_video) {
    Append(command,
           {"-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", "-vf",
            "scale=w=-2:h='2*trunc(min(" + std::to_string(kMaxVideoHeight) + ",ih)/2)'"});
  }
  if (plan.has_audio && plan.copy_audio) Append(command, {"-c:a", "copy"});
  if (plan.has_audio && !plan.copy_audio)
    Append(command, {"-c:a", "aac", "-b:a", "160k", "-ac", "2"});
  Append(command, {"-sn", "-dn", "-map_chapters", "-1"});
  const bool webm = plan.extension == "webm";
  if (!webm) Append(command, {"-movflags", "+faststart"});

  std::string pending;
  const auto on_output = [&](std::string_view piece) {
    pending.append(piece);
    for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
      constexpr std::string_view kKey = "out_time_us=";
      if (pending.starts_with(kKey) && progress && info.duration_s > 0) {
        long long us = 0;
        std::from_chars(pending.data() + kKey.size(), pending.data() + end, us);
        progress(std::clamp(static_cast<double>(us) / 1e6 / info.duration_s, 0.0, 1.0));
      }
      pending.erase(0, end + 1);
    }
  };
  const auto playing =
      std::chrono::duration_cast<Millis>(std::chrono::duration<double>(info.duration_s));
  return RunInto(clock_, std::move(command), webm ? "webm" : "mp4", from, to,
                 kConvertDeadlineBase + kConvertDeadlineFactor * playing, on_output);
}

}  // namespace popradio::media
