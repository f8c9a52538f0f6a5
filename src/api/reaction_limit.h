#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "base/ids.h"

namespace popradio::api {

// At most kReactionBurst reactions of a session in any kReactionWindow. Kept in memory only, as
// reactions are. Thread-safe.
class ReactionLimit {
 public:
  static constexpr std::size_t kReactionBurst = 10;
  static constexpr Millis kReactionWindow{10'000};
  // Sessions remembered; when there are more, those that have been quiet are let go.
  static constexpr std::size_t kMaxSessions = 65'536;

  // Zero when the reaction may pass, and then it is counted; else how long to wait. `now` is
  // Clock::Steady().
  Millis Take(const SessionId& session, Millis now) {
    const std::lock_guard lock(mutex_);
    if (times_.size() >= kMaxSessions) {
      std::erase_if(times_, [&](const auto& entry) {
        return now - entry.second.at[(entry.second.next + kReactionBurst - 1) % kReactionBurst] >=
               kReactionWindow;
      });
    }
    Times& times = times_.try_emplace(session).first->second;
    Millis& oldest = times.at[times.next];
    if (now - oldest < kReactionWindow) return kReactionWindow - (now - oldest);
    oldest = now;
    times.next = (times.next + 1) % kReactionBurst;
    return Millis(0);
  }

 private:
  static constexpr Millis kNever{-1'000'000'000};
  struct Times {
    Times() { at.fill(kNever); }
    std::array<Millis, kReactionBurst> at;  // a ring; `next` is the oldest
    std::size_t next = 0;
  };
  std::mutex mutex_;
  std::unordered_map<SessionId, Times> times_;
};

}  // namespace popradio::api
