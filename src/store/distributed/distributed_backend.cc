#include "store/distributed/distributed_backend.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "base/log.h"
#include "store/distributed/acquaintance.h"
#include "store/distributed/catalogue_cache.h"
#include "store/distributed/clock_check.h"
#include "store/distributed/counts_check.h"
#include "store/distributed/kept_timeline.h"
#include "store/distributed/mongo_analytics.h"
#include "store/distributed/mongo_catalogue.h"
#include "store/distributed/mongo_comments.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/mongo_sessions.h"
#include "store/distributed/mongo_station.h"
#include "store/distributed/mongo_timeline.h"
#include "store/distributed/numbers_link.h"
#include "store/distributed/rebuild.h"
#include "store/distributed/redis_bus.h"
#include "store/distributed/redis_cache.h"
#include "store/distributed/redis_limits.h"
#include "store/distributed/redis_sessions.h"
#include "store/distributed/redis_visits.h"
#include "store/distributed/servers.h"
#include "store/distributed/two_sessions.h"

namespace popradio::store {
namespace {

using namespace distributed;  // NOLINT: everything here is put together from it

constexpr Millis kCatalogueEvery{1'000};  // a newer version is looked for
constexpr Millis kNumbersEvery{10'000};   // all numbers are compared
constexpr Millis kRebuildEvery{1'000};    // an emptied Redis is noticed
constexpr Millis kReachEvery{1'000};      // a MongoDB that was away at the start is tried again
constexpr Millis kWatchEvery{100};        // a Redis that is back is noticed
class DistributedBackend final : public Backend {
 public:
  DistributedBackend(Servers servers, const DistributedOptions& options, const Clock& clock,
                     Random& random)
      : clock_(clock),
        random_(random),
        clients_(std::move(servers.redis)),
        pool_(std::move(servers.mongo)),
        bus_(*clients_, random),
        numbers_link_(bus_),
        engagement_(*clients_, numbers_, clock, &numbers_link_),
        catalogue_(*pool_, clock, random),
        comments_(*pool_, clock, options.comment_ttl_days),
        stored_timeline_(*pool_, clock, random),
        timeline_(stored_timeline_,
                  [this](std::string json) { redis_cache_.PutTimeline(std::move(json)); }),
        likers_(*pool_),
        first_visits_(*pool_),
        redis_sessions_(*clients_, clock,
                        [this](std::span<const SeenSession> seen) { KeepVisits(seen); }),
        sessions_(redis_sessions_, first_visits_, clock),
        limits_(*clients_, clock, LimitsOf(options)),
        visits_(*clients_, clock, random),
        analytics_(*pool_,
                   {[this](const SessionId& session, Instant now) { visits_.Visit(session, now); },
                    [this](Instant from, Instant to) { return visits_.Days(from, to); }}),
        redis_cache_(*clients_),
        cache_(redis_cache_, numbers_),
        rebuild_(engagement_, likers_, catalogue_) {}
  ~DistributedBackend() override { (void)Close(); }

  // Loads what lies on the servers and begins the work in the background.
  Result<void> Start();

  CatalogueStore& catalogue() override { return catalogue_; }
  EngagementStore& engagement() override { return engagement_; }
  CommentStore& comments() override { return comments_; }
  SessionStore& sessions() override { return sessions_; }
  RateLimitStore& limits() override { return limits_; }
  TimelineStore& timeline() override { return timeline_; }
  AnalyticsStore& analytics() override { return analytics_; }
  NodeBus* bus() override { return &bus_; }
  void LeaveThread(boost::asio::io_context& context) override { clients_->Leave(context); }

  std::vector<ServiceHealth> Health() const override {
    const redis::Health redis = clients_->health();
    const mongo::Health mongo = pool_->health();
    return {{"redis", redis.up, redis.error, redis.since},
            {"mongodb", mongo.up, mongo.error, mongo.since}};
  }
  std::string StationSecret() const override { return secret_; }
  Task<Result<void>> Backup(std::string) override {
    co_return Fail(ErrorCode::kInvalidParameter,
                   "This station lies in Redis and MongoDB: back these up with their own tools, as "
                   "docs/operations.md says; 'popradio export' prints catalogue and comments.");
  }
  Task<Result<CountsReport>> CheckCounts(bool repair) override {
    if (!catalogue_.loaded()) {
      co_return Fail(ErrorCode::kUnavailable, "MongoDB is away: the counts cannot be compared.");
    }
    CountsCheck check(*clients_, likers_, catalogue_);
    co_return co_await check.Run(repair);
  }
  Result<void> Close() override;

 private:
  static RedisLimitsOptions LimitsOf(const DistributedOptions& options) {
    RedisLimitsOptions limits;
    limits.limits = options.limits;
    limits.patience = options.limit_patience;
    return limits;
  }
  Result<void> StartWithMongo();
  Result<void> StartWithoutMongo(const Error& why);
  Result<void> StartWithoutRedis(const std::string& why);
  Task<void> WatchRedis();
  void KeepVisits(std::span<const SeenSession> seen);
  Task<void> RefreshCatalogue();
  Task<void> ReachMongo();
  void PutCaches(bool songs) { cache_.Put(*catalogue_.Current(), songs); }

  const Clock& clock_;
  Random& random_;
  const std::unique_ptr<RedisClients> clients_;
  const std::unique_ptr<mongo::Pool> pool_;
  RedisBus bus_;
  NumbersLink numbers_link_;
  Numbers numbers_;
  RedisEngagement engagement_;
  MongoCatalogue catalogue_;
  MongoComments comments_;
  MongoTimeline stored_timeline_;
  KeptTimeline timeline_;
  MongoLikers likers_;
  MongoSessions first_visits_;
  RedisSessions redis_sessions_;
  TwoSessions sessions_;
  RedisLimits limits_;
  RedisVisits visits_;
  MongoAnalytics analytics_;
  RedisCache redis_cache_;
  CatalogueCache cache_;
  Rebuild rebuild_;
  std::string secret_;
  std::atomic<bool> prepared_{false};  // MongoDB has been looked at
  bool redis_there_ = false;           // of the clients' own thread, once it runs
  Millis songs_cached_at_{0};
  bool closed_ = false;
};

Result<void> DistributedBackend::Start() {
  std::string redis_away;
  for (const Finding& finding : LookAtRedis(*clients_)) {
    if (finding.error && !finding.away) {
      return Fail(ErrorCode::kInvalidParameter, finding.sentence);
    }
    if (finding.error) redis_away = redis_away.empty() ? finding.sentence : redis_away;
    if (!finding.error) Log(LogLevel::kWarn, "redis", {{"finding", finding.sentence}});
  }
  redis_there_ = redis_away.empty();
  catalogue_.BeforeChange([this](const CataloguePtr& next) { engagement_.Follow(*next); });
  if (auto started = StartWithMongo(); !started) {
    if (started.error().code != ErrorCode::kUnavailable) return started;
    if (!redis_there_) {
      return Fail(ErrorCode::kUnavailable, started.error().message + " " + redis_away);
    }
    if (auto without = StartWithoutMongo(started.error()); !without) return without;
  } else if (!redis_there_) {
    if (auto without = StartWithoutRedis(redis_away); !without) return without;
  }
  if (redis_there_) {
    // Nobody hears of a change before the numbers are there.
    (void)RunThere<Result<int>>(*clients_, [this] { return rebuild_.Run(); });
    (void)RunThere<Result<void>>(*clients_, [this] { return engagement_.Compare(); });
    clients_->Spawn([this] { return Introduce(*clients_, *pool_, secret_); });
  }

  numbers_link_.Connect(engagement_);
  bus_.On("catalogue", [this](std::string_view, std::string_view) {
    clients_->Spawn([this] { return RefreshCatalogue(); });
  });
  bus_.OnGap([this] {
    engagement_.ForgetAllCached();
    clients_->Spawn([this]() -> Task<void> {
      (void)co_await engagement_.Compare();
      co_await RefreshCatalogue();
    });
  });
  catalogue_.OnChange([this] {
    bus_.Send("catalogue", "");
    PutCaches(true);
  });
  limits_.Start();
  redis_sessions_.Start();
  visits_.Start();
  clients_->Every(kNumbersPause, [this]() -> Task<void> {
    numbers_link_.Flush();
    co_return;
  });
  clients_->Every(kWatchEvery, [this] { return WatchRedis(); });
  clients_->Every(kCatalogueEvery, [this]() -> Task<void> {
    limits_.SetNodes(bus_.CountNodes(clients_->health().up));
    co_await RefreshCatalogue();
  });
  clients_->Every(kNumbersEvery, [this]() -> Task<void> { (void)co_await engagement_.Compare(); });
  clients_->Every(kRebuildEvery, [this]() -> Task<void> {
    if (!catalogue_.loaded()) co_return;
    const auto rebuilt = co_await rebuild_.Run();
    if (rebuilt && *rebuilt > 0) (void)co_await engagement_.Compare();
  });
  clients_->Every(kCacheEvery, [this]() -> Task<void> {
    const Millis now = clock_.Steady();
    const bool songs = now - songs_cached_at_ >= kCacheSongsEvery;
    if (songs) songs_cached_at_ = now;
    // Also while MongoDB is away: who starts meanwhile shall find them.
    PutCaches(songs);
    timeline_.KeepAgain();
    co_return;
  });
  PutCaches(true);
  songs_cached_at_ = clock_.Steady();
  return {};
}

Result<void> DistributedBackend::StartWithMongo() {
  const auto facts = AskMongo(*pool_, clients_->clock());
  if (!facts) return Fail(facts.error());
  if (const auto clock = LookAtClock("MongoDB at " + pool_->hosts(), facts->clock_ahead)) {
    if (clock->error) return Fail(ErrorCode::kInvalidParameter, clock->sentence);
    Log(LogLevel::kWarn, "mongodb", {{"finding", clock->sentence}});
  }
  auto station = MongoStation::Open(*pool_, clients_->clock(), random_);
  if (!station) return Fail(station.error());
  secret_ = (*station)->secret();
  if (redis_there_) {
    if (auto together = CheckTogether(*clients_, *pool_, secret_); !together) return together;
  }
  if (auto loaded = catalogue_.Load(); !loaded) return loaded;
  prepared_ = true;
  return {};
}

// The numbers as MongoDB last heard them; reading goes on with these.
Result<void> DistributedBackend::StartWithoutRedis(const std::string& why) {
  const auto known = KnowsRedis(*pool_, *clients_);
  if (!known) return Fail(known.error());
  if (!*known) return Fail(ErrorCode::kInvalidParameter, why);
  std::vector<Target> targets;
  for (const Numbers::Cell* cell : numbers_.All()) targets.push_back(cell->target);
  const auto stored = RunThere<Result<std::vector<TargetCounts>>>(
      *clients_, [&] { return likers_.ReadCounts(targets); });
  if (!stored) return Fail(stored.error());
  for (const TargetCounts& one : *stored) {
    numbers_.Apply(one.target, {one.likes, one.plays}, one.version);
  }
  Log(LogLevel::kWarn, "redis is away: serving the numbers that mongodb remembers",
      {{"reason", why}});
  return {};
}

// Notices a Redis that is there again, and what was lost meanwhile.
Task<void> DistributedBackend::WatchRedis() {
  if (!clients_->health().up) {
    redis_there_ = false;
    co_return;
  }
  if (redis_there_) co_return;
  const auto compared = co_await engagement_.Compare();
  if (!compared) co_return;  // not quite; again in a moment
  redis_there_ = true;
  engagement_.ForgetAllCached();
  const auto other = co_await ReadSecret(*clients_);
  if (other && *other && **other != secret_) {
    Log(LogLevel::kError, "redis is back and counts for another station",
        {{"redis", RedisHosts(*clients_)}});
    co_return;
  }
  co_await Introduce(*clients_, *pool_, secret_);
  PutCaches(true);
  timeline_.KeepAgain();
}

Result<void> DistributedBackend::StartWithoutMongo(const Error& why) {
  const auto secret = RunThere<Result<std::optional<std::string>>>(
      *clients_, [this] { return ReadSecret(*clients_); });
  const auto known =
      RunThere<Result<bool>>(*clients_, [this] { return KnowsMongo(*clients_, *pool_); });
  if (!known || !*known) return Fail(ErrorCode::kInvalidParameter, why.message);
  const auto cached = RunThere<Result<std::optional<std::string>>>(
      *clients_, [this] { return redis_cache_.Timeline(); });
  std::optional<RememberedTimeline> timeline;
  if (cached && *cached) timeline = TimelineFromJson(**cached);
  std::vector<ObjectId> playing;
  if (timeline) {
    for (const Slot& slot : timeline->timeline.slots) playing.push_back(slot.song);
    timeline_.Remember(*std::move(timeline));
  }
  const CataloguePtr remembered =
      RunThere<CataloguePtr>(*clients_, [&] { return cache_.Load(playing); });
  if (!secret || !*secret || remembered == nullptr) {
    return Fail(ErrorCode::kUnavailable,
                why.message +
                    " Redis remembers no songs of this station that could be played "
                    "meanwhile.");
  }
  secret_ = **secret;
  catalogue_.ShowMeanwhile(remembered);
  Log(LogLevel::kWarn, "mongodb is away: serving what redis remembers",
      {{"reason", why.message}, {"songs", remembered->active_songs().size()}});
  clients_->Every(kReachEvery, [this] { return ReachMongo(); });
  return {};
}

Task<void> DistributedBackend::ReachMongo() {
  if (prepared_ || !pool_->health().up) co_return;
  // Makes what is missing there, as at any start; on a thread that may wait.
  auto done = co_await pool_->Run<int>([this](mongo::Database&) -> Result<int> {
    auto station = MongoStation::Open(*pool_, clients_->clock(), random_);
    if (!station) return Fail(station.error());
    return 1;
  });
  if (!done) {
    if (done.error().code != ErrorCode::kUnavailable) {
      Log(LogLevel::kError, "mongodb is back and cannot be used",
          {{"reason", done.error().message}});
    }
    co_return;
  }
  const auto refreshed = co_await catalogue_.Refresh();
  if (!refreshed) co_return;
  prepared_ = true;
  PutCaches(true);
}

Task<void> DistributedBackend::RefreshCatalogue() {
  const auto refreshed = co_await catalogue_.Refresh();
  if (refreshed && *refreshed) (void)co_await engagement_.Compare();
}

void DistributedBackend::KeepVisits(std::span<const SeenSession> seen) {
  std::vector<SessionVisit> visits;
  visits.reserve(seen.size());
  for (const SeenSession& one : seen) {
    visits.push_back({one.session, FromEpochMs(one.first_ms), FromEpochMs(one.last_ms)});
  }
  clients_->Spawn([this, visits = std::move(visits)]() mutable -> Task<void> {
    (void)co_await first_visits_.Write(std::move(visits));  // Redis has them as well
  });
}

Result<void> DistributedBackend::Close() {
  if (std::exchange(closed_, true)) return {};
  numbers_link_.Flush();
  bus_.Stop();
  limits_.Close();
  redis_sessions_.Close();
  visits_.Close();
  clients_->Close();
  pool_->Stop();
  return {};
}

}  // namespace

Result<std::unique_ptr<Backend>> OpenDistributed(const DistributedOptions& options,
                                                 const Clock& clock, Random& random) {
  auto servers = Connect(options, clock, random);
  if (!servers) return Fail(servers.error());
  return distributed::OpenOn(*std::move(servers), options, clock, random);
}

Result<std::unique_ptr<Backend>> distributed::OpenOn(Servers servers,
                                                     const DistributedOptions& options,
                                                     const Clock& clock, Random& random) {
  auto backend = std::make_unique<DistributedBackend>(std::move(servers), options, clock, random);
  if (auto started = backend->Start(); !started) return Fail(started.error());
  return std::unique_ptr<Backend>(std::move(backend));
}

}  // namespace popradio::store
