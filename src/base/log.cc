#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "base/clock.h"
#include "base/json_text.h"

namespace popradio {
namespace {

std::atomic<LogFormat> g_format{LogFormat::kText};

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("popradio",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view Name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "info";
}

void AppendValue(std::string& line, const LogField& field, bool json) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    const bool plain =
        !json && !text->empty() && text->find_first_of(" \"=\\") == text->npos &&
        std::all_of(text->begin(), text->end(), [](char c) { return c > ' ' && c != 127; });
    plain ? void(line.append(*text)) : AppendJsonString(line, *text);
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    line += std::to_string(*number);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    line += fmt::format("{:.6g}", *real);
  } else {
    line += std::get<bool>(field.value) ? "true" : "false";
  }
}

}  // namespace

void ConfigureLog(LogLevel level, LogFormat format) {
  Logger().set_level(ToSpdlog(level));
  g_format = format;
}

bool LogEnabled(LogLevel level) { return Logger().should_log(ToSpdlog(level)); }

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) noexcept
    try {
  if (!LogEnabled(level)) return;
  const std::string time = FormatIso8601(SystemClock().Now());
  std::string line;
  line.reserve(128);
  if (g_format == LogFormat::kJson) {
    line += R"({"time":")" + time + R"(","level":")";
    line.append(Name(level)).append(R"(","event":)");
    AppendJsonString(line, event);
    for (const LogField& field : fields) {
      line += ',';
      AppendJsonString(line, field.name);
      line += ':';
      AppendValue(line, field, true);
    }
    line += '}';
  } else {
    line += time + ' ';
    line.append(Name(level)).append(" ").append(event);
    for (const LogField& field : fields) {
      line.append("  ").append(field.name).append("=");
      AppendValue(line, field, false);
    }
  }
  Logger().log(ToSpdlog(level), line);
} catch (...) {  // A log that cannot be written must not take the request with it.
}

}  // namespace popradio
