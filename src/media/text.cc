#include "media/text.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <charconv>

#include "domain/song.h"
#include "domain/utf8.h"

namespace popradio::media {
namespace {

std::string Decode(std::string_view bytes, const char* encoding) {
  const icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), encoding);
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const UChar32 c = NextCodePoint(text, i);
    if (c < 0) return false;
  }
  return true;
}

std::string ToUtf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.starts_with("\xFF\xFE")) return Decode(bytes.substr(2), "UTF-16LE");
  if (bytes.starts_with("\xFE\xFF")) return Decode(bytes.substr(2), "UTF-16BE");
  if (IsValidUtf8(bytes)) return std::string(bytes);
  return Decode(bytes, "windows-1252");
}

std::string CleanTag(std::string_view text, std::size_t max_bytes) {
  // Whatever lies far beyond the limit cannot matter; this also keeps lengths within ICU's int32.
  text = text.substr(0, 16 * max_bytes);
  const auto size = static_cast<std::int32_t>(text.size());
  std::string out;
  bool blank = false;
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t begin = i;
    const UChar32 c = NextCodePoint(text, i);
    if (c >= 0 && (u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR)) {
      blank = true;
      continue;
    }
    std::string_view piece =
        c < 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(begin, i - begin);
    const std::size_t needed = piece.size() + (blank && !out.empty() ? 1 : 0);
    if (out.size() + needed > max_bytes) break;
    if (blank && !out.empty()) out += ' ';
    blank = false;
    out += piece;
  }
  return out;
}

std::string_view TrimAscii(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

std::vector<std::string> SplitGenres(std::string_view text, std::string_view separators) {
  std::vector<std::string> genres;
  while (!text.empty() && genres.size() < kMaxGenres) {
    const auto end = text.find_first_of(separators);
    std::string genre = CleanTag(text.substr(0, end), kMaxGenreBytes);
    if (!genre.empty() && std::find(genres.begin(), genres.end(), genre) == genres.end()) {
      genres.push_back(std::move(genre));
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return genres;
}

std::optional<int> YearIn(std::string_view text) {
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    int year = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 4, year);
    if (error == std::errc() && end == text.data() + i + 4 && text[i] != '-' && year >= kMinYear &&
        year <= kMaxYear) {
      return year;
    }
  }
  return std::nullopt;
}

std::optional<long long> WholeNumber(std::string_view text) {
  long long value = 0;
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace popradio::media
