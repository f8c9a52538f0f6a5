#include "domain/validate.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <string>
#include <string_view>

#include "domain/utf8.h"

namespace popradio {
namespace {

tl::unexpected<Error> Refuse(std::string sentence) {
  return Fail(ErrorCode::kInvalidParameter, std::move(sentence));
}

// Unicode white space off both ends. `text` must be valid UTF-8.
std::string_view Trimmed(std::string_view text) {
  const auto size = static_cast<std::int32_t>(text.size());
  std::int32_t begin = 0, end = size;
  while (begin < end) {
    std::int32_t next = begin;
    const UChar32 c = NextCodePoint(text, next);
    if (c < 0 || !u_isUWhiteSpace(c)) break;
    begin = next;
  }
  while (end > begin) {
    std::int32_t previous = end;
    const UChar32 c = PreviousCodePoint(text, previous);
    if (c < 0 || !u_isUWhiteSpace(c)) break;
    end = previous;
  }
  return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

enum class Lines { kOne, kMany };

// What every text of a record must be: valid UTF-8, in NFC, trimmed, free of control characters.
Result<void> CleanText(std::string& text, const char* field, Lines lines) {
  // Longer than any field may be: spares the normaliser what will be refused anyway.
  constexpr std::size_t kHopeless = 64 * 1024;
  if (text.size() > kHopeless) return Refuse(std::string(field) + " is far too long");
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const UChar32 c = NextCodePoint(text, i);
    if (c < 0) return Refuse(std::string(field) + " must be valid UTF-8");
    const bool layout = c == '\n' || c == '\t' || c == '\r';
    if (u_charType(c) == U_CONTROL_CHAR && !(layout && lines == Lines::kMany)) {
      // White space at the ends is about to be trimmed away; only what stays inside is wrong.
      const std::string_view inside = Trimmed(text);
      const auto at = static_cast<std::size_t>(inside.data() - text.data());
      const auto here = static_cast<std::size_t>(i) - 1;
      if (!layout || (here >= at && here < at + inside.size())) {
        return Refuse(std::string(field) + " must not contain control characters");
      }
    }
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return Fail(ErrorCode::kInternal, "ICU has no NFC data");
  const std::string_view trimmed = Trimmed(text);
  std::string normal;
  icu::StringByteSink<std::string> sink(&normal);
  nfc->normalizeUTF8(0, icu::StringPiece(trimmed.data(), static_cast<std::int32_t>(trimmed.size())),
                     sink, nullptr, status);
  if (U_FAILURE(status)) return Refuse(std::string(field) + " cannot be normalised");
  text = std::move(normal);
  return {};
}

Result<void> RequiredText(std::string& text, const char* field, std::size_t max_bytes) {
  if (auto clean = CleanText(text, field, Lines::kOne); !clean) return clean;
  if (text.empty() || text.size() > max_bytes) {
    return Refuse(std::string(field) + " must be between 1 and " + std::to_string(max_bytes) +
                  " bytes long");
  }
  return {};
}

// Empty, http(s)://host…, or a path on this station. "//host" would be another host.
Result<void> Address(std::string& url, const char* field) {
  if (auto clean = CleanText(url, field, Lines::kOne); !clean) return clean;
  if (url.empty()) return {};
  if (url.size() > kMaxUrlBytes) {
    return Refuse(std::string(field) + " must be at most " + std::to_string(kMaxUrlBytes) +
                  " bytes long");
  }
  const auto starts = [&](std::string_view prefix) {
    if (url.size() <= prefix.size()) return false;
    for (std::size_t i = 0; i < prefix.size(); ++i) {
      const char c = url[i] >= 'A' && url[i] <= 'Z' ? static_cast<char>(url[i] + 32) : url[i];
      if (c != prefix[i]) return false;
    }
    return true;
  };
  std::size_t host = 0;
  if (starts("https://")) host = 8;
  if (starts("http://")) host = 7;
  const bool full = host > 0 && url[host] != '/' && url[host] != '?' && url[host] != '#';
  const bool path = url[0] == '/' && (url.size() == 1 || (url[1] != '/' && url[1] != '\\'));
  const bool printable = url.find_first_of(" <>\"\\^`{|}") == std::string::npos;
  if (!(full || path) || !printable) {
    return Refuse(std::string(field) +
                  " must be an http(s) address or a path on this station that begins with \"/\"");
  }
  return {};
}

Result<void> BaseCount(std::int64_t count, const char* field) {
  if (count < 0 || count > kMaxBaseCount) {
    return Refuse(std::string(field) + " must be between 0 and " + std::to_string(kMaxBaseCount));
  }
  return {};
}

}  // namespace

Result<void> ValidateSong(Song& song) {
  if (auto ok = RequiredText(song.title, "title", kMaxTitleBytes); !ok) return ok;
  if (auto ok = RequiredText(song.artist, "artist", kMaxTitleBytes); !ok) return ok;
  if (auto ok = Address(song.album_art, "albumArt"); !ok) return ok;
  if (auto ok = Address(song.video_url, "videoUrl"); !ok) return ok;
  if (auto ok = Address(song.audio_url, "audioUrl"); !ok) return ok;
  if (song.video_url.empty() && song.audio_url.empty() && song.media.video_path.empty() &&
      song.media.audio_path.empty()) {
    return Refuse("videoUrl or audioUrl must be given: a song needs something to play");
  }
  if (song.duration_s < 1 || song.duration_s > kMaxDurationS) {
    return Refuse("duration must be a whole number of seconds between 1 and " +
                  std::to_string(kMaxDurationS));
  }
  if (song.genre.size() > kMaxGenres) {
    return Refuse("genre must have at most " + std::to_string(kMaxGenres) + " entries");
  }
  for (std::string& genre : song.genre) {
    if (auto ok = RequiredText(genre, "genre", kMaxGenreBytes); !ok) return ok;
  }
  if (song.release_year && (*song.release_year < kMinYear || *song.release_year > kMaxYear)) {
    return Refuse("releaseYear must be between " + std::to_string(kMinYear) + " and " +
                  std::to_string(kMaxYear));
  }
  if (auto ok = BaseCount(song.base_likes, "likes"); !ok) return ok;
  return BaseCount(song.base_plays, "plays");
}

Result<void> ValidatePlaylist(Playlist& playlist) {
  if (auto ok = RequiredText(playlist.title, "title", kMaxTitleBytes); !ok) return ok;
  if (auto ok = CleanText(playlist.description, "description", Lines::kMany); !ok) return ok;
  if (playlist.description.size() > kMaxDescriptionBytes) {
    return Refuse("description must be at most " + std::to_string(kMaxDescriptionBytes) +
                  " bytes long");
  }
  if (auto ok = Address(playlist.cover_image, "coverImage"); !ok) return ok;
  if (playlist.songs.size() > kMaxPlaylistSongs) {
    return Refuse("songs must have at most " + std::to_string(kMaxPlaylistSongs) + " entries");
  }
  if (auto ok = BaseCount(playlist.base_likes, "likes"); !ok) return ok;
  return BaseCount(playlist.base_views, "views");
}

}  // namespace popradio
