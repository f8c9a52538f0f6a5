#include "http/connection_limit.h"

#include <utility>

namespace popradio::http {

ConnectionSlot::ConnectionSlot(ConnectionSlot&& other) noexcept
    : limit_(std::exchange(other.limit_, nullptr)),
      per_address_(other.per_address_),
      key_(other.key_) {}

ConnectionSlot& ConnectionSlot::operator=(ConnectionSlot&& other) noexcept {
  if (this != &other) {
    Release();
    limit_ = std::exchange(other.limit_, nullptr);
    per_address_ = other.per_address_;
    key_ = other.key_;
  }
  return *this;
}

void ConnectionSlot::Release() {
  if (limit_ != nullptr) std::exchange(limit_, nullptr)->Release(per_address_, key_);
}

std::optional<ConnectionLimit::Refusal> ConnectionLimit::Acquire(const LimitKey& key, bool exempt,
                                                                 ConnectionSlot& slot) {
  if (open_.fetch_add(1, std::memory_order_relaxed) >= max_total_) {
    open_.fetch_sub(1, std::memory_order_relaxed);
    return Refusal::kTotal;
  }
  if (!exempt) {
    const std::lock_guard lock(mutex_);
    std::size_t& count = by_address_[key];
    if (count >= max_per_address_) {
      if (count == 0) by_address_.erase(key);
      open_.fetch_sub(1, std::memory_order_relaxed);
      return Refusal::kAddress;
    }
    ++count;
  }
  slot = ConnectionSlot(this, !exempt, key);
  return std::nullopt;
}

void ConnectionLimit::Release(bool per_address, const LimitKey& key) {
  open_.fetch_sub(1, std::memory_order_relaxed);
  if (!per_address) return;
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(key);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

}  // namespace popradio::http
