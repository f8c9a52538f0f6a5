#include "http/conditional.h"

#include <openssl/evp.h>

#include <array>
#include <cstdio>

namespace popradio::http {
namespace {

constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

std::string_view Opaque(std::string_view etag) {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

bool Matches(std::string_view a, std::string_view b, bool weak) {
  if (weak) return Opaque(a) == Opaque(b);
  return a == b && !a.starts_with("W/");
}

// The number in `digits`, or -1.
int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

bool EtagListed(std::string_view list, std::string_view etag, bool weak) {
  if (list == "*") return true;
  while (!list.empty()) {
    const std::size_t start = list.find_first_not_of(" \t,");
    if (start == std::string_view::npos) return false;
    list.remove_prefix(start);
    const std::size_t open = list.starts_with("W/") ? 2 : 0;
    if (list.size() <= open || list[open] != '"') return false;
    const std::size_t close = list.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (Matches(list.substr(0, close + 1), etag, weak)) return true;
    list.remove_prefix(close + 1);
    if (!list.empty() && list.find_first_not_of(" \t") != list.find(',')) return false;
  }
  return false;
}

std::string FormatHttpDate(std::chrono::sys_seconds t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::weekday weekday(day);
  const std::chrono::hh_mm_ss time(t - day);
  char text[64];
  const int length = std::snprintf(
      text, sizeof text, "%.3s, %02u %.3s %04d %02d:%02d:%02d GMT",
      kDays.data() + 3 * weekday.c_encoding(), static_cast<unsigned>(date.day()),
      kMonths.data() + 3 * (static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
  return {text, static_cast<std::size_t>(length)};
}

std::optional<std::chrono::sys_seconds> ParseHttpDate(std::string_view text) {
  // Sun, 06 Nov 1994 08:49:37 GMT
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" ||
      text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':') {
    return std::nullopt;
  }
  const std::size_t month = kMonths.find(text.substr(8, 3));
  const int day = Number(text.substr(5, 2)), year = Number(text.substr(12, 4));
  const int hour = Number(text.substr(17, 2)), minute = Number(text.substr(20, 2));
  const int second = Number(text.substr(23, 2));
  if (month == std::string_view::npos || month % 3 != 0 || day < 0 || year < 0 || hour < 0 ||
      hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

Precondition EvaluateConditions(const Request& request, std::string_view etag,
                                std::optional<std::chrono::sys_seconds> last_modified) {
  const bool reads = request.method == Method::kGet || request.method == Method::kHead;
  if (const auto list = request.Header("if-match"); !list.empty()) {
    if (!EtagListed(list, etag, false)) return Precondition::kFailed;
  } else if (const auto since = ParseHttpDate(request.Header("if-unmodified-since"));
             since && last_modified && *last_modified > *since) {
    return Precondition::kFailed;
  }
  if (const auto list = request.Header("if-none-match"); !list.empty()) {
    if (!EtagListed(list, etag, true)) return Precondition::kProceed;
    return reads ? Precondition::kNotModified : Precondition::kFailed;
  }
  if (reads && last_modified) {
    const auto since = ParseHttpDate(request.Header("if-modified-since"));
    if (since && *last_modified <= *since) return Precondition::kNotModified;
  }
  return Precondition::kProceed;
}

bool SettledByConditions(const Request& request, Response& response, std::string_view etag,
                         std::optional<std::chrono::sys_seconds> last_modified) {
  switch (EvaluateConditions(request, etag, last_modified)) {
    case Precondition::kNotModified:
      response.status = 304;
      return true;
    case Precondition::kFailed:
      response.status = 412;
      return true;
    case Precondition::kProceed:
      break;
  }
  return false;
}

std::string MakeEtag(std::string_view bytes, std::string_view suffix) {
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::string etag = "\"";
  for (std::size_t i = 0; i < 8; ++i) {
    etag += "0123456789abcdef"[digest[i] >> 4];
    etag += "0123456789abcdef"[digest[i] & 15];
  }
  return etag.append(suffix).append("\"");
}

}  // namespace popradio::http
