#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace popradio {

using Millis = std::chrono::milliseconds;
// A moment of wall-clock time, UTC, in whole milliseconds.
using Instant = std::chrono::sys_time<Millis>;

constexpr std::int64_t ToEpochMs(Instant t) { return t.time_since_epoch().count(); }
constexpr Instant FromEpochMs(std::int64_t ms) { return Instant(Millis(ms)); }

// The time, as an argument. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Wall-clock time. Can jump when somebody sets the machine's clock.
  virtual Instant Now() const = 0;
  // Never goes back; its zero means nothing. For durations and deadlines.
  virtual Millis Steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override;
  Millis Steady() const override;
};

// "2026-02-03T10:25:00.000Z", 24 characters. Years 0 to 9999.
std::string FormatIso8601(Instant t);
// Writes the same 24 characters to `out`; no terminating zero.
void FormatIso8601(Instant t, char* out);
// Accepts YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM) and YYYY-MM-DD.
std::optional<Instant> ParseIso8601(std::string_view text);

}  // namespace popradio
