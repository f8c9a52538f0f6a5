#include "realtime/presence.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace popradio::realtime {

Presence::Presence(int per_address) : electorate_(per_address) {}

Presence::Listener* Presence::Find(Shard& shard, const SessionId& session,
                                   const VoterAddress& address, Millis now) {
  const auto it = shard.listeners.find(session);
  if (it == shard.listeners.end()) {
    if (shard.listeners.size() >= kMaxListeners / kShards) return nullptr;
    Joined(address);
    Listener& listener = shard.listeners.emplace(session, Listener{now, address}).first->second;
    Tell(session, listener, true);
    return &listener;
  }
  it->second.seen = now;
  Tell(session, it->second, true);
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
  Tell(session, it->second, false);
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
  for (auto it = shard.listeners.begin(); it != shard.listeners.end();) {
    auto& [session, listener] = *it;
    if (!listener.IsAtThisNode(now)) Tell(session, listener, false);
    if (listener.IsHere(now)) {
      ++it;
      continue;
    }
    Left(listener.address);
    it = shard.listeners.erase(it);
  }
}

void Presence::Tell(const SessionId& session, Listener& listener, bool here) {
  if (listener.told == here || !sharing_.load(std::memory_order_relaxed)) return;
  listener.told = here;
  const std::lock_guard lock(untold_mutex_);
  if (untold_.size() < kMaxUntold) untold_.push_back({session, listener.address, here});
}

void Presence::ShareChanges() { sharing_ = true; }

std::vector<Presence::Change> Presence::TakeChanges() {
  const std::lock_guard lock(untold_mutex_);
  return std::exchange(untold_, {});
}

std::vector<Presence::Change> Presence::HereNow(std::size_t part, Millis now) const {
  const Shard& shard = shards_[part];
  const std::lock_guard lock(shard.mutex);
  std::vector<Change> all;
  for (const auto& [session, listener] : shard.listeners) {
    if (listener.IsAtThisNode(now)) all.push_back({session, listener.address, true});
  }
  return all;
}

void Presence::SetElsewhere(Shard& shard, std::uint64_t bit, const Change& change, Millis now) {
  const auto it = shard.listeners.find(change.session);
  if (change.here) {
    if (it != shard.listeners.end()) {
      it->second.nodes |= bit;
    } else if (shard.listeners.size() < kMaxListeners / kShards) {
      Joined(change.address);
      // Long ago: it has not been at this node.
      Listener listener{now - 2 * kPresentFor, change.address};
      listener.nodes = bit;
      shard.listeners.emplace(change.session, listener);
    }
  } else if (it != shard.listeners.end()) {
    it->second.nodes &= ~bit;
    if (it->second.IsHere(now)) return;
    Left(it->second.address);
    shard.listeners.erase(it);
  }
}

void Presence::ChangeElsewhere(unsigned node, const Change& change, Millis now) {
  Shard& shard = ShardOf(change.session);
  const std::lock_guard lock(shard.mutex);
  SetElsewhere(shard, std::uint64_t{1} << node, change, now);
}

void Presence::ReplaceElsewhere(unsigned node, std::size_t part, std::span<const Change> all,
                                Millis now) {
  const std::uint64_t bit = std::uint64_t{1} << node;
  Shard& shard = shards_[part];
  const std::lock_guard lock(shard.mutex);
  std::unordered_set<SessionId> named;
  for (const Change& change : all) {
    if (&ShardOf(change.session) != &shard) continue;  // a node that divides them otherwise
    named.insert(change.session);
    SetElsewhere(shard, bit, change, now);
  }
  std::vector<SessionId> gone;
  for (const auto& [session, listener] : shard.listeners) {
    if ((listener.nodes & bit) != 0 && !named.contains(session)) gone.push_back(session);
  }
  for (const SessionId& session : gone) SetElsewhere(shard, bit, {session, {}, false}, now);
}

void Presence::ForgetNode(unsigned node, Millis now) {
  for (std::size_t part = 0; part < kParts; ++part) ReplaceElsewhere(node, part, {}, now);
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
