#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace popradio {

// A snapshot that many threads read and one swaps. Load() copies a shared_ptr under a mutex that is
// held for nanoseconds; std::atomic<std::shared_ptr> of GCC 12 is no faster and ThreadSanitizer
// cannot follow it. version() lets a reader keep its own copy until something changed.
template <class T>
class Published {
 public:
  explicit Published(std::shared_ptr<const T> first) : value_(std::move(first)) {}

  std::shared_ptr<const T> Load() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void Store(std::shared_ptr<const T> next) {
    {
      const std::lock_guard lock(mutex_);
      value_.swap(next);
    }
    version_.fetch_add(1, std::memory_order_release);
  }  // the old value, if this was the last hold on it, is destroyed outside the lock
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  std::atomic<std::uint64_t> version_{1};
};

}  // namespace popradio
