#include "realtime/presence.h"

#include <algorithm>

namespace popradio::realtime {

Presence::Presence(int per_address) : electorate_(per_address) {}

Presence::Listener* Presence::Find(Shard& shard, const SessionId& session,
                                   const VoterAddress& address, Millis now) {
  const auto it = shard.listeners.find(session);
  if (it == shard.listeners.end()) {
    if (shard.listeners.size() >= kMaxListeners / kShards) return nullptr;
    Joined(address);
    return &shard.listeners.emplace(session, Listener{now, address}).first->second;
  }
  it->second.seen = now;
  if (it->second.address != address) {  // from the wireless network to the mobile one
    Left(it->second.address);
    Joined(address);
    it->second.address = address;
  }
  return &it->second;
}

bool Presence::Touch(const SessionId& session, const VoterAddress& address, Millis now) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  return Find(shard, session, address, now) != nullptr;
}

bool Presence::Enter(const SessionId& session, const VoterAddress& address, Millis now) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  Listener* const listener = Find(shard, session, address, now);
  if (listener == nullptr) return false;
  ++listener->streams;
  return true;
}

void Presence::Exit(const SessionId& session, Millis now) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  const auto it = shard.listeners.find(session);
  if (it == shard.listeners.end() || it->second.streams == 0) return;  // Leave() was faster
  if (--it->second.streams == 0) it->second.seen = now - kPresentFor + kLeaveGrace;
}

void Presence::Leave(const SessionId& session) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  const auto it = shard.listeners.find(session);
  if (it == shard.listeners.end()) return;
  Left(it->second.address);
  shard.listeners.erase(it);
}

bool Presence::IsPresent(const SessionId& session, Millis now) const {
  const Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  const auto it = shard.listeners.find(session);
  return it != shard.listeners.end() && it->second.IsHere(now);
}

Presence::Numbers Presence::Look(Millis now) {
  auto due = next_sweep_.load(std::memory_order_relaxed);
  if (now.count() >= due && next_sweep_.compare_exchange_strong(due, (now + kSweepEvery).count(),
                                                                std::memory_order_relaxed)) {
    // After a silence every shard may be stale.
    const auto late = static_cast<std::size_t>((now.count() - due) / kSweepEvery.count());
    for (std::size_t i = 0; i <= std::min(late, kShards - 1); ++i) {
      Sweep(shards_[sweep_shard_.fetch_add(1, std::memory_order_relaxed) % kShards], now);
    }
  }
  return {listeners_.load(std::memory_order_relaxed),
          electorate_size_.load(std::memory_order_relaxed)};
}

void Presence::Sweep(Shard& shard, Millis now) {
  const std::lock_guard lock(shard.mutex);
  std::erase_if(shard.listeners, [&](const auto& entry) {
    if (entry.second.IsHere(now)) return false;
    Left(entry.second.address);
    return true;
  });
}

void Presence::Joined(const VoterAddress& address) {
  const std::lock_guard lock(electorate_mutex_);
  electorate_.Join(address);
  electorate_size_.store(electorate_.size(), std::memory_order_relaxed);
  listeners_.fetch_add(1, std::memory_order_relaxed);
}

void Presence::Left(const VoterAddress& address) {
  const std::lock_guard lock(electorate_mutex_);
  electorate_.Leave(address);
  electorate_size_.store(electorate_.size(), std::memory_order_relaxed);
  listeners_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace popradio::realtime
