#include "store/distributed/redis_sessions.h"

#include <algorithm>

#include "store/distributed/outcomes.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Outcome;
using redis::Repeat;

constexpr Millis kSessionFlushPause{5'000};
constexpr Millis kSessionTimeout{1'000};
constexpr std::int64_t kWriteEveryMs = 60'000;
constexpr std::int64_t kGoneMs = std::int64_t{kSessionDays} * 24 * 3600 * 1000;
constexpr std::size_t kSessionsPerChunk = 512;

// With one server a script takes so many sessions at once; in a Cluster each has a slot of its own.
constexpr std::size_t kSessionsPerScript = 64;

// KEYS sessions  ARGV milliseconds until one is gone, the same in seconds; then of each session its
// id, first and last touch. One that has been gone for long enough begins anew.
constexpr char kTouchScript[] = R"lua(
local call, gone_ms, gone_s = redis.call, tonumber(ARGV[1]), ARGV[2]
for i, key in ipairs(KEYS) do
  local first, last = ARGV[3 * i + 1], ARGV[3 * i + 2]
  local kept = call('HMGET', key, 'createdAt', 'lastActivity')
  local before = tonumber(kept[2] or 0)
  if not kept[1] or before + gone_ms <= tonumber(first) then
    call('HSET', key, 'sessionId', ARGV[3 * i], 'createdAt', first, 'lastActivity', last)
  elseif before < tonumber(last) then
    call('HSET', key, 'lastActivity', last)
  end
  call('EXPIRE', key, gone_s)
end
return 1
)lua";

void FillTouch(Command& command, std::span<const SeenSession> seen) {
  for (const SeenSession& one : seen) command.Key(SessionKey(one.session));
  command.Arg(kGoneMs).Arg(kGoneMs / 1000);
  for (const SeenSession& one : seen) {
    command.Arg(one.session.ToString()).Arg(one.first_ms).Arg(one.last_ms);
  }
}

Error SessionsAway() { return {ErrorCode::kUnavailable, "Sessions cannot be read right now.", 1}; }

}  // namespace

RedisSessions::RedisSessions(RedisClients& clients, const Clock& clock, OnWritten on_written)
    : clients_(clients), clock_(clock), on_written_(std::move(on_written)), touch_(kTouchScript) {}

void RedisSessions::Touch(const SessionId& session, Instant now) {
  const std::int64_t now_ms = ToEpochMs(now);
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.recent.find(session);
  if (found == shard.recent.end()) {
    if (shard.recent.size() < kMaxRecent) shard.recent[session] = {now_ms, now_ms, 0};
    return;
  }
  Recent& recent = found->second;
  if (recent.first_ms == 0) recent.first_ms = now_ms;
  recent.last_ms = std::max(recent.last_ms, now_ms);
}

Task<Result<void>> RedisSessions::Flush(bool all) {
  const std::int64_t now_ms = ToEpochMs(clock_.Now());
  std::vector<SeenSession> due;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    erase_if(shard.recent, [&](auto& entry) {
      Recent& recent = entry.second;
      const bool rested = now_ms - recent.written_ms >= kWriteEveryMs;
      if (recent.first_ms != 0 && (all || rested)) {
        due.push_back({entry.first, recent.first_ms, recent.last_ms});
        recent.first_ms = 0;
        recent.written_ms = now_ms;
        return false;
      }
      return recent.first_ms == 0 && rested;
    });
  }
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  Result<void> result;
  for (std::size_t begin = 0; begin < due.size(); begin += kSessionsPerChunk) {
    const auto chunk =
        std::span(due).subspan(begin, std::min(kSessionsPerChunk, due.size() - begin));
    const std::size_t together = clients_.one_server() ? kSessionsPerScript : 1;
    std::vector<std::span<const SeenSession>> groups;
    std::vector<Command> commands;
    for (std::size_t at = 0; at < chunk.size(); at += together) {
      groups.push_back(chunk.subspan(at, std::min(together, chunk.size() - at)));
      commands.emplace_back("EVALSHA").Arg(touch_.sha1()).Arg(groups.back().size());
      FillTouch(commands.back(), groups.back());
    }
    const CallOptions options{.deadline = clients_.In(kSessionTimeout), .repeat = Repeat::kSafe};
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    std::vector<SeenSession> written;
    std::vector<Command> forgotten;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      bool good = Good(outcomes[i]);
      if (IsNoScript(outcomes[i])) {
        const auto fill = [&](Command& command) { FillTouch(command, groups[i]); };
        const Outcome again = co_await Evaluate(here, touch_, groups[i].size(), fill, options);
        good = Good(again);
      }
      if (good) {
        written.insert(written.end(), groups[i].begin(), groups[i].end());
      } else {
        PutBack(groups[i]);
        result = Fail(SessionsAway());
      }
    }
    // Who was forgotten while this was on its way stays so.
    std::erase_if(written, [&](const SeenSession& seen) {
      Shard& shard = ShardOf(seen.session);
      const std::lock_guard lock(shard.mutex);
      if (shard.recent.contains(seen.session)) return false;
      forgotten.push_back(Command("DEL").Key(SessionKey(seen.session)));
      return true;
    });
    if (!forgotten.empty()) (void)co_await redis::CallAll(*here->client, forgotten, options);
    if (on_written_ && !written.empty()) on_written_(written);
  }
  co_return result;
}

void RedisSessions::PutBack(std::span<const SeenSession> seen) {
  for (const SeenSession& one : seen) {
    Shard& shard = ShardOf(one.session);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.recent.find(one.session);
    if (found == shard.recent.end()) continue;  // forgotten meanwhile
    found->second.first_ms = one.first_ms;
    found->second.written_ms = 0;
  }
}

Task<Result<std::optional<SessionInfo>>> RedisSessions::Find(SessionId session) {
  const std::int64_t now_ms = ToEpochMs(clock_.Now());
  std::optional<SessionInfo> info;
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  SpareCommand command(here, "HMGET");
  command->Key(SessionKey(session)).Arg("createdAt").Arg("lastActivity");
  const CallOptions options{.deadline = clients_.In(kSessionTimeout), .repeat = Repeat::kSafe};
  const Outcome outcome = co_await here->client->Call(*command, options);
  if (!Good(outcome)) co_return Fail(SessionsAway());
  if (outcome->at(0).is_string() && outcome->at(1).is_string()) {
    info = SessionInfo{FromEpochMs(NumberOf(outcome->at(0).text())),
                       FromEpochMs(NumberOf(outcome->at(1).text()))};
  }
  Recent recent;
  {
    Shard& shard = ShardOf(session);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.recent.find(session);
    if (found != shard.recent.end()) recent = found->second;
  }
  if (recent.first_ms != 0) {
    if (!info || ToEpochMs(info->last_activity) + kGoneMs <= recent.first_ms) {
      info = SessionInfo{FromEpochMs(recent.first_ms), FromEpochMs(recent.last_ms)};
    } else {
      info->last_activity = std::max(info->last_activity, FromEpochMs(recent.last_ms));
    }
  }
  if (info && ToEpochMs(info->last_activity) + kGoneMs <= now_ms) info.reset();
  co_return info;
}

Task<Result<void>> RedisSessions::Forget(SessionId session) {
  {
    Shard& shard = ShardOf(session);
    const std::lock_guard lock(shard.mutex);
    shard.recent.erase(session);
  }
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  SpareCommand command(here, "DEL");
  command->Key(SessionKey(session));
  const CallOptions options{.deadline = clients_.In(kSessionTimeout), .repeat = Repeat::kSafe};
  const Outcome outcome = co_await here->client->Call(*command, options);
  if (!Good(outcome)) co_return Fail(SessionsAway());
  co_return Result<void>();
}

void RedisSessions::Start() {
  clients_.Every(kSessionFlushPause, [this]() -> Task<void> { (void)co_await Flush(false); });
}

void RedisSessions::Close() {
  clients_.RunThere([this]() -> Task<void> { (void)co_await Flush(true); });
}

}  // namespace popradio::store::distributed
