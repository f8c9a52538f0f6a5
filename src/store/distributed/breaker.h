#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "base/clock.h"
#include "store/distributed/redis/slots.h"

namespace popradio::store::distributed {

// Remembers for a moment that a part of Redis did not answer, so that reads do not wait for it one
// by one. A part is a range of slots: neighbours mostly share a server. Thread-safe.
class Breaker {
 public:
  static constexpr Millis kPause{500};

  // Whether the key's part failed just now.
  bool Open(std::string_view key, Millis now) {
    if (now.count() >= latest_.load(std::memory_order_acquire)) return false;
    return now.count() < PartOf(key).load(std::memory_order_acquire);
  }
  void Failed(std::string_view key, Millis now) {
    const std::int64_t until = (now + kPause).count();
    PartOf(key).store(until, std::memory_order_release);
    std::int64_t latest = latest_.load(std::memory_order_relaxed);
    while (latest < until && !latest_.compare_exchange_weak(latest, until)) {
    }
  }
  void Worked(std::string_view key, Millis now) {
    if (now.count() >= latest_.load(std::memory_order_acquire)) return;
    PartOf(key).store(0, std::memory_order_release);
  }

 private:
  static constexpr std::size_t kParts = 64;
  std::atomic<std::int64_t>& PartOf(std::string_view key) {
    return until_[redis::KeySlot(key) / (redis::kSlotCount / kParts)];
  }
  std::array<std::atomic<std::int64_t>, kParts> until_{};
  std::atomic<std::int64_t> latest_{0};
};

}  // namespace popradio::store::distributed
