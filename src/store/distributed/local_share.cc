#include "store/distributed/local_share.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

namespace popradio::store::distributed {
namespace {

int SecondsUntil(std::int64_t when_ms, std::int64_t now_ms) {
  return when_ms <= now_ms ? 0 : static_cast<int>((when_ms - now_ms + 999) / 1000);
}

}  // namespace

void Tell(LimitDecision& decision, bool& first, LimitAction action, const WindowState& state,
          std::int64_t now_ms) {
  const bool refused = state.passes_ms != 0;
  const int wait_s = refused ? std::max(1, SecondsUntil(state.passes_ms, now_ms)) : 0;
  const int remaining = refused ? 0 : std::max(0, state.limit - state.taken);
  const bool tells = refused ? wait_s > decision.retry_after_s
                             : decision.allowed && (first || remaining < decision.remaining);
  if (refused) decision.allowed = false;
  if (!tells) return;
  first = false;
  decision.action = action;
  decision.limit = state.limit;
  decision.remaining = remaining;
  decision.retry_after_s = wait_s;
  decision.reset_s = SecondsUntil(state.oldest_leaves_ms, now_ms);
}

void LocalShare::Window::Move(std::int64_t bucket) {
  if (bucket - newest > kLimitBuckets) {
    counts.fill(0);
  } else {
    for (std::int64_t b = newest + 1; b <= bucket; ++b) At(b) = 0;
  }
  newest = std::max(newest, bucket);
}

int LocalShare::Window::Taken() const { return std::accumulate(counts.begin(), counts.end(), 0); }

WindowState LocalShare::StateOf(Window& window, LimitAction action, int limit) {
  WindowState state{.limit = limit, .taken = window.Taken()};
  int left = state.taken;
  for (std::int64_t b = window.newest - kLimitBuckets; b <= window.newest; ++b) {
    const int count = b < 0 ? 0 : window.At(b);
    if (count == 0) continue;
    const std::int64_t leaves_ms = (b + kLimitBuckets + 1) * BucketMs(action);
    if (state.oldest_leaves_ms == 0) state.oldest_leaves_ms = leaves_ms;
    if (left < limit) break;
    left -= count;
    state.passes_ms = leaves_ms;
  }
  return state;
}

LimitDecision LocalShare::Take(std::span<const Charge> charges, std::int64_t now_ms) {
  LimitDecision decision;
  bool first = true;
  std::vector<LimitKey> taken;
  const std::lock_guard lock(mutex_);
  if (windows_.size() + charges.size() > kMaxSubjects) windows_.clear();
  for (const Charge& charge : charges) {
    if (table_.limit(charge.action) <= 0) continue;
    const int limit =
        std::max(1, table_.limit(charge.action) / nodes_.load(std::memory_order_relaxed));
    const LimitKey key{charge.action, charge.subject};
    Window& window = windows_[key];
    window.Move(now_ms / BucketMs(charge.action));
    WindowState state = StateOf(window, charge.action, limit);
    if (state.taken < limit) {
      ++window.At(window.newest);
      taken.push_back(key);
      state = StateOf(window, charge.action, limit);
      state.passes_ms = 0;
    }
    Tell(decision, first, charge.action, state, now_ms);
  }
  if (!decision.allowed) {
    for (const LimitKey& key : taken) --windows_[key].At(windows_[key].newest);
  }
  return decision;
}

void LocalShare::Refund(const LimitKey& key, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = windows_.find(key);
  if (found == windows_.end()) return;
  Window& window = found->second;
  window.Move(now_ms / BucketMs(key.action));
  for (std::int64_t b = window.newest; b >= 0 && b >= window.newest - kLimitBuckets; --b) {
    if (window.At(b) == 0) continue;
    --window.At(b);
    return;
  }
}

void LocalShare::Prune(std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  erase_if(windows_, [&](const auto& entry) {
    return now_ms / BucketMs(entry.first.action) - entry.second.newest > kLimitBuckets;
  });
}

}  // namespace popradio::store::distributed
