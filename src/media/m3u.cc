#include "media/m3u.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "media/media_types.h"
#include "media/names.h"
#include "media/text.h"

namespace popradio::media {
namespace {

constexpr std::size_t kMaxM3uLineBytes = 16 * 1024;

// What the comment lines before an address said about it.
struct Pending {
  std::optional<int> duration_s;
  std::string artist, title, picture;
  std::vector<std::string> genre;
};

// `tvg-logo="https://…"` among the attributes of an #EXTINF.
std::string Attribute(std::string_view attributes, std::string_view name) {
  const std::string key = std::string(name) + "=\"";
  const auto at = attributes.find(key);
  if (at == std::string_view::npos) return {};
  const auto begin = at + key.size();
  const auto end = attributes.find('"', begin);
  if (end == std::string_view::npos) return {};
  return std::string(attributes.substr(begin, end - begin));
}

// "#EXTINF:235 tvg-logo="x, y",Artist - Title": the comma that counts is the first outside quotes.
void ReadExtInf(std::string_view text, Pending& pending) {
  bool quoted = false;
  std::size_t comma = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == ',' && !quoted) {
      comma = i;
      break;
    }
  }
  const std::string head(text.substr(0, comma));
  const double seconds = std::strtod(head.c_str(), nullptr);
  if (std::isfinite(seconds) && seconds >= 1 && seconds <= kMaxDurationS)
    pending.duration_s = static_cast<int>(seconds);
  pending.picture = Attribute(head, "tvg-logo");
  if (comma == text.size()) return;
  const std::string_view name = TrimAscii(text.substr(comma + 1));
  const auto dash = name.find(" - ");
  if (dash == std::string_view::npos) {
    pending.title = CleanTag(name, kMaxTitleBytes);
  } else {
    pending.artist = CleanTag(name.substr(0, dash), kMaxTitleBytes);
    pending.title = CleanTag(name.substr(dash + 3), kMaxTitleBytes);
  }
}

ParsedSong MakeSong(int line, std::string_view address, const Pending& pending) {
  ParsedSong song;
  song.line = line;
  const std::string_view path = address.substr(0, address.find_first_of("?#"));
  const GuessedNames names = GuessNames(FileName(path));
  song.title = pending.title.empty() ? names.title : pending.title;
  song.artist = !pending.artist.empty() ? pending.artist
                : pending.title.empty() ? names.artist
                                        : "";
  if (song.artist->empty()) song.artist = kUnknownArtist;
  (IsAudioFile(path) ? song.audio_url : song.video_url) = std::string(address);
  song.duration_s = pending.duration_s;
  if (!pending.genre.empty()) song.genre = pending.genre;
  if (!pending.picture.empty()) song.album_art = pending.picture;
  return song;
}

}  // namespace

Result<ParsedCatalogue> ParseM3u(std::string_view bytes) {
  if (bytes.size() > kMaxCatalogueBytes)
    return Fail(ErrorCode::kTooLarge, "the playlist is too large");
  const std::string text = ToUtf8(bytes);
  const auto refuse = [](int line, const std::string& why) {
    return Fail(ErrorCode::kInvalidParameter, "line " + std::to_string(line) + ": " + why);
  };

  ParsedCatalogue parsed;
  Pending pending;
  std::string name;
  int name_line = 0, line_number = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    auto end = text.find_first_of("\r\n", at);
    if (end == std::string::npos) end = text.size();
    const std::string_view line = TrimAscii(std::string_view(text).substr(at, end - at));
    ++line_number;
    at = end + 1;
    if (end + 1 < text.size() && text[end] == '\r' && text[end + 1] == '\n') ++at;

    if (line.empty()) continue;
    if (line.size() > kMaxM3uLineBytes)
      return refuse(line_number, "the line is too long for a playlist");
    if (line.find('\0') != std::string_view::npos)
      return refuse(line_number, "this is no playlist but binary data");
    if (line[0] != '#') {
      if (parsed.songs.size() == kMaxCatalogueRecords)
        return refuse(line_number, "there are too many songs");
      parsed.songs.push_back(MakeSong(line_number, line, pending));
      pending = {};
      continue;
    }
    const auto colon = line.find(':');
    const std::string_view tag = line.substr(0, colon);
    const std::string_view value =
        colon == std::string_view::npos ? "" : TrimAscii(line.substr(colon + 1));
    if (tag == "#EXTINF") {
      ReadExtInf(value, pending);
    } else if (tag == "#PLAYLIST") {
      name = CleanTag(value, kMaxTitleBytes);
      name_line = line_number;
    } else if (tag == "#EXTART") {
      pending.artist = CleanTag(value, kMaxTitleBytes);
    } else if (tag == "#EXTGRP" || tag == "#EXTGENRE") {
      pending.genre = SplitGenres(value);
    } else if (tag == "#EXTIMG") {
      pending.picture = value;
    } else if (tag == "#EXT-X-TARGETDURATION" || tag == "#EXT-X-STREAM-INF") {
      return refuse(line_number,
                    "this is an HLS stream, not a list of songs; give its address as a song's "
                    "videoUrl instead");
    }
  }
  if (!name.empty() && !parsed.songs.empty()) {
    ParsedPlaylist playlist;
    playlist.line = name_line;
    playlist.title = name;
    playlist.songs.emplace();
    for (std::size_t i = 0; i < parsed.songs.size(); ++i)
      playlist.songs->push_back({parsed.songs[i].line, i});
    parsed.playlists.push_back(std::move(playlist));
  }
  return parsed;
}

}  // namespace popradio::media
