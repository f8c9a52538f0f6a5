#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace popradio {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };
enum class LogFormat : std::uint8_t { kText, kJson };

// One named value of a log line.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
  LogField(std::string_view n, double v) : name(n), value(v) {}
  template <class T>
    requires std::is_integral_v<T> && (!std::is_same_v<T, bool>)
  LogField(std::string_view n, T v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

// Until this is called: level info, text, standard error.
void ConfigureLog(LogLevel level, LogFormat format);

// One line per event on standard error: time, level, event, fields. Control characters in values
// are escaped, so that nobody can forge a line. Thread-safe; never throws.
//   Log(LogLevel::kInfo, "song liked", {{"song", id.ToHex()}, {"session", session.Short()}});
void Log(LogLevel level, std::string_view event,
         std::initializer_list<LogField> fields = {}) noexcept;

// Whether a line of this level would be written; spares the work of composing one.
bool LogEnabled(LogLevel level);

}  // namespace popradio
