#include "store/embedded/sessions.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace popradio::embedded {
namespace {

constexpr std::int64_t kRewriteMs = 60'000;
constexpr std::int64_t kSessionKeptMs = std::int64_t{store::kSessionDays} * 24 * 3600 * 1000;

// A session that comes back after its time is a new one, whether the old row was swept yet or not.
constexpr char kUpsertSession[] =
    "INSERT INTO sessions (id, created_at, last_activity) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO "
    "UPDATE SET "
    "created_at = iif(last_activity <= ?4, excluded.created_at, min(created_at, "
    "excluded.created_at)), "
    "last_activity = max(last_activity, excluded.last_activity)";
constexpr char kFind[] =
    "SELECT created_at, last_activity FROM sessions WHERE id = ? AND last_activity > ?";
constexpr char kDeleteSession[] = "DELETE FROM sessions WHERE id = ?";

}  // namespace

void Sessions::Touch(const SessionId& session, Instant now) {
  const std::int64_t now_ms = ToEpochMs(now);
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.recent.find(session);
  if (found == shard.recent.end()) {
    if (shard.recent.size() >= kMaxRecentSessions / kSessionMapShards) return;
    shard.recent.emplace(session, Recent{now_ms, now_ms, 0});
    shard.dirty.push_back(session);
    return;
  }
  Recent& recent = found->second;
  const bool is_dirty = recent.first_ms != 0;
  if (is_dirty) {
    recent.last_ms = std::max(recent.last_ms, now_ms);
  } else if (std::llabs(now_ms - recent.written_ms) >= kRewriteMs) {
    recent.first_ms = recent.last_ms = now_ms;
    shard.dirty.push_back(session);
  }
}

std::optional<store::SessionInfo> Sessions::Unwritten(const SessionId& session) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.recent.find(session);
  if (found == shard.recent.end() || found->second.first_ms == 0) return std::nullopt;
  return store::SessionInfo{FromEpochMs(found->second.first_ms),
                            FromEpochMs(found->second.last_ms)};
}

Task<Result<std::optional<store::SessionInfo>>> Sessions::Find(SessionId session) {
  const std::int64_t since_ms = ToEpochMs(clock_.Now()) - kSessionKeptMs;
  // Memory first: what is flushed between the two looks is then seen twice and not never.
  const std::optional<store::SessionInfo> unwritten = Unwritten(session);
  std::function<Result<std::optional<store::SessionInfo>>(Database&)> read =
      [session, since_ms](Database& database) -> Result<std::optional<store::SessionInfo>> {
    Query row = database.Prepare(kFind);
    row.Bind(session).Bind(since_ms);
    if (!row.Step()) return std::nullopt;
    return store::SessionInfo{row.Time(0), row.Time(1)};
  };
  Result<std::optional<store::SessionInfo>> stored =
      co_await reads_.Run<std::optional<store::SessionInfo>>(std::move(read));
  if (!stored || !unwritten) co_return stored;
  if (!*stored) co_return unwritten;
  co_return store::SessionInfo{std::min((*stored)->created_at, unwritten->created_at),
                               std::max((*stored)->last_activity, unwritten->last_activity)};
}

Task<Result<void>> Sessions::Forget(SessionId session) {
  FunctionWrite<void> operation([this, session](Transaction& transaction) -> Result<void> {
    {
      Shard& shard = ShardOf(session);
      const std::lock_guard lock(shard.mutex);
      shard.recent.erase(session);
      std::erase(shard.dirty, session);
    }
    transaction.db().Prepare(kDeleteSession).Bind(session).Run();
    return {};
  });
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

void Sessions::BeginPass() {
  pass_begun_ms_ = clock_.Steady().count();
  const std::int64_t now_ms = ToEpochMs(clock_.Now());
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    pass_.insert(pass_.end(), shard.dirty.begin(), shard.dirty.end());
    shard.dirty.clear();
    erase_if(shard.recent, [&](const auto& entry) {
      return entry.second.first_ms == 0 &&
             std::llabs(now_ms - entry.second.written_ms) >= kRewriteMs;
    });
  }
  std::sort(pass_.begin(), pass_.end(), std::greater<>());
}

void Sessions::Write(Transaction& transaction, Housekeeping& housekeeping) {
  if (!housekeeping.due) return;
  while (housekeeping.rows_left > 0) {
    if (pass_.empty()) {
      const bool due = clock_.Steady().count() - pass_begun_ms_ >= kRewriteMs;
      if (due || housekeeping.everything) BeginPass();
      if (pass_.empty()) return;
    }
    const SessionId session = pass_.back();
    pass_.pop_back();
    Recent seen;
    {
      Shard& shard = ShardOf(session);
      const std::lock_guard lock(shard.mutex);
      const auto found = shard.recent.find(session);
      // One that was forgotten meanwhile has nothing to write.
      if (found == shard.recent.end() || found->second.first_ms == 0) continue;
      seen = found->second;
      found->second.written_ms = seen.last_ms;
      found->second.first_ms = 0;
    }
    writing_.push_back(session);
    --housekeeping.rows_left;
    transaction.db()
        .Prepare(kUpsertSession)
        .Bind(session)
        .Bind(seen.first_ms)
        .Bind(seen.last_ms)
        .Bind(seen.last_ms - kSessionKeptMs)
        .Run();
  }
}

void Sessions::RolledBack() {
  for (const SessionId& session : writing_) {
    Shard& shard = ShardOf(session);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.recent.find(session);
    if (found == shard.recent.end() || found->second.first_ms != 0) continue;
    found->second.first_ms = found->second.written_ms;
    found->second.written_ms = 0;
    shard.dirty.push_back(session);
  }
  writing_.clear();
}

}  // namespace popradio::embedded
