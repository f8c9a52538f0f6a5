#include "store/distributed/redis_moving.h"

#include <algorithm>
#include <set>

#include "store/distributed/keys.h"
#include "store/distributed/outcomes.h"
#include "store/distributed/redis_bus.h"
#include "store/distributed/redis_engagement.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Endpoint;
using redis::Outcome;
using redis::Repeat;

constexpr Millis kMoveTimeout{10'000};
constexpr int kScanned = 1'000;
constexpr std::size_t kVisitorsPerCommand = 500;
constexpr std::int64_t kDaySeconds = std::int64_t{kDayKeptDays} * 24 * 3600;

bool BeginsWithAny(std::string_view key, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return key.starts_with(start); });
}

// What somebody would miss.
bool IsStations(std::string_view key) {
  return BeginsWithAny(key, {"song:", "playlist:", "outbox{", "user:{", "session:{", "day:"});
}
bool IsOurs(std::string_view key) {
  return IsStations(key) || BeginsWithAny(key, {"dirty{", "built{", "play:", "rate:{",
                                                "cache:", "station:", "check:"});
}

// Goes through all keys of all servers until `each` has seen enough.
Task<Result<void>> Scan(RedisClients& clients,
                        std::function<Task<Result<bool>>(std::vector<std::string>)> each) {
  const std::shared_ptr<RedisHere> here = co_await clients.Here();
  const std::vector<Endpoint> primaries =
      co_await here->client->Primaries(clients.In(kMoveTimeout));
  if (primaries.empty()) {
    co_return Fail(ErrorCode::kUnavailable, "Redis does not answer.", 1);
  }
  for (const Endpoint& primary : primaries) {
    std::string cursor = "0";
    do {
      const Command command = Command("SCAN").Arg(cursor).Arg("COUNT").Arg(kScanned);
      const CallOptions options{.deadline = clients.In(kMoveTimeout), .repeat = Repeat::kSafe};
      const Outcome outcome = co_await here->client->CallOn(primary, command, options);
      if (!Good(outcome)) co_return Fail(WhyNot(outcome));
      cursor = outcome->at(0).text();
      std::vector<std::string> keys;
      for (const redis::Reply& key : outcome->at(1).elements()) keys.emplace_back(key.text());
      const auto enough = co_await each(std::move(keys));
      if (!enough) co_return Fail(enough.error());
      if (*enough) co_return Result<void>();
    } while (cursor != "0");
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<std::int64_t>> ListeningNodes(RedisClients& clients) {
  const std::shared_ptr<RedisHere> here = co_await clients.Here();
  const std::vector<Endpoint> primaries =
      co_await here->client->Primaries(clients.In(kMoveTimeout));
  // A node listens at one of those it was told, be it a replica.
  std::set<Endpoint> servers(primaries.begin(), primaries.end());
  if (!clients.one_server()) servers.insert(clients.url().hosts.begin(), clients.url().hosts.end());
  std::int64_t nodes = 0;
  for (const Endpoint& server : servers) {
    const Command command = Command("PUBSUB").Arg("NUMSUB").Arg(kBusChannel);
    const CallOptions options{.deadline = clients.In(kMoveTimeout), .repeat = Repeat::kSafe};
    const Outcome outcome = co_await here->client->CallOn(server, command, options);
    if (Good(outcome)) nodes += NumberOf(outcome->at(1));
  }
  co_return nodes;
}

Task<Result<bool>> HoldsAStation(RedisClients& clients) {
  bool holds = false;
  const auto each = [&holds](std::vector<std::string> keys) -> Task<Result<bool>> {
    holds = std::any_of(keys.begin(), keys.end(), IsStations);
    co_return holds;
  };
  if (auto scanned = co_await Scan(clients, each); !scanned) co_return Fail(scanned.error());
  co_return holds;
}

Task<Result<void>> RemoveStation(RedisClients& clients) {
  const std::shared_ptr<RedisHere> here = co_await clients.Here();
  const auto each = [&](std::vector<std::string> keys) -> Task<Result<bool>> {
    std::vector<Command> commands;
    for (const std::string& key : keys) {
      if (IsOurs(key)) commands.emplace_back("UNLINK").Key(key);
    }
    const CallOptions options{.deadline = clients.In(kMoveTimeout), .repeat = Repeat::kSafe};
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    for (const Outcome& outcome : outcomes) {
      if (!Good(outcome)) co_return Fail(WhyNot(outcome));
    }
    co_return false;
  };
  co_return co_await Scan(clients, each);
}

Task<Result<std::map<Target, StationTally::Numbers>>> ReadNumbers(RedisClients& clients,
                                                                  std::vector<Target> targets) {
  const std::shared_ptr<RedisHere> here = co_await clients.Here();
  std::map<Target, StationTally::Numbers> numbers;
  for (std::size_t begin = 0; begin < targets.size(); begin += kPipelineChunk) {
    const std::size_t end = std::min(targets.size(), begin + kPipelineChunk);
    std::vector<Command> commands;
    for (std::size_t i = begin; i < end; ++i) {
      commands.emplace_back("ZCARD").Key(LikersKey(targets[i]));
      commands.emplace_back("GET").Key(PlaysKey(targets[i]));
    }
    const CallOptions options{.deadline = clients.In(kMoveTimeout), .repeat = Repeat::kSafe};
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    for (std::size_t i = begin; i < end; ++i) {
      const Outcome& likers = outcomes[2 * (i - begin)];
      const Outcome& plays = outcomes[2 * (i - begin) + 1];
      if (!Good(likers)) co_return Fail(WhyNot(likers));
      if (!Good(plays)) co_return Fail(WhyNot(plays));
      const StationTally::Numbers one{NumberOf(*likers), NumberOf(*plays)};
      if (one != StationTally::Numbers()) numbers[targets[i]] = one;
    }
  }
  co_return numbers;
}

Task<Result<void>> WriteCountedDay(RedisClients& clients, CarriedDay day) {
  const std::shared_ptr<RedisHere> here = co_await clients.Here();
  const Instant date = day.day.date;
  std::vector<Command> commands;
  std::set<int> partitions;
  for (const auto& counted : day.counted) {
    const int partition = PartitionOf(counted.target);
    partitions.insert(partition);
    const Key name = TargetName(counted.target);
    Command& command = commands.emplace_back("HSET").Key(DayKey(date, partition));
    command.Arg(Key().Add("plays:").Add(name.view())).Arg(counted.plays);
    command.Arg(Key().Add("likes:").Add(name.view())).Arg(counted.likes);
  }
  for (const int partition : partitions) {
    commands.push_back(Command("EXPIRE").Key(DayKey(date, partition)).Arg(kDaySeconds));
  }
  // Who they were was never kept, only that they were so many.
  const Key visitors = VisitorsKey(date);
  for (std::int64_t begin = 0; begin < day.day.unique_visitors;) {
    Command& command = commands.emplace_back("PFADD").Key(visitors);
    for (std::size_t i = 0; i < kVisitorsPerCommand && begin < day.day.unique_visitors; ++i) {
      command.Arg("carried " + std::to_string(begin++));
    }
  }
  commands.push_back(Command("EXPIRE").Key(visitors).Arg(kDaySeconds));
  const CallOptions options{.deadline = clients.In(kMoveTimeout), .repeat = Repeat::kSafe};
  const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
  for (const Outcome& outcome : outcomes) {
    if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  }
  co_return Result<void>();
}

}  // namespace popradio::store::distributed
