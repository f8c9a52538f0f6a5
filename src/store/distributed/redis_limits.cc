#include "store/distributed/redis_limits.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "store/distributed/outcomes.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Outcome;
using redis::Repeat;

constexpr Millis kHousekeepingPause{1'000};
// A refund waits so long for a charge of the same subject to take it along.
constexpr Millis kRefundDelay{1'000};
// A refusal is believed so long without asking again: another node may give something back.
constexpr std::int64_t kRefusalMs = 1'000;
// In a bucket's first seconds a refund may be of a request that was charged just before it began.
constexpr std::int64_t kRefundGraceMs = 10'000;
constexpr int kWindowTtlS = 3'660;
constexpr std::size_t kReturnsPerChunk = 512;
constexpr Millis kReturnTimeout{1'000};
// A read that is refused while another one's lease is on its way looks again.
constexpr int kLooksForLease = 20;
constexpr Millis kLookPause{1};

// KEYS windows  ARGV now, then for each: limit, milliseconds of a bucket, how many are wanted
// Answers {index of the one that refused or 0, then for each that was looked at: granted, taken,
// oldest bucket, bucket after which one more passes}.
constexpr char kTakeScript[] = R"lua(
local now, answer, taken = tonumber(ARGV[1]), {0}, {}
local function sum(key, oldest_kept)
  local all, n, o = redis.call('HGETALL', key), 0, false
  for i = 1, #all, 2 do
    local bucket = tonumber(all[i])
    if bucket then
      if bucket < oldest_kept then
        redis.call('HDEL', key, all[i])
      else
        n = n + tonumber(all[i + 1])
        if not o or bucket < o then o = bucket end
      end
    end
  end
  if o then
    redis.call('HSET', key, 'n', n, 'o', o)
  else
    redis.call('DEL', key)
  end
  return n, o
end
for i, key in ipairs(KEYS) do
  local limit, bucket_ms, wanted =
      tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local bucket = math.floor(now / bucket_ms)
  local kept = redis.call('HMGET', key, 'n', 'o')
  local n, o = tonumber(kept[1] or 0), kept[2] and tonumber(kept[2])
  if o and o < bucket - 60 then n, o = sum(key, bucket - 60) end
  local granted = math.min(wanted, limit - n)
  if granted < 1 then
    local all, buckets, left, passes = redis.call('HGETALL', key), {}, n, 0
    for j = 1, #all, 2 do
      local b = tonumber(all[j])
      if b then buckets[#buckets + 1] = {b, tonumber(all[j + 1])} end
    end
    table.sort(buckets, function(a, b) return a[1] < b[1] end)
    for _, b in ipairs(buckets) do
      if left < limit then break end
      left = left - b[2]
      passes = b[1]
    end
    answer[1] = i
    answer[#answer + 1] = 0
    answer[#answer + 1] = n
    answer[#answer + 1] = o or bucket
    answer[#answer + 1] = passes
    break
  end
  if redis.call('HINCRBY', key, bucket, granted) == granted then
    if not o or bucket < o then
      o = bucket
      redis.call('HSET', key, 'o', o)
    end
    redis.call('EXPIRE', key, 3660)
  end
  n = redis.call('HINCRBY', key, 'n', granted)
  taken[#taken + 1] = {key, bucket, granted}
  answer[#answer + 1] = granted
  answer[#answer + 1] = n
  answer[#answer + 1] = o
  answer[#answer + 1] = 0
end
if answer[1] > 0 then
  for _, t in ipairs(taken) do
    if redis.call('HINCRBY', t[1], t[2], -t[3]) <= 0 then redis.call('HDEL', t[1], t[2]) end
    sum(t[1], t[2] - 60)
  end
end
return answer
)lua";

// KEYS window  ARGV bucket, amount, from the bucket before first, from the newest if not from this
constexpr char kGiveBackScript[] = R"lua(
local key, bucket, amount = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local function take_off(b)
  local count = tonumber(redis.call('HGET', key, b) or 0)
  local off = math.min(count, amount)
  if off <= 0 then return end
  amount = amount - off
  redis.call('HINCRBY', key, 'n', -off)
  if count == off then
    redis.call('HDEL', key, b)
  else
    redis.call('HINCRBY', key, b, -off)
  end
end
if ARGV[3] == '1' then take_off(bucket - 1) end
take_off(bucket)
local all, o, newest = redis.call('HKEYS', key), false, false
for _, field in ipairs(all) do
  local b = tonumber(field)
  if b then
    if not newest or b > newest then newest = b end
  end
end
if amount > 0 and ARGV[4] == '1' and newest then take_off(newest) end
for _, field in ipairs(redis.call('HKEYS', key)) do
  local b = tonumber(field)
  if b and (not o or b < o) then o = b end
end
if o then
  redis.call('HSET', key, 'o', o)
else
  redis.call('DEL', key)
end
return amount
)lua";

std::int64_t LeavesMs(std::int64_t bucket, LimitAction action) {
  return (bucket + kLimitBuckets + 1) * BucketMs(action);
}
LimitKey LimitKeyOf(const Charge& charge) { return {charge.action, charge.subject}; }

}  // namespace

RedisLimits::RedisLimits(RedisClients& clients, const Clock& clock, RedisLimitsOptions options)
    : clients_(clients),
      clock_(clock),
      options_(options),
      take_(kTakeScript),
      give_back_(kGiveBackScript),
      local_(options.limits, std::max(1, options.nodes)) {
  static_assert(kWindowTtlS == 3'660 && kLimitBuckets == 60, "the script says so too");
}

std::vector<RedisLimits::Item> RedisLimits::Limited(std::span<const Charge> charges) const {
  std::vector<Item> items;
  items.reserve(charges.size());
  for (const Charge& charge : charges) {
    const int limit = options_.limits.limit(charge.action);
    if (limit > 0) items.push_back({charge, limit, 1, RateKey(charge.subject, charge.action)});
  }
  return items;
}

// ---- Leases.

LimitDecision RedisLimits::Decide(const Lease& lease, bool allowed, std::int64_t now_ms) {
  LimitDecision decision;
  bool first = true;
  WindowState state = lease.state;
  if (allowed) {
    state.passes_ms = 0;
    state.taken -= lease.unused;
  }
  Tell(decision, first, LimitAction::kApi, state, now_ms);
  return decision;
}

std::optional<LimitDecision> RedisLimits::FromLease(const LimitKey& key, std::int64_t now_ms) {
  Shard& shard = ShardOf(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.leases.find(key);
  if (found == shard.leases.end()) return std::nullopt;
  Lease& lease = found->second;
  if (lease.bucket == now_ms / BucketMs(key.action) && lease.unused > 0) {
    --lease.unused;
    lease.used_at = clock_.Steady();
    return Decide(lease, true, now_ms);
  }
  if (now_ms < lease.refused_until_ms) return Decide(lease, false, now_ms);
  return std::nullopt;
}

int RedisLimits::BeginLease(const Item& item, std::int64_t now_ms) {
  Shard& shard = ShardOf(LimitKeyOf(item.charge));
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.leases.find(LimitKeyOf(item.charge));
  if (found == shard.leases.end() && shard.leases.size() >= kMaxLeases) return 1;
  Lease& lease =
      found != shard.leases.end() ? found->second : shard.leases[LimitKeyOf(item.charge)];
  lease.used_at = clock_.Steady();
  // While one is on its way the others take but their own.
  if (lease.in_flight++ > 0) return 1;
  const bool used_up = lease.bucket == now_ms / BucketMs(item.charge.action) && lease.size > 0;
  const int most = std::max(1, std::min(options_.largest_lease, item.limit / 10));
  lease.size = std::min(most, used_up ? lease.size * 2 : options_.first_lease);
  return lease.size;
}

void RedisLimits::EndLease(const LimitKey& key, std::int64_t bucket, int granted,
                           const WindowState& state, std::int64_t now_ms) {
  std::optional<Return> late;
  {
    Shard& shard = ShardOf(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.leases.find(key);
    if (found == shard.leases.end()) {
      if (granted > 1) late = Return{.bucket = bucket, .amount = granted - 1};
    } else {
      Lease& lease = found->second;
      if (lease.in_flight > 0) --lease.in_flight;
      if (lease.bucket != bucket && lease.unused > 0) {
        late = Return{.bucket = lease.bucket, .amount = lease.unused};
        lease.unused = 0;
      }
      lease.bucket = bucket;
      if (state.limit > 0) {
        // Answers may overtake each other; the window only fills.
        const bool newer = state.taken >= lease.state.taken || state.passes_ms > 0 ||
                           state.oldest_leaves_ms != lease.state.oldest_leaves_ms;
        if (newer) lease.state = state;
      }
      lease.refused_until_ms =
          state.passes_ms > 0 ? std::min(state.passes_ms, now_ms + kRefusalMs) : 0;
      if (granted > 1) lease.unused += granted - 1;
    }
  }
  if (late) Keep(key, *late);
}

bool RedisLimits::InFlight(const LimitKey& key) {
  Shard& shard = ShardOf(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.leases.find(key);
  return found != shard.leases.end() && found->second.in_flight > 0;
}

// ---- Taking.

std::optional<LimitDecision> RedisLimits::TakeNow(std::span<const Charge> charges) {
  const std::int64_t now_ms = NowMs();
  // The frequent case first: it allocates nothing.
  if (charges.size() == 1 && charges[0].action == LimitAction::kApi) {
    if (options_.limits.limit(LimitAction::kApi) <= 0) return LimitDecision{};
    if (auto decision = FromLease(LimitKeyOf(charges[0]), now_ms)) return decision;
  }
  const Millis steady = clients_.clock().Steady();
  bool limited = false;
  for (const Charge& charge : charges) {
    if (options_.limits.limit(charge.action) <= 0) continue;
    limited = true;
    if (breaker_.Open(RateKey(charge.subject, charge.action), steady)) {
      return local_.Take(charges, now_ms);
    }
  }
  if (!limited) return LimitDecision{};
  return std::nullopt;
}

Task<Result<bool>> RedisLimits::TakeFrom(std::shared_ptr<RedisHere> here,
                                         std::span<const Item> items, std::int64_t now_ms,
                                         std::vector<WindowState>& states,
                                         std::vector<int>& granted) {
  const auto fill = [&](Command& command) {
    for (const Item& item : items) command.Key(item.key);
    command.Arg(now_ms);
    for (const Item& item : items) {
      command.Arg(item.limit).Arg(BucketMs(item.charge.action)).Arg(item.wanted);
    }
  };
  const CallOptions options{.deadline = clients_.In(options_.patience)};
  const Outcome outcome = co_await Evaluate(here, take_, items.size(), fill, options);
  const Millis steady = clients_.clock().Steady();
  if (!Good(outcome) || !outcome->is_array()) {
    breaker_.Failed(items[0].key, steady);
    co_return Fail(ErrorCode::kUnavailable, "Limits cannot be counted right now.", 1);
  }
  breaker_.Worked(items[0].key, steady);
  const auto refused = static_cast<std::size_t>(outcome->at(0).integer());
  const std::size_t looked = refused > 0 ? refused : items.size();
  for (std::size_t i = 0; i < looked; ++i) {
    const LimitAction action = items[i].charge.action;
    WindowState state{.limit = items[i].limit,
                      .taken = static_cast<int>(outcome->at(4 * i + 2).integer()),
                      .oldest_leaves_ms = LeavesMs(outcome->at(4 * i + 3).integer(), action)};
    if (i + 1 == refused) state.passes_ms = LeavesMs(outcome->at(4 * i + 4).integer(), action);
    states.push_back(state);
    granted.push_back(static_cast<int>(outcome->at(4 * i + 1).integer()));
  }
  co_return refused == 0;
}

Task<Result<LimitDecision>> RedisLimits::Take(std::span<const Charge> charges) {
  std::vector<Item> items = Limited(charges);
  if (items.empty()) co_return LimitDecision{};
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  // What was refunded goes first: it may be what lets this one pass.
  for (const Item& item : items) {
    const LimitKey key = LimitKeyOf(item.charge);
    std::vector<Return> returns;
    {
      Shard& shard = ShardOf(key);
      const std::lock_guard lock(shard.mutex);
      const auto found = shard.returns.find(key);
      if (found == shard.returns.end()) continue;
      returns = std::move(found->second);
      shard.returns.erase(found);
    }
    for (const Return& what : returns) (void)co_await SendReturn(here, key, what);
  }

  const std::int64_t now_ms = NowMs();
  const bool lease = items.size() == 1 && items[0].charge.action == LimitAction::kApi;
  if (lease) items[0].wanted = BeginLease(items[0], now_ms);

  std::vector<WindowState> states;
  std::vector<int> granted;
  bool away = false, allowed = true;
  for (std::size_t begin = 0; begin < items.size() && allowed && !away;) {
    std::size_t end = items.size();
    if (!clients_.one_server()) {
      end = begin + 1;
      while (end < items.size() && items[end].charge.subject == items[begin].charge.subject) ++end;
    }
    const auto taken = co_await TakeFrom(here, std::span(items).subspan(begin, end - begin), now_ms,
                                         states, granted);
    if (!taken) {
      away = true;
    } else if (!*taken) {
      allowed = false;
    } else {
      begin = end;
      continue;
    }
    // What earlier scripts took is given back.
    for (std::size_t i = 0; i < begin; ++i) {
      const Charge& charge = items[i].charge;
      const Return what{.bucket = now_ms / BucketMs(charge.action), .amount = 1};
      if (away) {
        Keep(LimitKeyOf(charge), what);
      } else {
        (void)co_await SendReturn(here, LimitKeyOf(charge), what);
      }
    }
  }
  if (lease) {
    const LimitKey key = LimitKeyOf(items[0].charge);
    const std::int64_t bucket = now_ms / BucketMs(LimitAction::kApi);
    EndLease(key, bucket, away ? 0 : granted[0], away ? WindowState{} : states[0], now_ms);
    for (int looks = 0; !away && !allowed && looks < kLooksForLease; ++looks) {
      const bool in_flight = InFlight(key);
      const auto decision = FromLease(key, NowMs());
      if (decision && decision->allowed) co_return *decision;
      if (!in_flight) break;
      boost::asio::steady_timer pause(here->client->environment().context, kLookPause);
      co_await pause.async_wait(boost::asio::use_awaitable);
    }
    if (!away && allowed) {
      // The others that came with it are not taken yet.
      states[0].taken -= granted[0] - 1;
    }
  }
  if (away) co_return local_.Take(charges, now_ms);
  LimitDecision decision;
  bool first = true;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!allowed && states[i].passes_ms == 0) continue;
    Tell(decision, first, items[i].charge.action, states[i], now_ms);
  }
  co_return decision;
}

// ---- Giving back.

void RedisLimits::Refund(std::span<const Charge> charges) {
  const std::int64_t now_ms = NowMs();
  const Millis steady = clients_.clock().Steady();
  for (const Charge& charge : charges) {
    if (options_.limits.limit(charge.action) <= 0) continue;
    const LimitKey key = LimitKeyOf(charge);
    const std::int64_t bucket = now_ms / BucketMs(charge.action);
    if (breaker_.Open(RateKey(charge.subject, charge.action), steady)) {
      local_.Refund(key, now_ms);
      continue;
    }
    if (charge.action == LimitAction::kApi) {
      Shard& shard = ShardOf(key);
      const std::lock_guard lock(shard.mutex);
      const auto found = shard.leases.find(key);
      if (found != shard.leases.end() && found->second.bucket == bucket) {
        ++found->second.unused;
        continue;
      }
    }
    Keep(key, {.bucket = bucket,
               .amount = 1,
               .anywhere = true,
               .grace = now_ms - bucket * BucketMs(charge.action) < kRefundGraceMs});
  }
}

void RedisLimits::Keep(const LimitKey& key, const Return& what) {
  Shard& shard = ShardOf(key);
  const std::lock_guard lock(shard.mutex);
  if (shard.returns.size() >= kMaxReturns) return;  // stays counted
  std::vector<Return>& kept = shard.returns[key];
  const Millis now = clients_.clock().Steady();
  for (Return& other : kept) {
    if (other.bucket != what.bucket || other.anywhere != what.anywhere ||
        other.grace != what.grace) {
      continue;
    }
    other.amount += what.amount;
    return;
  }
  kept.push_back(what);
  kept.back().since = now;
}

void RedisLimits::FillReturn(Command& command, const LimitKey& key, const Return& what) {
  command.Key(RateKey(key.subject, key.action))
      .Arg(what.bucket)
      .Arg(what.amount)
      .Arg(what.grace ? 1 : 0)
      .Arg(what.anywhere ? 1 : 0);
}

Task<bool> RedisLimits::SendReturn(std::shared_ptr<RedisHere> here, const LimitKey& key,
                                   const Return& what) {
  const auto fill = [&](Command& command) { FillReturn(command, key, what); };
  const CallOptions options{.deadline = clients_.In(options_.patience)};
  const Outcome outcome = co_await Evaluate(here, give_back_, 1, fill, options);
  co_return Good(outcome);
}

Task<void> RedisLimits::GiveBack(bool all) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const std::int64_t bucket = NowMs() / BucketMs(LimitAction::kApi);
  const Millis steady = clock_.Steady(), now = clients_.clock().Steady();
  std::vector<std::pair<LimitKey, Return>> due;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    erase_if(shard.leases, [&](auto& entry) {
      Lease& lease = entry.second;
      const bool over =
          all || lease.bucket != bucket || steady - lease.used_at >= options_.lease_idle;
      if (!over) return false;
      if (lease.unused > 0) {
        due.push_back({entry.first, {.bucket = lease.bucket, .amount = lease.unused}});
        lease.unused = 0;
      }
      return lease.in_flight == 0;
    });
    erase_if(shard.returns, [&](auto& entry) {
      if (!all && now - entry.second.front().since < kRefundDelay) return false;
      for (const Return& what : entry.second) due.push_back({entry.first, what});
      return true;
    });
  }
  local_.Prune(NowMs());
  // In one go per chunk. What does not arrive stays counted.
  for (std::size_t begin = 0; begin < due.size(); begin += kReturnsPerChunk) {
    const std::size_t end = std::min(due.size(), begin + kReturnsPerChunk);
    std::vector<Command> commands;
    for (std::size_t i = begin; i < end; ++i) {
      commands.emplace_back("EVALSHA").Arg(give_back_.sha1()).Arg(1);
      FillReturn(commands.back(), due[i].first, due[i].second);
    }
    const CallOptions options{.deadline = clients_.In(kReturnTimeout)};
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    for (std::size_t i = begin; i < end; ++i) {
      const Outcome& outcome = outcomes[i - begin];
      if (IsNoScript(outcome)) {
        (void)co_await SendReturn(here, due[i].first, due[i].second);
      }
    }
  }
}

void RedisLimits::Start() {
  clients_.Every(kHousekeepingPause, [this] { return GiveBack(false); });
}

void RedisLimits::Close() {
  clients_.RunThere([this] { return GiveBack(true); });
}

}  // namespace popradio::store::distributed
