#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "http/client_address.h"

namespace popradio::http {

class ConnectionLimit;

// One connection's place under the limits, given back when this is destroyed. Any thread.
class ConnectionSlot {
 public:
  ConnectionSlot() = default;
  ConnectionSlot(ConnectionSlot&& other) noexcept;
  ConnectionSlot& operator=(ConnectionSlot&& other) noexcept;
  ConnectionSlot(const ConnectionSlot&) = delete;
  ConnectionSlot& operator=(const ConnectionSlot&) = delete;
  ~ConnectionSlot() { Release(); }
  void Release();

 private:
  friend class ConnectionLimit;
  ConnectionSlot(ConnectionLimit* limit, bool per_address, const LimitKey& key)
      : limit_(limit), per_address_(per_address), key_(key) {}
  ConnectionLimit* limit_ = nullptr;
  bool per_address_ = false;
  LimitKey key_;
};

// Counts open connections, in all and per address. Used when a connection opens and closes, never
// per request. Thread-safe; must outlive its slots.
class ConnectionLimit {
 public:
  enum class Refusal { kTotal, kAddress };

  ConnectionLimit(std::size_t max_total, std::size_t max_per_address)
      : max_total_(max_total), max_per_address_(max_per_address) {}

  // `exempt`: counts in all, but not per address (loopback and trusted proxies).
  // A slot, or which limit is reached.
  std::optional<Refusal> Acquire(const LimitKey& key, bool exempt, ConnectionSlot& slot);
  std::size_t open() const { return open_.load(std::memory_order_relaxed); }

 private:
  friend class ConnectionSlot;
  void Release(bool per_address, const LimitKey& key);

  const std::size_t max_total_;
  const std::size_t max_per_address_;
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;  // guards by_address_
  std::unordered_map<LimitKey, std::size_t, LimitKeyHash> by_address_;
};

}  // namespace popradio::http
