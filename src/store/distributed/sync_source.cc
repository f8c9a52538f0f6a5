#include "store/distributed/sync_source.h"

#include <algorithm>
#include <map>

#include "store/distributed/engagement_scripts.h"
#include "store/distributed/outcomes.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Outcome;
using redis::Repeat;
using redis::Reply;

constexpr Millis kSyncTimeout{5'000};
constexpr std::size_t kSyncChunk = 1'000;

// What goes to MongoDB is read like this: the WAIT behind it proves that the replicas have it too.
// What only a dying primary knew must not live on there, under versions that the primary's
// successor will give to something else.
CallOptions Proven(RedisClients& clients) {
  return {.deadline = clients.In(kSyncTimeout), .repeat = Repeat::kSafe, .durable = true};
}

// The id after this one: XTRIM MINID keeps the one it names.
std::string IdAfter(const std::string& id) {
  const std::size_t dash = id.find('-');
  if (dash == id.npos) return id + "-1";
  std::uint64_t ms = 0, sequence = 0;
  std::from_chars(id.data(), id.data() + dash, ms);
  std::from_chars(id.data() + dash + 1, id.data() + id.size(), sequence);
  if (sequence == UINT64_MAX) return std::to_string(ms + 1) + "-0";
  return std::to_string(ms) + "-" + std::to_string(sequence + 1);
}

std::optional<OutboxEntry> ParseOutboxEntry(const Reply& reply) {
  OutboxEntry entry;
  entry.id = reply.at(0).text();
  entry.at_ms = NumberOf(entry.id);  // the part before the dash
  std::optional<Target> target;
  std::optional<SessionId> session;
  bool has_op = false;
  const auto& fields = reply.at(1).elements();
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string_view name = fields[i].text(), value = fields[i + 1].text();
    if (name == "op") {
      has_op = value == "like" || value == "unlike";
      entry.liked = value == "like";
    } else if (name == "target") {
      target = ParseTargetName(value);
    } else if (name == "sid") {
      session = SessionId::Parse(value);
    } else if (name == "version") {
      entry.version = NumberOf(value);
    }
  }
  if (!has_op || !target || !session) return std::nullopt;
  entry.target = *target;
  entry.session = *session;
  return entry;
}

}  // namespace

SyncSource::SyncSource(RedisClients& clients) : clients_(clients), clean_(scripts::kClean) {}

Task<Result<std::vector<CountedTarget>>> SyncSource::Dirty(int partition) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const CallOptions options{.deadline = clients_.In(kSyncTimeout), .repeat = Repeat::kSafe};
  const Command members = Command("SMEMBERS").Key(DirtyKey(partition));
  const Outcome outcome = co_await here->client->Call(members, options);
  if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  std::vector<CountedTarget> dirty;
  for (const Reply& member : outcome->elements()) {
    if (const auto target = ParseTargetName(member.text())) dirty.push_back({.target = *target});
  }
  for (std::size_t begin = 0; begin < dirty.size(); begin += kSyncChunk) {
    const std::size_t end = std::min(dirty.size(), begin + kSyncChunk);
    // One partition is one slot: one command for all of them, and so as one moment.
    Command command("MGET");
    for (std::size_t i = begin; i < end; ++i) {
      command.Key(LikesKey(dirty[i].target))
          .Key(PlaysKey(dirty[i].target))
          .Key(VersionKey(dirty[i].target));
    }
    const Outcome numbers = co_await here->client->Call(command, Proven(clients_));
    if (!Good(numbers)) co_return Fail(WhyNot(numbers));
    for (std::size_t i = begin; i < end; ++i) {
      dirty[i].likes = NumberOf(numbers->at(3 * (i - begin)).text());
      dirty[i].plays = NumberOf(numbers->at(3 * (i - begin) + 1).text());
      dirty[i].version = NumberOf(numbers->at(3 * (i - begin) + 2).text());
    }
  }
  co_return dirty;
}

Task<Result<std::int64_t>> SyncSource::DirtyCount() {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::vector<Command> commands;
  for (int partition = 0; partition < kPartitions; ++partition) {
    commands.emplace_back("SCARD").Key(DirtyKey(partition));
  }
  const CallOptions options{.deadline = clients_.In(kSyncTimeout), .repeat = Repeat::kSafe};
  const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
  std::int64_t count = 0;
  for (const Outcome& outcome : outcomes) {
    if (!Good(outcome)) co_return Fail(WhyNot(outcome));
    count += outcome->integer();
  }
  co_return count;
}

Task<Result<void>> SyncSource::Clean(Target target, std::int64_t version) {
  const std::vector<CountedTarget> written{{.target = target, .version = version}};
  auto cleaned = co_await Clean(written);
  co_return cleaned;
}

Task<Result<void>> SyncSource::Clean(const std::vector<CountedTarget>& written) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const CallOptions options{.deadline = clients_.In(kSyncTimeout), .repeat = Repeat::kSafe};
  const auto fill = [](Command& command, const CountedTarget& one) {
    command.Key(VersionKey(one.target))
        .Key(DirtyKey(PartitionOf(one.target)))
        .Arg(one.version)
        .Arg(TargetName(one.target));
  };
  for (std::size_t begin = 0; begin < written.size(); begin += kSyncChunk) {
    const std::size_t end = std::min(written.size(), begin + kSyncChunk);
    std::vector<Command> commands;
    for (std::size_t i = begin; i < end; ++i) {
      commands.emplace_back("EVALSHA").Arg(clean_.sha1()).Arg(2);
      fill(commands.back(), written[i]);
    }
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    for (std::size_t i = begin; i < end; ++i) {
      const Outcome& outcome = outcomes[i - begin];
      if (Good(outcome)) continue;
      if (!outcome || !outcome->text().starts_with("NOSCRIPT")) co_return Fail(WhyNot(outcome));
      const CountedTarget& one = written[i];
      const auto fill_one = [&](Command& command) { fill(command, one); };
      const Outcome again = co_await Evaluate(here, clean_, 2, fill_one, options);
      if (!Good(again)) co_return Fail(WhyNot(again));
    }
  }
  co_return Result<void>();
}

Task<Result<SyncSource::Outbox>> SyncSource::ReadOutbox(int partition, std::size_t most) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const CallOptions options{.deadline = clients_.In(kSyncTimeout), .repeat = Repeat::kSafe};
  const Command length = Command("XLEN").Key(OutboxKey(partition));
  const Outcome waiting = co_await here->client->Call(length, options);
  if (!Good(waiting)) co_return Fail(WhyNot(waiting));
  if (waiting->integer() == 0) co_return Outbox{};  // most of the time; nothing to prove
  const Command command =
      Command("XRANGE").Key(OutboxKey(partition)).Arg("-").Arg("+").Arg("COUNT").Arg(most);
  const Outcome outcome = co_await here->client->Call(command, Proven(clients_));
  if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  Outbox outbox;
  for (const Reply& reply : outcome->elements()) {
    outbox.last_id = reply.at(0).text();
    if (auto entry = ParseOutboxEntry(reply)) outbox.entries.push_back(*std::move(entry));
  }
  co_return outbox;
}

Task<Result<void>> SyncSource::TrimOutbox(int partition, std::string id) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const CallOptions options{.deadline = clients_.In(kSyncTimeout), .repeat = Repeat::kSafe};
  const Command command =
      Command("XTRIM").Key(OutboxKey(partition)).Arg("MINID").Arg("=").Arg(IdAfter(id));
  const Outcome outcome = co_await here->client->Call(command, options);
  if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  co_return Result<void>();
}

Task<Result<std::int64_t>> SyncSource::OutboxLength() {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::vector<Command> commands;
  for (int partition = 0; partition < kPartitions; ++partition) {
    commands.emplace_back("XLEN").Key(OutboxKey(partition));
  }
  const CallOptions options{.deadline = clients_.In(kSyncTimeout), .repeat = Repeat::kSafe};
  const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
  std::int64_t length = 0;
  for (const Outcome& outcome : outcomes) {
    if (!Good(outcome)) co_return Fail(WhyNot(outcome));
    length += outcome->integer();
  }
  co_return length;
}

Task<Result<std::optional<Instant>>> SyncSource::OldestEntry() {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::vector<Command> commands;
  for (int partition = 0; partition < kPartitions; ++partition) {
    commands.push_back(
        Command("XRANGE").Key(OutboxKey(partition)).Arg("-").Arg("+").Arg("COUNT").Arg(1));
  }
  const CallOptions options{.deadline = clients_.In(kSyncTimeout), .repeat = Repeat::kSafe};
  const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
  std::optional<Instant> oldest;
  for (const Outcome& outcome : outcomes) {
    if (!Good(outcome)) co_return Fail(WhyNot(outcome));
    if (outcome->elements().empty()) continue;
    const Instant at = FromEpochMs(NumberOf(outcome->at(0).at(0).text()));
    oldest = oldest ? std::min(*oldest, at) : at;
  }
  co_return oldest;
}

Task<Result<std::vector<DayCount>>> SyncSource::Day(Instant date, int partition) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const CallOptions options{.deadline = clients_.In(kSyncTimeout), .repeat = Repeat::kSafe};
  const Command command = Command("HGETALL").Key(DayKey(date, partition));
  const Outcome outcome = co_await here->client->Call(command, options);
  if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  std::map<Target, DayCount> counts;
  const auto& fields = outcome->elements();
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string_view field = fields[i].text();
    const std::size_t colon = field.find(':');
    if (colon == field.npos) continue;
    const auto target = ParseTargetName(field.substr(colon + 1));
    if (!target) continue;
    DayCount& count = counts[*target];
    count.target = *target;
    (field.starts_with("plays:") ? count.plays : count.likes) = NumberOf(fields[i + 1].text());
  }
  std::vector<DayCount> day;
  for (const auto& [target, count] : counts) day.push_back(count);
  co_return day;
}

}  // namespace popradio::store::distributed
