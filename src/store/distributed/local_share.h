#pragma once

#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <span>

#include "store/rate_limit_store.h"

namespace popradio::store::distributed {

// Who is counted for what.
struct LimitKey {
  LimitAction action = LimitAction::kApi;
  LimitSubject subject;
  bool operator==(const LimitKey&) const = default;
};
struct LimitKeyHash {
  std::size_t operator()(const LimitKey& key) const {
    std::array<std::uint8_t, 18> bytes;
    bytes[0] = static_cast<std::uint8_t>(key.action);
    bytes[1] = static_cast<std::uint8_t>(key.subject.kind);
    std::memcpy(bytes.data() + 2, key.subject.bytes.data(), key.subject.bytes.size());
    return HashBytes(bytes.data(), bytes.size());
  }
};

constexpr std::int64_t BucketMs(LimitAction action) {
  return std::int64_t{1000} * BucketSeconds(action);
}

// What is known of one charge's window after it was decided.
struct WindowState {
  int limit = 0;
  int taken = 0;
  std::int64_t oldest_leaves_ms = 0;  // when the oldest counted bucket leaves; 0: nothing counted
  std::int64_t passes_ms = 0;         // refused: when one more passes; 0: it was allowed
};
// Adds one charge to what a request is told: the one that refused, or that leaves least.
void Tell(LimitDecision& decision, bool& first, LimitAction action, const WindowState& state,
          std::int64_t now_ms);

// A node's own share of the limits while Redis is away: the limit divided by the number of nodes,
// in rolling windows that begin empty. Thread-safe.
class LocalShare {
 public:
  LocalShare(const LimitTable& table, int nodes) : table_(table), nodes_(nodes) {}

  // How many nodes share the limits: what they last knew of each other.
  void SetNodes(int nodes) { nodes_.store(nodes < 1 ? 1 : nodes, std::memory_order_relaxed); }

  LimitDecision Take(std::span<const Charge> charges, std::int64_t now_ms);
  void Refund(const LimitKey& key, std::int64_t now_ms);
  // Drops what has left its window.
  void Prune(std::int64_t now_ms);

 private:
  // Subjects at most; beyond it they are all forgotten: it is a makeshift of minutes.
  static constexpr std::size_t kMaxSubjects = 200'000;
  struct Window {
    std::int64_t newest = 0;  // the bucket that was counted last
    std::array<std::uint16_t, kLimitBuckets + 1> counts{};
    void Move(std::int64_t bucket);
    int Taken() const;
    std::uint16_t& At(std::int64_t bucket) {
      return counts[static_cast<std::size_t>(bucket % (kLimitBuckets + 1))];
    }
  };
  WindowState StateOf(Window& window, LimitAction action, int limit);

  const LimitTable table_;
  std::atomic<int> nodes_;
  std::mutex mutex_;
  boost::unordered_flat_map<LimitKey, Window, LimitKeyHash> windows_;
};

}  // namespace popradio::store::distributed
