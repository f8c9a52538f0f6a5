#pragma once

#include <optional>
#include <string_view>

#include "store/distributed/redis_check.h"

namespace popradio::store::distributed {

// Clocks that differ by more than this make nodes play different moments of a song.
inline constexpr Millis kClockTolerance{500};
// By more than this they are not kept by anybody: nothing is served.
inline constexpr Millis kClockFault{2'000};

// What to say of a server whose clock is so much ahead of this machine's; none: it agrees.
std::optional<RedisFinding> LookAtClock(std::string_view server, Millis ahead);

}  // namespace popradio::store::distributed
