#include "store/embedded/rate_window.h"

namespace popradio::embedded {

void RateWindow::DropOld(std::int64_t now_ms) {
  const std::int64_t oldest = now_ms / bucket_ms_ - store::kLimitBuckets;
  std::uint32_t gone = 0;
  for (const std::uint64_t word : buckets_.words()) {
    if (BucketOf(word) >= oldest) break;
    ++gone;
  }
  if (gone > 0) buckets_.Remove(0, gone);
}

int RateWindow::Taken(std::int64_t now_ms) {
  DropOld(now_ms);
  std::uint64_t taken = 0;
  for (const std::uint64_t word : buckets_.words()) taken += CountOf(word);
  return static_cast<int>(taken);
}

void RateWindow::Take(std::int64_t now_ms) {
  const std::int64_t bucket = now_ms / bucket_ms_;
  if (!buckets_.empty() && BucketOf(buckets_.back()) == bucket) {
    if (CountOf(buckets_.back()) < kMaxCount) ++buckets_.back();
    return;
  }
  buckets_.Append(static_cast<std::uint64_t>(bucket) << kCountBits | 1);
}

void RateWindow::TakeBack() {
  if (CountOf(buckets_.back()) > 1) {
    --buckets_.back();
  } else {
    buckets_.Remove(buckets_.size() - 1);
  }
}

void RateWindow::Refund(std::int64_t now_ms) {
  if (buckets_.empty()) return;
  std::uint32_t position = buckets_.size() - 1;
  const std::int64_t bucket = now_ms / bucket_ms_;
  if (position > 0 && BucketOf(buckets_.data()[position]) == bucket &&
      BucketOf(buckets_.data()[position - 1]) == bucket - 1 &&
      now_ms - bucket * bucket_ms_ < kRefundGraceMs) {
    --position;
  }
  std::uint64_t& word = buckets_.data()[position];
  if (CountOf(word) > 1) {
    --word;
  } else {
    buckets_.Remove(position);
  }
}

int RateWindow::SecondsUntilBelow(int limit, std::int64_t now_ms) {
  std::int64_t left = Taken(now_ms);
  int seconds = 0;
  for (const std::uint64_t word : buckets_.words()) {
    if (left < limit) break;
    left -= static_cast<std::int64_t>(CountOf(word));
    seconds = SecondsUntil(LeavesAtMs(BucketOf(word)), now_ms);
  }
  return seconds;
}

int RateWindow::SecondsUntilOldestLeaves(std::int64_t now_ms) const {
  if (buckets_.empty()) return 0;
  return SecondsUntil(LeavesAtMs(BucketOf(buckets_.data()[0])), now_ms);
}

std::int64_t RateWindow::EmptyAtMs() const {
  return buckets_.empty() ? 0 : LeavesAtMs(BucketOf(buckets_.words().back()));
}

std::string RateWindow::Serialise() const {
  const auto words = buckets_.words();
  return {reinterpret_cast<const char*>(words.data()), words.size_bytes()};
}

void RateWindow::Deserialise(std::string_view bytes) {
  PackedList buckets;
  if (bytes.size() % sizeof(std::uint64_t) == 0 &&
      bytes.size() / sizeof(std::uint64_t) <= store::kLimitBuckets + 1) {
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
      std::uint64_t word;
      std::memcpy(&word, bytes.data() + at, sizeof word);
      buckets.Append(word);
    }
  }
  buckets_ = std::move(buckets);
}

}  // namespace popradio::embedded
