#include "media/probe.h"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <map>

#include "domain/song.h"
#include "media/text.h"

namespace popradio::media {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxProbeDepth = 16;

using TagMap = std::map<std::string, std::string>;

std::string_view Text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

int Whole(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return 0;
  boost::system::error_code error;
  const int number = value->to_number<int>(error);
  return error ? 0 : number;
}

// ffprobe writes seconds as a text, "N/A" where it does not know.
double Seconds(const json::object& object, std::string_view key) {
  const std::string_view text = Text(object, key);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::isfinite(value) && value > 0 ? value : 0;
}

// Keys in lower case; what is there already stays: the file's tags outrank a stream's.
void AddTags(TagMap& tags, const json::object& owner) {
  const json::value* found = owner.if_contains("tags");
  if (found == nullptr || !found->is_object()) return;
  for (const auto& [key, value] : found->get_object()) {
    if (value.is_string() && !value.get_string().empty()) {
      tags.emplace(LowerAscii(std::string_view(key)), std::string(value.get_string()));
    }
  }
}

std::string First(const TagMap& tags, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto it = tags.find(key);
    if (it == tags.end()) continue;
    std::string clean = CleanTag(it->second, kMaxTitleBytes);
    if (!clean.empty()) return clean;
  }
  return {};
}

// Vorbis comments may repeat a name; ffprobe joins them by ";" without a blank. Of several titles
// the last one written counts (some taggers only ever append), artists all count.
void Unjoin(TagMap& tags) {
  if (const auto title = tags.find("title"); title != tags.end()) {
    const auto last = title->second.rfind(';');
    if (last != std::string::npos && last + 1 < title->second.size() &&
        title->second[last + 1] != ' ') {
      title->second.erase(0, last + 1);
    }
  }
  if (const auto artist = tags.find("artist"); artist != tags.end()) {
    std::string& names = artist->second;
    for (auto at = names.find(';'); at != std::string::npos; at = names.find(';', at + 2)) {
      if (at + 1 < names.size() && names[at + 1] != ' ') names.replace(at, 1, ", ");
    }
  }
}

void ReadStream(const json::object& stream, MediaInfo& info, TagMap& tags, double& longest_s) {
  const std::string_view type = Text(stream, "codec_type");
  if (type == "video") {
    const json::value* disposition = stream.if_contains("disposition");
    const bool cover = disposition != nullptr && disposition->is_object() &&
                       Whole(disposition->get_object(), "attached_pic") == 1;
    if (cover) {
      if (info.picture_stream < 0) info.picture_stream = Whole(stream, "index");
      return;
    }
    if (info.has_video) return;
    info.has_video = true;
    info.video_codec = Text(stream, "codec_name");
    info.pixel_format = Text(stream, "pix_fmt");
    info.width = Whole(stream, "width");
    info.height = Whole(stream, "height");
  } else if (type == "audio") {
    if (!info.has_audio) {
      info.has_audio = true;
      info.audio_codec = Text(stream, "codec_name");
    }
  } else {
    return;
  }
  longest_s = std::max(longest_s, Seconds(stream, "duration"));
  AddTags(tags, stream);
}

}  // namespace

Result<MediaInfo> ParseProbe(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxProbeDepth;
  // A tag may hold bytes of any encoding; CleanTag makes them valid.
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  const json::value root = json::parse(text, error, {}, options);
  if (error || !root.is_object())
    return Fail(ErrorCode::kInvalidParameter, "ffprobe's answer cannot be read");

  MediaInfo info;
  TagMap tags;
  double longest_s = 0;
  if (const json::value* format = root.get_object().if_contains("format");
      format && format->is_object()) {
    info.container = Text(format->get_object(), "format_name");
    info.duration_s = Seconds(format->get_object(), "duration");
    AddTags(tags, format->get_object());
  }
  if (const json::value* streams = root.get_object().if_contains("streams");
      streams && streams->is_array()) {
    for (const json::value& stream : streams->get_array()) {
      if (stream.is_object()) ReadStream(stream.get_object(), info, tags, longest_s);
    }
  }
  if (!info.has_audio && !info.has_video) {
    return Fail(ErrorCode::kInvalidParameter, "there is neither sound nor picture in it");
  }
  if (info.duration_s == 0) info.duration_s = longest_s;

  if (info.container == "ogg" || info.container == "flac") Unjoin(tags);
  info.tags.title = First(tags, {"title"});
  info.tags.artist = First(tags, {"artist", "album_artist", "albumartist", "performer"});
  info.tags.album = First(tags, {"album"});
  if (const auto genre = tags.find("genre"); genre != tags.end())
    info.tags.genre = SplitGenres(genre->second);
  for (const char* key : {"date", "year", "originaldate", "originalyear", "tdor", "tyer"}) {
    const auto it = tags.find(key);
    if (it != tags.end() && !info.tags.year) info.tags.year = YearIn(it->second);
  }
  return info;
}

}  // namespace popradio::media
