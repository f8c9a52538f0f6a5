#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"

namespace popradio::sync {

// What a sync worker has done since it started, for Prometheus. Thread-safe.
class SyncMetrics {
 public:
  explicit SyncMetrics(Instant started) : started_(started) {}

  struct Round {
    std::int64_t songs = 0, playlists = 0;
    int rebuilt = 0;
    Millis took{0};
  };
  void RoundDone(Instant now, const Round& round);
  void RoundFailed();
  void Drained(std::int64_t likers);
  void DrainFailed();
  // What waits: entries of the outbox, since when the oldest of them, and targets to be written.
  void Waiting(std::int64_t entries, std::optional<Instant> oldest, std::int64_t dirty);
  void Checked(Instant now, std::int64_t differences);
  void CheckFailed();

  // In Prometheus' text format. How long something waits goes on rising while nothing can be asked.
  std::string Text(Instant now) const;

 private:
  const Instant started_;
  mutable std::mutex mutex_;
  std::optional<Instant> synced_, checked_, oldest_;
  std::int64_t entries_ = 0, dirty_ = 0;
  std::int64_t songs_ = 0, playlists_ = 0, likers_ = 0, rebuilt_ = 0, differences_ = 0;
  std::int64_t rounds_ = 0, failed_rounds_ = 0, failed_drains_ = 0, failed_checks_ = 0;
  Millis took_{0};
};

}  // namespace popradio::sync
