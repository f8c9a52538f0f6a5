#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/embedded/packed_list.h"
#include "store/rate_limit_store.h"

namespace popradio::embedded {

// What one subject has taken: a rolling window of the current bucket and the sixty before it, kept
// as (bucket, count) pairs for the buckets that are not empty. Times are milliseconds on a clock
// that never goes back (see rate_limits.h). Not thread-safe.
class RateWindow {
 public:
  explicit RateWindow(int bucket_seconds) : bucket_ms_(bucket_seconds * std::int64_t{1000}) {}

  // Taken within the window that ends now. Forgets what has left it.
  int Taken(std::int64_t now_ms);
  void Take(std::int64_t now_ms);
  // Undoes the Take() just made.
  void TakeBack();
  // Gives one back. A request in flight may have been charged just before the present bucket began,
  // so in the bucket's first seconds the older one gives way: at worst the window keeps a count too
  // long, never too short.
  void Refund(std::int64_t now_ms);
  // Seconds, rounded up, until fewer than `limit` are in the window; 0 when that is so already.
  int SecondsUntilBelow(int limit, std::int64_t now_ms);
  // Seconds, rounded up, until the oldest counted bucket leaves; 0 when nothing is counted.
  int SecondsUntilOldestLeaves(std::int64_t now_ms) const;
  // When the last counted bucket leaves; 0 when nothing is counted.
  std::int64_t EmptyAtMs() const;
  bool empty() const { return buckets_.empty(); }

  // The pairs as bytes, for the database, and back; bytes that do not fit give an empty window.
  std::string Serialise() const;
  void Deserialise(std::string_view bytes);

 private:
  static constexpr std::int64_t kRefundGraceMs = 10'000;
  // A word is the bucket's number (high 40 bits) and its count (low 24 bits).
  static constexpr int kCountBits = 24;
  static constexpr std::uint64_t kMaxCount = (1ULL << kCountBits) - 1;
  static std::int64_t BucketOf(std::uint64_t word) {
    return static_cast<std::int64_t>(word >> kCountBits);
  }
  static std::uint64_t CountOf(std::uint64_t word) { return word & kMaxCount; }
  std::int64_t LeavesAtMs(std::int64_t bucket) const {
    return (bucket + store::kLimitBuckets + 1) * bucket_ms_;
  }
  int SecondsUntil(std::int64_t when_ms, std::int64_t now_ms) const {
    return static_cast<int>((when_ms - now_ms + 999) / 1000);
  }
  void DropOld(std::int64_t now_ms);

  std::int64_t bucket_ms_;
  PackedList buckets_;  // oldest first
};

}  // namespace popradio::embedded
