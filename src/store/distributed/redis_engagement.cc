#include "store/distributed/redis_engagement.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>

#include "base/log.h"
#include "store/distributed/digest.h"
#include "store/distributed/engagement_scripts.h"
#include "store/distributed/outcomes.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Outcome;
using redis::Repeat;
using redis::Reply;

constexpr std::int64_t kDayKeptSeconds = std::int64_t{kDayKeptDays} * 24 * 3600;
constexpr std::int64_t kIdempotencyMs = std::int64_t{kIdempotencyHours} * 3600 * 1000;
// Likers that one script takes.
constexpr std::size_t kLikersPerCall = 1'000;
// An index that is to be put right: tried this often, and so many at a time at most.
constexpr int kRepairTries = 10;
constexpr Millis kRepairPause{1'000};
constexpr int kMaxRepairs = 10'000;
constexpr Millis kRebuildTimeout{10'000};

}  // namespace

RedisEngagement::RedisEngagement(RedisClients& clients, Numbers& numbers, const Clock& clock,
                                 ChangeSink* sink)
    : clients_(clients),
      numbers_(numbers),
      clock_(clock),
      sink_(sink),
      like_(scripts::kLike),
      unlike_(scripts::kUnlike),
      count_(scripts::kCount),
      load_likers_(scripts::kLoadLikers),
      load_counts_(scripts::kLoadCounts) {}

Error RedisEngagement::Away() {
  return Error(ErrorCode::kUnavailable,
               "Likes and plays cannot be counted right now. Try again in a moment.", 1);
}

// ---- Reading.

bool RedisEngagement::ReadNow(const SessionId* session, std::span<const Target> targets,
                              std::span<Engagement> out) const {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Numbers::Cell* cell = numbers_.Find(targets[i]);
    if ((!cell || !cell->known()) &&
        !breaker_.Open(VersionKey(targets[i]), clients_.clock().Steady())) {
      return false;
    }
    out[i] = cell ? Engagement{cell->AllLikes(), cell->AllPlays(), false} : Engagement{};
  }
  if (!session || targets.empty()) return true;
  const Millis now = clock_.Steady();
  if (liked_.Read(*session, targets, out, now, false)) return true;
  if (!breaker_.Open(LikedKey(*session, TargetType::kSong), clients_.clock().Steady())) {
    return false;
  }
  if (!liked_.Read(*session, targets, out, now, true)) {
    for (Engagement& engagement : out.first(targets.size())) engagement.liked = false;
  }
  return true;
}

Task<Result<void>> RedisEngagement::Read(const SessionId* session, std::span<const Target> targets,
                                         std::span<Engagement> out) {
  std::vector<Numbers::Cell*> unknown;
  std::array<bool, 2> wanted{};
  for (const Target& target : targets) {
    Numbers::Cell& cell = numbers_.Intern(target);
    if (!cell.known()) unknown.push_back(&cell);
    wanted[static_cast<std::size_t>(target.type)] = true;
  }
  if (!unknown.empty()) (void)co_await Refresh(unknown, kReadTimeout);
  bool failed = false;
  for (const TargetType type : {TargetType::kSong, TargetType::kPlaylist}) {
    if (!session || !wanted[static_cast<std::size_t>(type)] || failed) continue;
    if (liked_.Knows(*session, type, clock_.Steady())) continue;
    const auto loaded = co_await Load(*session, type, kReadTimeout);
    if (!loaded) {
      failed = true;
      continue;
    }
    // What is too much for the cache, or was changed meanwhile, is answered from here.
    std::vector<ObjectId> ids;
    for (const LikedAt& liked : *loaded) ids.push_back(liked.id);
    std::sort(ids.begin(), ids.end());
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (targets[i].type != type) continue;
      out[i].liked = std::binary_search(ids.begin(), ids.end(), targets[i].id);
    }
    wanted[static_cast<std::size_t>(type)] = false;
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Numbers::Cell* cell = numbers_.Find(targets[i]);
    out[i].likes = cell->AllLikes();
    out[i].plays = cell->AllPlays();
    if (!session) {
      out[i].liked = false;
    } else if (wanted[static_cast<std::size_t>(targets[i].type)] &&
               !liked_.Read(*session, targets.subspan(i, 1), out.subspan(i, 1), clock_.Steady(),
                            true)) {
      out[i].liked = false;
    }
  }
  co_return Result<void>();
}

Task<Result<void>> RedisEngagement::Refresh(std::vector<Numbers::Cell*> cells, Millis timeout) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  Result<void> result;
  for (std::size_t begin = 0; begin < cells.size(); begin += kPipelineChunk) {
    const std::size_t end = std::min(cells.size(), begin + kPipelineChunk);
    std::vector<Command> commands;
    std::vector<std::int64_t> before;
    for (std::size_t i = begin; i < end; ++i) {
      const Target& target = cells[i]->target;
      before.push_back(cells[i]->version());
      commands.emplace_back("MGET")
          .Key(LikesKey(target))
          .Key(PlaysKey(target))
          .Key(VersionKey(target));
    }
    const CallOptions options{.deadline = clients_.In(timeout), .repeat = Repeat::kSafe};
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    const Millis now = clients_.clock().Steady();
    for (std::size_t i = begin; i < end; ++i) {
      const Outcome& outcome = outcomes[i - begin];
      const Key key = VersionKey(cells[i]->target);
      if (!Good(outcome)) {
        breaker_.Failed(key, now);
        if (result) result = Fail(WhyNot(outcome));
        continue;
      }
      breaker_.Worked(key, now);
      numbers_.Correct(*cells[i], {NumberOf(outcome->at(0)), NumberOf(outcome->at(1))},
                       NumberOf(outcome->at(2)), before[i - begin]);
    }
  }
  co_return result;
}

Task<Result<void>> RedisEngagement::Compare() {
  // One that was emptied knows nothing until it is filled again: the last numbers stand.
  const auto built = co_await Built();
  if (!built) co_return Fail(built.error());
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  // By partition: one command asks for many versions.
  std::array<std::vector<Numbers::Cell*>, kPartitions> partitions;
  for (Numbers::Cell* cell : numbers_.All()) {
    const auto partition = static_cast<std::size_t>(PartitionOf(cell->target));
    if ((*built)[partition]) partitions[partition].push_back(cell);
  }
  std::vector<Command> commands;
  std::vector<std::span<Numbers::Cell*>> asked;
  for (auto& cells : partitions) {
    for (std::size_t begin = 0; begin < cells.size(); begin += kPipelineChunk) {
      const std::size_t count = std::min(kPipelineChunk, cells.size() - begin);
      asked.push_back(std::span(cells).subspan(begin, count));
      Command& command = commands.emplace_back("MGET");
      for (const Numbers::Cell* cell : asked.back()) command.Key(VersionKey(cell->target));
    }
  }
  const CallOptions options{.deadline = clients_.In(kWriteTimeout), .repeat = Repeat::kSafe};
  const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
  Result<void> result;
  std::vector<Numbers::Cell*> differing;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (!Good(outcomes[i])) {
      if (result) result = Fail(WhyNot(outcomes[i]));
      continue;
    }
    for (std::size_t j = 0; j < asked[i].size(); ++j) {
      Numbers::Cell* cell = asked[i][j];
      const std::int64_t version = NumberOf(outcomes[i]->at(j));
      // A number whose own version is behind was not touched by what the newest changed, or it was
      // and the message is lost: reading it again is right in both cases, and makes them equal.
      if (cell->likes_version != version || cell->plays_version != version) {
        differing.push_back(cell);
      }
    }
  }
  auto refreshed = co_await Refresh(std::move(differing), kWriteTimeout);
  if (result && !refreshed) result = std::move(refreshed);
  co_return result;
}

Task<Result<std::vector<std::optional<double>>>> RedisEngagement::Scores(
    const SessionId& session, std::span<const Target> targets, Millis timeout) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::vector<std::optional<double>> scores;
  scores.reserve(targets.size());
  char sid[SessionId::kTextLength];
  session.ToString(sid);
  for (std::size_t begin = 0; begin < targets.size(); begin += kPipelineChunk) {
    const std::size_t end = std::min(targets.size(), begin + kPipelineChunk);
    std::vector<Command> commands;
    commands.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      commands.emplace_back("ZSCORE").Key(LikersKey(targets[i])).Arg({sid, sizeof sid});
    }
    const CallOptions options{.deadline = clients_.In(timeout), .repeat = Repeat::kSafe};
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    for (const Outcome& outcome : outcomes) {
      if (!Good(outcome)) co_return Fail(WhyNot(outcome));
      if (outcome->is_nil()) {
        scores.push_back(std::nullopt);
      } else {
        scores.push_back(std::strtod(std::string(outcome->text()).c_str(), nullptr));
      }
    }
  }
  co_return scores;
}

Task<Result<std::vector<RedisEngagement::LikedAt>>> RedisEngagement::Load(SessionId session,
                                                                          TargetType type,
                                                                          Millis timeout) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const LikedCache::Ticket ticket = liked_.BeginLoad(session);
  const Key key = LikedKey(session, type);
  std::vector<Target> targets;
  {
    SpareCommand command(here, "SMEMBERS");
    command->Key(key);
    const CallOptions options{.deadline = clients_.In(timeout), .repeat = Repeat::kSafe};
    const Outcome outcome = co_await here->client->Call(*command, options);
    if (!Good(outcome)) {
      breaker_.Failed(key, clients_.clock().Steady());
      co_return Fail(WhyNot(outcome));
    }
    breaker_.Worked(key, clients_.clock().Steady());
    for (const Reply& member : outcome->elements()) {
      if (const auto id = ObjectId::Parse(member.text())) targets.push_back({type, *id});
    }
  }
  std::vector<LikedAt> liked;
  std::vector<ObjectId> stale, ids;
  if (!targets.empty()) {
    const auto scores = co_await Scores(session, targets, timeout);
    if (!scores) co_return Fail(scores.error());
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (const auto& at = (*scores)[i]) {
        liked.push_back({*at, targets[i].id});
      } else {
        stale.push_back(targets[i].id);
      }
    }
  }
  // Looked at once more before it is taken out: its like may be on its way.
  for (const ObjectId& id : stale) RepairLater(session, {type, id});
  std::sort(liked.begin(), liked.end(), [](const LikedAt& a, const LikedAt& b) {
    return a.at != b.at ? a.at < b.at : a.id < b.id;
  });
  for (const LikedAt& like : liked) ids.push_back(like.id);
  liked_.EndLoad(session, type, ticket, ids, clock_.Steady());
  co_return liked;
}

Task<Result<LikedSet>> RedisEngagement::Liked(SessionId session) {
  LikedSet set;
  for (const TargetType type : {TargetType::kSong, TargetType::kPlaylist}) {
    const auto loaded = co_await Load(session, type, kWriteTimeout);
    if (!loaded) co_return Fail(Away());
    auto& ids = type == TargetType::kSong ? set.songs : set.playlists;
    for (const LikedAt& liked : *loaded) ids.push_back(liked.id);
  }
  co_return set;
}

// ---- Writing.

Result<RedisEngagement::Answer> RedisEngagement::Judge(const Outcome& outcome) const {
  if (!outcome) return Fail(Away());
  if (outcome->is_error()) {
    Log(LogLevel::kError, "redis refused a script", {{"error", std::string(outcome->text())}});
    return Fail(Away());
  }
  const Answer answer{outcome->at(0).integer(), outcome->at(1).integer(), outcome->at(2).integer()};
  if (answer.what == scripts::kNotBuilt) {
    return Fail(ErrorCode::kUnavailable,
                "The counts are being put together again. Try again in a moment.", 2);
  }
  return answer;
}

Task<bool> RedisEngagement::Index(std::shared_ptr<RedisHere> here, const SessionId& session,
                                  const Target& target, bool add) {
  SpareCommand command(here, add ? "SADD" : "SREM");
  char id[ObjectId::kHexDigits];
  target.id.ToHex(id);
  command->Key(LikedKey(session, target.type)).Arg({id, sizeof id});
  const CallOptions options{.deadline = clients_.In(kIndexTimeout), .repeat = Repeat::kSafe};
  const Outcome outcome = co_await here->client->Call(*command, options);
  co_return Good(outcome);
}

Task<Result<RedisEngagement::Answer>> RedisEngagement::Change(std::shared_ptr<RedisHere> here,
                                                              const SessionId& session,
                                                              const Target& target, bool like) {
  const bool with_index = clients_.one_server();
  const Instant now = clock_.Now();
  const auto fill = [&](Command& command) {
    const int partition = PartitionOf(target);
    command.Key(BuiltKey(partition))
        .Key(LikersKey(target))
        .Key(LikesKey(target))
        .Key(VersionKey(target))
        .Key(DirtyKey(partition))
        .Key(OutboxKey(partition))
        .Key(DayKey(now, partition));
    if (with_index) command.Key(LikedKey(session, target.type));
    char text[SessionId::kTextLength];
    session.ToString(text);
    command.Arg({text, sizeof text}).Arg(TargetName(target)).Arg(kDayKeptSeconds);
    target.id.ToHex(text);
    command.Arg({text, ObjectId::kHexDigits});
  };
  const CallOptions options{.deadline = clients_.In(kWriteTimeout), .durable = true};
  const Outcome outcome =
      co_await Evaluate(here, like ? like_ : unlike_, with_index ? 8 : 7, fill, options);
  co_return Judge(outcome);
}

Task<Result<std::int64_t>> RedisEngagement::Like(SessionId session, Target target) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  Numbers::Cell& cell = numbers_.Intern(target);
  bool indexed = true;
  // First the index, then the like: the index may hold too much, and that is seen when the likers
  // are asked; it must not hold too little.
  if (!clients_.one_server()) indexed = co_await Index(here, session, target, true);
  const auto answer = co_await Change(here, session, target, true);
  if (!answer) {
    liked_.Forget(session);
    if (!clients_.one_server()) RepairLater(session, target);
    co_return Fail(answer.error());
  }
  if (!indexed) RepairLater(session, target);
  const Counts counts{.likes = answer->number};
  numbers_.Apply(cell, counts, answer->version);
  liked_.Changed(session, target, true);
  if (answer->what == scripts::kUnchanged) {
    co_return Fail(ErrorCode::kAlreadyLiked, "You've already liked this");
  }
  if (sink_) sink_->LikeChanged(target, session, true, counts, answer->version);
  co_return cell.base_likes.load(std::memory_order_relaxed) + answer->number;
}

Task<Result<std::int64_t>> RedisEngagement::Unlike(SessionId session, Target target) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  Numbers::Cell& cell = numbers_.Intern(target);
  const auto answer = co_await Change(here, session, target, false);
  if (!answer) {
    liked_.Forget(session);
    if (!clients_.one_server()) RepairLater(session, target);
    co_return Fail(answer.error());
  }
  if (!clients_.one_server()) {
    const bool indexed = co_await Index(here, session, target, false);
    if (!indexed) RepairLater(session, target);
  }
  const Counts counts{.likes = answer->number};
  numbers_.Apply(cell, counts, answer->version);
  liked_.Changed(session, target, false);
  if (answer->what == scripts::kUnchanged) {
    co_return Fail(ErrorCode::kNotLiked, "You have not liked this");
  }
  if (sink_) sink_->LikeChanged(target, session, false, counts, answer->version);
  co_return cell.base_likes.load(std::memory_order_relaxed) + answer->number;
}

Task<Result<std::int64_t>> RedisEngagement::Count(Target target, const SessionId* session,
                                                  std::optional<std::string> idempotency_key) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  Numbers::Cell& cell = numbers_.Intern(target);
  const Instant now = clock_.Now();
  std::optional<Key> once;
  if (session && idempotency_key) once = PlayOnceKey(target, *session, Sha1Hex(*idempotency_key));
  const auto fill = [&](Command& command) {
    const int partition = PartitionOf(target);
    command.Key(BuiltKey(partition))
        .Key(PlaysKey(target))
        .Key(VersionKey(target))
        .Key(DirtyKey(partition))
        .Key(DayKey(now, partition));
    if (once) command.Key(*once);
    command.Arg(TargetName(target)).Arg(kDayKeptSeconds);
    if (once) {
      command.Arg(ToEpochMs(now)).Arg(ToEpochMs(now) + kIdempotencyMs).Arg(kIdempotencyMs);
    }
  };
  // With a key it may be sent again: it counts once.
  const CallOptions options{.deadline = clients_.In(kWriteTimeout),
                            .repeat = once ? Repeat::kSafe : Repeat::kNever,
                            .durable = true};
  const Outcome outcome = co_await Evaluate(here, count_, once ? 6 : 5, fill, options);
  const auto answer = Judge(outcome);
  if (!answer) co_return Fail(answer.error());
  const Counts counts{.plays = answer->number};
  numbers_.Apply(cell, counts, answer->version);
  if (sink_ && answer->what == scripts::kChanged) sink_->Counted(target, counts, answer->version);
  co_return cell.base_plays.load(std::memory_order_relaxed) + answer->number;
}

Task<Result<void>> RedisEngagement::Forget(SessionId session) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::vector<Target> targets;
  for (const Numbers::Cell* cell : numbers_.All()) {
    if (!cell->known() || cell->likes.load(std::memory_order_relaxed) > 0) {
      targets.push_back(cell->target);
    }
  }
  // What another node's listeners have just begun to like may not have been heard of here.
  for (const TargetType type : {TargetType::kSong, TargetType::kPlaylist}) {
    const auto loaded = co_await Load(session, type, kWriteTimeout);
    if (!loaded) co_return Fail(Away());
    for (const LikedAt& liked : *loaded) targets.push_back({type, liked.id});
  }
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  const auto scores = co_await Scores(session, targets, kWriteTimeout);
  if (!scores) co_return Fail(Away());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!(*scores)[i]) continue;
    const auto gone = co_await Unlike(session, targets[i]);
    if (!gone && gone.error().code != ErrorCode::kNotLiked) co_return Fail(gone.error());
  }
  for (const TargetType type : {TargetType::kSong, TargetType::kPlaylist}) {
    SpareCommand command(here, "DEL");
    command->Key(LikedKey(session, type));
    const CallOptions options{.deadline = clients_.In(kIndexTimeout), .repeat = Repeat::kSafe};
    (void)co_await here->client->Call(*command, options);
  }
  liked_.Forget(session);
  co_return Result<void>();
}

// ---- The index, put right.

void RedisEngagement::RepairLater(const SessionId& session, const Target& target) {
  if (repairs_.fetch_add(1) >= kMaxRepairs) {
    repairs_.fetch_sub(1);
    return;
  }
  clients_.Spawn([this, session, target] { return Repair(session, target); });
}

Task<void> RedisEngagement::Repair(SessionId session, Target target) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  for (int tries = 0; tries < kRepairTries; ++tries) {
    boost::asio::steady_timer pause(here->client->environment().context, kRepairPause);
    co_await pause.async_wait(boost::asio::use_awaitable);
    const auto scores = co_await Scores(session, {&target, 1}, kIndexTimeout);
    if (!scores) continue;
    const bool liked = (*scores)[0].has_value();
    const bool indexed = co_await Index(here, session, target, liked);
    if (!indexed) continue;
    liked_.Forget(session);
    break;
  }
  repairs_.fetch_sub(1);
}

// ---- Filling.

Task<Result<std::array<bool, kPartitions>>> RedisEngagement::Built() {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::vector<Command> commands;
  for (int partition = 0; partition < kPartitions; ++partition) {
    commands.emplace_back("EXISTS").Key(BuiltKey(partition));
  }
  const CallOptions options{.deadline = clients_.In(kWriteTimeout), .repeat = Repeat::kSafe};
  const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
  std::array<bool, kPartitions> built{};
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!Good(outcomes[i])) co_return Fail(WhyNot(outcomes[i]));
    built[i] = outcomes[i]->integer() == 1;
  }
  co_return built;
}

Task<Result<bool>> RedisEngagement::IsBuilt(int partition) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  SpareCommand command(here, "EXISTS");
  command->Key(BuiltKey(partition));
  const CallOptions options{.deadline = clients_.In(kWriteTimeout), .repeat = Repeat::kSafe};
  const Outcome outcome = co_await here->client->Call(*command, options);
  if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  co_return outcome->integer() == 1;
}

Task<Result<void>> RedisEngagement::MarkBuilt(int partition) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  SpareCommand command(here, "SET");
  command->Key(BuiltKey(partition)).Arg(FormatIso8601(clock_.Now())).Arg("NX");
  const CallOptions options{
      .deadline = clients_.In(kRebuildTimeout), .repeat = Repeat::kSafe, .durable = true};
  const Outcome outcome = co_await here->client->Call(*command, options);
  if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  co_return Result<void>();
}

Task<Result<void>> RedisEngagement::LoadLikers(Target target,
                                               std::span<const RestoredLike> likers) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  for (std::size_t begin = 0; begin < likers.size(); begin += kLikersPerCall) {
    const auto chunk = likers.subspan(begin, std::min(kLikersPerCall, likers.size() - begin));
    const auto fill = [&](Command& command) {
      command.Key(BuiltKey(PartitionOf(target))).Key(LikersKey(target));
      for (const RestoredLike& liker : chunk)
        command.Arg(liker.at_ms * 1'000).Arg(liker.session.ToString());
    };
    const CallOptions options{.deadline = clients_.In(kRebuildTimeout), .repeat = Repeat::kSafe};
    const Outcome outcome = co_await Evaluate(here, load_likers_, 2, fill, options);
    if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  }
  // The sessions' indices, as far as they can be had; a like finds what is missing.
  for (std::size_t begin = 0; begin < likers.size(); begin += kPipelineChunk) {
    const auto chunk = likers.subspan(begin, std::min(kPipelineChunk, likers.size() - begin));
    std::vector<Command> commands;
    for (const RestoredLike& liker : chunk) {
      commands.emplace_back("SADD")
          .Key(LikedKey(liker.session, target.type))
          .Arg(target.id.ToHex());
    }
    const CallOptions options{.deadline = clients_.In(kRebuildTimeout), .repeat = Repeat::kSafe};
    const auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    for (const Outcome& outcome : outcomes) {
      if (!Good(outcome)) co_return Fail(WhyNot(outcome));
    }
  }
  co_return Result<void>();
}

Task<Result<void>> RedisEngagement::LoadCounts(Target target, std::int64_t plays,
                                               std::int64_t version) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const int partition = PartitionOf(target);
  const auto fill = [&](Command& command) {
    command.Key(BuiltKey(partition))
        .Key(LikersKey(target))
        .Key(LikesKey(target))
        .Key(PlaysKey(target))
        .Key(VersionKey(target))
        .Key(DirtyKey(partition));
    command.Arg(plays).Arg(version + kVersionLeap).Arg(TargetName(target));
  };
  const CallOptions options{.deadline = clients_.In(kRebuildTimeout), .repeat = Repeat::kSafe};
  const Outcome outcome = co_await Evaluate(here, load_counts_, 6, fill, options);
  if (!Good(outcome)) co_return Fail(WhyNot(outcome));
  co_return Result<void>();
}

Task<Result<void>> RedisEngagement::LoadTarget(Target target, std::span<const RestoredLike> likers,
                                               std::int64_t plays, std::int64_t version) {
  auto loaded = co_await LoadLikers(target, likers);
  if (!loaded) co_return loaded;
  auto counted = co_await LoadCounts(target, plays, version);
  co_return counted;
}

}  // namespace popradio::store::distributed
