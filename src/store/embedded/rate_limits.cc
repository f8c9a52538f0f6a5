#include "store/embedded/rate_limits.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace popradio::embedded {
namespace {

constexpr char kUpsertLimit[] =
    "INSERT INTO limits (subject, expire_at, buckets) VALUES (?, ?, ?) ON CONFLICT (subject) DO "
    "UPDATE SET "
    "expire_at = excluded.expire_at, buckets = excluded.buckets";
constexpr char kDeleteLimit[] = "DELETE FROM limits WHERE subject = ?";
constexpr char kReadLimits[] = "SELECT subject, buckets FROM limits WHERE expire_at > ? LIMIT ?";
constexpr char kClock[] = "limits_clock_ms";

// How often the present time is noted while nothing is counted.
constexpr std::int64_t kNoteClockMs = 60'000;
constexpr std::int64_t kSweepMs = 60'000;

}  // namespace

// A request's charges that have a limit, with their shards locked.
struct RateLimits::Limited {
  struct Item {
    Key key;
    std::size_t shard;
  };
  std::array<Item, kMaxCharges> items;
  std::size_t count = 0;
  std::array<std::unique_lock<std::mutex>, kMaxCharges> locks;

  Limited(RateLimits& store, std::span<const store::Charge> charges) {
    assert(charges.size() <= kMaxCharges);
    std::array<std::size_t, kMaxCharges> shards;
    for (const store::Charge& charge : charges.first(std::min(charges.size(), kMaxCharges))) {
      if (store.table_.limit(charge.action) <= 0) continue;
      const Key key{charge.action, charge.subject};
      items[count] = {key, store.ShardOf(key)};
      shards[count] = items[count].shard;
      ++count;
    }
    std::sort(shards.begin(), shards.begin() + count);
    const auto end = std::unique(shards.begin(), shards.begin() + count);
    std::size_t lock = 0;
    for (auto shard = shards.begin(); shard != end; ++shard) {
      locks[lock++] = std::unique_lock(store.shards_[*shard].mutex);
    }
  }
};

std::size_t RateLimits::KeyHash::operator()(const Key& key) const {
  const RowKey row = ToRow(key);
  return HashBytes(row.data(), row.size());
}

RateLimits::RowKey RateLimits::ToRow(const Key& key) {
  RowKey row;
  row[0] = static_cast<std::uint8_t>(key.action);
  row[1] = static_cast<std::uint8_t>(key.subject.kind);
  std::memcpy(row.data() + 2, key.subject.bytes.data(), key.subject.bytes.size());
  return row;
}

RateLimits::RateLimits(const store::LimitTable& table, const Clock& clock)
    : table_(table),
      clock_(clock),
      start_ms_(ToEpochMs(clock.Now())),
      start_steady_ms_(clock.Steady().count()) {}

std::int64_t RateLimits::NowMs() const {
  return start_ms_ + (clock_.Steady().count() - start_steady_ms_);
}

std::optional<store::LimitDecision> RateLimits::TakeNow(std::span<const store::Charge> charges) {
  Limited limited(*this, charges);
  const std::int64_t now_ms = NowMs();
  store::LimitDecision decision;
  bool first = true;
  // Each is taken as it is looked at, so that two equal charges count as two.
  std::size_t taken = 0;
  for (; taken < limited.count; ++taken) {
    const Key& key = limited.items[taken].key;
    Window& window = WindowOf(shards_[limited.items[taken].shard], key, now_ms);
    const int limit = table_.limit(key.action);
    const int wait_s = window.counts.SecondsUntilBelow(limit, now_ms);
    window.counts.Take(now_ms);
    const int remaining = std::max(0, limit - window.counts.Taken(now_ms));
    const bool tells = wait_s > 0 ? wait_s > decision.retry_after_s
                                  : decision.allowed && (first || remaining < decision.remaining);
    if (wait_s > 0) decision.allowed = false;
    if (!tells) continue;
    first = false;
    decision.action = key.action;
    decision.limit = limit;
    decision.remaining = remaining;
    decision.retry_after_s = wait_s;
    decision.reset_s = window.counts.SecondsUntilOldestLeaves(now_ms);
  }
  for (std::size_t i = 0; i < taken; ++i) {
    Shard& shard = shards_[limited.items[i].shard];
    const auto found = shard.windows.find(limited.items[i].key);
    if (found == shard.windows.end()) continue;
    if (decision.allowed) {
      MarkDirty(shard, found->first, found->second);
    } else {
      found->second.counts.TakeBack();
    }
  }
  return decision;
}

Task<Result<store::LimitDecision>> RateLimits::Take(std::span<const store::Charge> charges) {
  co_return *TakeNow(charges);
}

void RateLimits::Refund(std::span<const store::Charge> charges) {
  Limited limited(*this, charges);
  const std::int64_t now_ms = NowMs();
  for (std::size_t i = 0; i < limited.count; ++i) {
    Shard& shard = shards_[limited.items[i].shard];
    const auto found = shard.windows.find(limited.items[i].key);
    if (found == shard.windows.end()) continue;
    found->second.counts.Refund(now_ms);
    MarkDirty(shard, found->first, found->second);
  }
}

RateLimits::Window& RateLimits::WindowOf(Shard& shard, const Key& key, std::int64_t now_ms) {
  const auto found = shard.windows.find(key);
  if (found != shard.windows.end()) return found->second;
  if (shard.windows.size() >= kMaxLimitSubjects / kLimitShards) MakeRoom(shard, now_ms);
  return shard.windows.emplace(key, Window{RateWindow(store::BucketSeconds(key.action))})
      .first->second;
}

void RateLimits::MarkDirty(Shard& shard, const Key& key, Window& window) {
  if (window.dirty) return;
  window.dirty = true;
  shard.dirty.push_back(key);
}

void RateLimits::MakeRoom(Shard& shard, std::int64_t now_ms) {
  // The whole shard is looked at once for an eighth of it that goes: a few steps for each newcomer.
  struct Candidate {
    int taken;
    std::int64_t empty_at_ms;
    Key key;
    auto Rank() const { return std::pair(taken, empty_at_ms); }
  };
  std::vector<Candidate> candidates;
  candidates.reserve(shard.windows.size());
  for (auto& [key, window] : shard.windows) {
    candidates.push_back({window.counts.Taken(now_ms), window.counts.EmptyAtMs(), key});
  }
  const auto middle = candidates.begin() + static_cast<std::ptrdiff_t>(candidates.size() / 8);
  std::nth_element(candidates.begin(), middle, candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.Rank() < b.Rank(); });
  for (auto gone = candidates.begin(); gone != middle; ++gone) shard.windows.erase(gone->key);
}

void RateLimits::Write(Transaction& transaction, Housekeeping& housekeeping) {
  if (!housekeeping.due) return;
  const std::int64_t now_ms = NowMs();
  struct Row {
    RowKey key;
    std::int64_t expire_at_ms;
    std::string buckets;
  };
  const bool sweep = now_ms - swept_ms_ >= kSweepMs;
  if (sweep) swept_ms_ = now_ms;
  bool wrote = false;
  for (Shard& shard : shards_) {
    std::vector<Row> rows;
    {
      const std::lock_guard lock(shard.mutex);
      while (!shard.dirty.empty() && housekeeping.rows_left > 0) {
        const Key key = shard.dirty.back();
        shard.dirty.pop_back();
        const auto found = shard.windows.find(key);
        if (found == shard.windows.end() || !found->second.dirty) continue;
        found->second.dirty = false;
        (void)found->second.counts.Taken(now_ms);
        rows.push_back(
            {ToRow(key), found->second.counts.EmptyAtMs(), found->second.counts.Serialise()});
        writing_.push_back(key);
        --housekeeping.rows_left;
      }
      if (sweep) {
        erase_if(shard.windows, [&](auto& entry) {
          return !entry.second.dirty && entry.second.counts.Taken(now_ms) == 0;
        });
      }
    }
    for (const Row& row : rows) {
      wrote = true;
      if (row.buckets.empty()) {
        transaction.db().Prepare(kDeleteLimit).BindBlob(row.key).Run();
        continue;
      }
      transaction.db()
          .Prepare(kUpsertLimit)
          .BindBlob(row.key)
          .Bind(row.expire_at_ms)
          .BindBlob({reinterpret_cast<const std::uint8_t*>(row.buckets.data()), row.buckets.size()})
          .Run();
    }
  }
  if (wrote || now_ms - stored_clock_ms_ >= kNoteClockMs) {
    transaction.db().SetMeta(kClock, std::to_string(now_ms));
    stored_clock_ms_ = now_ms;
  }
}

void RateLimits::Committed() { writing_.clear(); }

void RateLimits::RolledBack() {
  for (const Key& key : writing_) {
    Shard& shard = shards_[ShardOf(key)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.windows.find(key);
    // One that was swept meanwhile is empty; its row goes when it expires.
    if (found != shard.windows.end()) MarkDirty(shard, key, found->second);
  }
  writing_.clear();
  stored_clock_ms_ = 0;
}

void RateLimits::Load(Database& database) {
  const std::optional<std::string> clock = database.Meta(kClock);
  // The wall clock may have been set back while nothing ran.
  if (clock) start_ms_ = std::max<std::int64_t>(start_ms_, std::atoll(clock->c_str()));
  Query rows = database.Prepare(kReadLimits);
  rows.Bind(NowMs()).Bind(static_cast<std::int64_t>(kMaxLimitSubjects));
  while (rows.Step()) {
    const std::vector<std::uint8_t> row = rows.Blob(0);
    if (row.size() != kRowKeyBytes || row[0] >= store::kLimitActions) continue;
    Key key{static_cast<store::LimitAction>(row[0]),
            {static_cast<store::LimitSubject::Kind>(row[1]), {}}};
    std::memcpy(key.subject.bytes.data(), row.data() + 2, key.subject.bytes.size());
    const std::vector<std::uint8_t> buckets = rows.Blob(1);
    Window window{RateWindow(store::BucketSeconds(key.action))};
    window.counts.Deserialise({reinterpret_cast<const char*>(buckets.data()), buckets.size()});
    shards_[ShardOf(key)].windows.emplace(key, std::move(window));
  }
}

std::size_t RateLimits::Subjects() {
  std::size_t count = 0;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    count += shard.windows.size();
  }
  return count;
}

}  // namespace popradio::embedded
