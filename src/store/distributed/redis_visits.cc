#include "store/distributed/redis_visits.h"

#include <algorithm>
#include <map>

#include "store/distributed/digest.h"
#include "store/distributed/outcomes.h"
#include "store/distributed/redis_engagement.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Outcome;
using redis::Repeat;

constexpr Millis kVisitFlushPause{2'000};
constexpr Millis kVisitTimeout{2'000};
constexpr std::size_t kVisitsPerCommand = 500;
// A day's salt goes when the day is over everywhere.
constexpr int kSaltSeconds = 2 * 24 * 3600;
constexpr std::int64_t kVisitorsKeptSeconds = std::int64_t{kDayKeptDays} * 24 * 3600;
// Days that are asked for at a time.
constexpr std::int64_t kDaysPerChunk = 8;

Error DaysAway() {
  return {ErrorCode::kUnavailable, "The day's counts cannot be read right now.", 1};
}

// The best of a day, bounded.
std::vector<TargetDay> TopOf(const std::map<Target, TargetDay>& counted, TargetType type) {
  std::vector<TargetDay> top;
  for (const auto& [target, day] : counted) {
    if (target.type == type) top.push_back(day);
  }
  std::sort(top.begin(), top.end(), [](const TargetDay& a, const TargetDay& b) {
    if (a.plays != b.plays) return a.plays > b.plays;
    if (a.likes != b.likes) return a.likes > b.likes;
    return a.id < b.id;
  });
  if (top.size() > kTopTargets) top.resize(kTopTargets);
  return top;
}

// "plays:song:<id>" and the like.
void AddField(std::map<Target, TargetDay>& counted, std::string_view field,
              std::string_view value) {
  const std::size_t colon = field.find(':');
  if (colon == field.npos) return;
  const auto target = ParseTargetName(field.substr(colon + 1));
  if (!target) return;
  TargetDay& day = counted[*target];
  day.id = target->id;
  (field.starts_with("plays:") ? day.plays : day.likes) += NumberOf(value);
}

}  // namespace

RedisVisits::RedisVisits(RedisClients& clients, const Clock& clock, Random& random)
    : clients_(clients), clock_(clock), random_(random) {}

void RedisVisits::Visit(const SessionId& session, Instant now) {
  const DayNumber day = DayOf(now);
  const std::uint64_t hash = SessionIdHash()(session);
  const std::lock_guard lock(mutex_);
  if (day != day_) {
    day_ = day;
    seen_.clear();
  }
  if (seen_.size() < kMaxVisitorsKept) {
    if (!seen_.insert(hash).second) return;
  } else if (seen_.contains(hash)) {
    return;
  }
  if (unsent_.size() < kMaxVisitorsKept) unsent_.push_back({day, session});
}

Task<Result<std::string>> RedisVisits::SaltOf(std::shared_ptr<RedisHere> here, DayNumber day) {
  std::string proposed;
  {
    const std::lock_guard lock(mutex_);
    if (salt_day_ == day) co_return salt_;
    const std::uint64_t words[2] = {random_.Next(), random_.Next()};
    proposed = Sha1Hex({reinterpret_cast<const char*>(words), sizeof words});
  }
  const Key key = VisitorsSaltKey(Midnight(day));
  const CallOptions options{.deadline = clients_.In(kVisitTimeout), .repeat = Repeat::kSafe};
  const Command set = Command("SET").Key(key).Arg(proposed).Arg("NX").Arg("EX").Arg(kSaltSeconds);
  const Outcome made = co_await here->client->Call(set, options);
  if (!Good(made)) co_return Fail(DaysAway());
  // Another node may have been first.
  const Command get = Command("GET").Key(key);
  const Outcome kept = co_await here->client->Call(get, options);
  if (!Good(kept) || !kept->is_string()) co_return Fail(DaysAway());
  std::string salt(kept->text());
  const std::lock_guard lock(mutex_);
  salt_day_ = day;
  salt_ = salt;
  co_return salt;
}

Task<Result<void>> RedisVisits::Send(std::shared_ptr<RedisHere> here, DayNumber day,
                                     const std::vector<SessionId>& sessions) {
  const auto salt = co_await SaltOf(here, day);
  if (!salt) co_return Fail(salt.error());
  const Key key = VisitorsKey(Midnight(day));
  std::vector<Command> commands;
  for (std::size_t begin = 0; begin < sessions.size(); begin += kVisitsPerCommand) {
    Command& command = commands.emplace_back("PFADD").Key(key);
    const std::size_t end = std::min(sessions.size(), begin + kVisitsPerCommand);
    for (std::size_t i = begin; i < end; ++i) command.Arg(Sha1Hex(*salt + sessions[i].ToString()));
  }
  commands.push_back(Command("EXPIRE").Key(key).Arg(kVisitorsKeptSeconds));
  const CallOptions options{.deadline = clients_.In(kVisitTimeout), .repeat = Repeat::kSafe};
  const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
  for (const Outcome& outcome : outcomes) {
    if (!Good(outcome)) co_return Fail(DaysAway());
  }
  co_return Result<void>();
}

Task<Result<void>> RedisVisits::Flush() {
  std::map<DayNumber, std::vector<SessionId>> days;
  {
    const std::lock_guard lock(mutex_);
    for (const Unsent& unsent : unsent_) days[unsent.day].push_back(unsent.session);
    unsent_.clear();
  }
  if (days.empty()) co_return Result<void>();
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  Result<void> result;
  for (const auto& [day, sessions] : days) {
    auto sent = co_await Send(here, day, sessions);
    if (sent) continue;
    result = std::move(sent);
    const std::lock_guard lock(mutex_);
    for (const SessionId& session : sessions) {
      if (unsent_.size() < kMaxVisitorsKept) unsent_.push_back({day, session});
    }
  }
  co_return result;
}

Task<Result<AnalyticsDay>> RedisVisits::Day(Instant date) {
  auto days = co_await Days(date, date);
  if (!days) co_return Fail(days.error());
  if (!days->empty()) co_return std::move(days->front());
  AnalyticsDay none;
  none.date = Midnight(DayOf(date));
  co_return none;
}

Task<Result<std::vector<AnalyticsDay>>> RedisVisits::Days(Instant from, Instant to) {
  if (auto flushed = co_await Flush(); !flushed) co_return Fail(flushed.error());
  const DayNumber today = DayOf(clock_.Now());
  const DayNumber first = std::max(DayOf(from), today - kDayKeptDays);
  const DayNumber last = std::min(DayOf(to), today + 1);
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::vector<AnalyticsDay> days;
  for (DayNumber begin = first; begin <= last; begin += kDaysPerChunk) {
    const DayNumber end = std::min(last + 1, begin + kDaysPerChunk);
    std::vector<Command> commands;
    for (DayNumber day = begin; day < end; ++day) {
      commands.emplace_back("PFCOUNT").Key(VisitorsKey(Midnight(day)));
      for (int partition = 0; partition < kPartitions; ++partition) {
        commands.emplace_back("HGETALL").Key(DayKey(Midnight(day), partition));
      }
    }
    const CallOptions options{.deadline = clients_.In(kVisitTimeout), .repeat = Repeat::kSafe};
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    std::size_t next = 0;
    for (DayNumber number = begin; number < end; ++number) {
      AnalyticsDay day;
      day.date = Midnight(number);
      const Outcome& visitors = outcomes[next++];
      if (!Good(visitors)) co_return Fail(DaysAway());
      day.unique_visitors = visitors->integer();
      std::map<Target, TargetDay> counted;
      for (int partition = 0; partition < kPartitions; ++partition) {
        const Outcome& fields = outcomes[next++];
        if (!Good(fields)) co_return Fail(DaysAway());
        const auto& elements = fields->elements();
        for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
          AddField(counted, elements[i].text(), elements[i + 1].text());
        }
      }
      for (const auto& [target, counts] : counted) {
        if (target.type == TargetType::kSong) day.total_plays += counts.plays;
      }
      day.top_songs = TopOf(counted, TargetType::kSong);
      day.top_playlists = TopOf(counted, TargetType::kPlaylist);
      if (!counted.empty() || day.unique_visitors > 0) days.push_back(std::move(day));
    }
  }
  co_return days;
}

void RedisVisits::Start() {
  clients_.Every(kVisitFlushPause, [this]() -> Task<void> { (void)co_await Flush(); });
}

void RedisVisits::Close() {
  clients_.RunThere([this]() -> Task<void> { (void)co_await Flush(); });
}

}  // namespace popradio::store::distributed
