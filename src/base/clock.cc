#include "base/clock.h"

#include <charconv>
#include <cstring>

namespace popradio {
namespace {

void TwoDigits(unsigned value, char* out) {
  out[0] = static_cast<char>('0' + value / 10 % 10);
  out[1] = static_cast<char>('0' + value % 10);
}

// Reads exactly `count` digits at `pos`.
std::optional<int> Digits(std::string_view text, std::size_t pos, std::size_t count) {
  if (pos + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = pos; i < pos + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

Instant SystemClock::Now() const {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

Millis SystemClock::Steady() const {
  return std::chrono::floor<Millis>(std::chrono::steady_clock::now().time_since_epoch());
}

void FormatIso8601(Instant t, char* out) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const auto in_day = t - day;
  const auto ms = static_cast<unsigned>(in_day.count());
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  std::memcpy(out, "0000-00-00T00:00:00.000Z", 24);
  TwoDigits(year / 100, out);
  TwoDigits(year % 100, out + 2);
  TwoDigits(static_cast<unsigned>(date.month()), out + 5);
  TwoDigits(static_cast<unsigned>(date.day()), out + 8);
  TwoDigits(ms / 3600000, out + 11);
  TwoDigits(ms / 60000 % 60, out + 14);
  TwoDigits(ms / 1000 % 60, out + 17);
  out[20] = static_cast<char>('0' + ms / 100 % 10);
  TwoDigits(ms % 100, out + 21);
}

std::string FormatIso8601(Instant t) {
  std::string text(24, '\0');
  FormatIso8601(t, text.data());
  return text;
}

std::optional<Instant> ParseIso8601(std::string_view text) {
  const auto year = Digits(text, 0, 4), month = Digits(text, 5, 2), day = Digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  Instant result = std::chrono::sys_days(date);
  if (text.size() == 10) return result;
  const auto hour = Digits(text, 11, 2), minute = Digits(text, 14, 2), second = Digits(text, 17, 2);
  if (!hour || !minute || !second || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':' || *hour > 23 || *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  result +=
      std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  std::size_t pos = 19;
  if (pos < text.size() && text[pos] == '.') {
    int ms = 0, scale = 100;
    for (++pos; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, scale /= 10) {
      ms += (text[pos] - '0') * scale;
    }
    result += Millis(ms);
  }
  if (pos + 1 == text.size() && text[pos] == 'Z') return result;
  if (pos + 6 != text.size() || (text[pos] != '+' && text[pos] != '-') || text[pos + 3] != ':') {
    return std::nullopt;
  }
  const auto zone_hour = Digits(text, pos + 1, 2), zone_minute = Digits(text, pos + 4, 2);
  if (!zone_hour || !zone_minute) return std::nullopt;
  const auto offset = std::chrono::hours(*zone_hour) + std::chrono::minutes(*zone_minute);
  return text[pos] == '+' ? result - offset : result + offset;
}

}  // namespace popradio
