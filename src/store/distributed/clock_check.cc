#include "store/distributed/clock_check.h"

#include <fmt/format.h>

namespace popradio::store::distributed {

std::optional<RedisFinding> LookAtClock(std::string_view server, Millis ahead) {
  const Millis apart = ahead < Millis(0) ? -ahead : ahead;
  if (apart <= kClockTolerance) return std::nullopt;
  return RedisFinding{
      apart > kClockFault,
      fmt::format("The clock of {} is {}.{} s {} this machine's, so nodes would play different "
                  "moments of a song. Let NTP set the clocks of all machines (timedatectl set-ntp "
                  "true).",
                  server, apart.count() / 1'000, apart.count() % 1'000 / 100,
                  ahead > Millis(0) ? "ahead of" : "behind")};
}

}  // namespace popradio::store::distributed
