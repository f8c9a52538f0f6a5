#include "sync/sync_worker.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.h"
#include "store/distributed/counts_check.h"
#include "store/distributed/mongo_analytics.h"
#include "store/distributed/mongo_catalogue.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/mongo_station.h"
#include "store/distributed/outbox_drain.h"
#include "store/distributed/outcomes.h"
#include "store/distributed/rebuild.h"
#include "store/distributed/redis_visits.h"
#include "store/distributed/servers.h"
#include "store/distributed/sync_source.h"
#include "sync/sync_metrics.h"

namespace popradio::sync {

using namespace store::distributed;  // NOLINT: it is what this carries between

namespace {

// That a day was checked is remembered until nobody asks any more.
constexpr int kCheckKeptSeconds = 2 * 24 * 3600;
constexpr Millis kCheckLooksEvery{60'000};

std::vector<TargetCounts> CountsOf(const std::vector<CountedTarget>& dirty) {
  std::vector<TargetCounts> counts;
  counts.reserve(dirty.size());
  for (const CountedTarget& one : dirty) {
    counts.push_back({one.target, one.likes, one.plays, one.version});
  }
  return counts;
}

}  // namespace

struct SyncWorker::Parts {
  Parts(Servers servers, const Clock& c, Random& random)
      : clock(c),
        redis(std::move(servers.redis)),
        mongo(std::move(servers.mongo)),
        source(*redis),
        likers(*mongo),
        catalogue(*mongo, c, random),
        visits(*redis, c, random),
        analytics(*mongo, {}),
        engagement(*redis, numbers, c, nullptr),
        rebuild(engagement, likers, catalogue),
        check(*redis, likers, catalogue),
        metrics(c.Now()) {}

  Task<Result<std::int64_t>> DrainAll();
  Task<Result<void>> WriteCounters(SyncReport* report);
  Task<Result<void>> RollUp();
  Task<Result<SyncReport>> Round();
  Task<void> Measure();
  Task<Result<store::CountsReport>> Check(bool repair);
  Task<Result<bool>> CheckIfDue(Instant now, int hour);

  const Clock& clock;
  const std::unique_ptr<RedisClients> redis;
  const std::unique_ptr<mongo::Pool> mongo;
  SyncSource source;
  MongoLikers likers;
  MongoCatalogue catalogue;
  RedisVisits visits;
  MongoAnalytics analytics;
  Numbers numbers;
  RedisEngagement engagement;
  Rebuild rebuild;
  CountsCheck check;
  SyncMetrics metrics;
};

Task<Result<std::int64_t>> SyncWorker::Parts::DrainAll() {
  std::int64_t drained = 0;
  for (int partition = 0; partition < kPartitions; ++partition) {
    const auto some = co_await DrainOutbox(source, likers, partition);
    if (!some) {
      metrics.DrainFailed();
      co_return Fail(some.error());
    }
    drained += *some;
    metrics.Drained(*some);
  }
  co_return drained;
}

Task<Result<void>> SyncWorker::Parts::WriteCounters(SyncReport* report) {
  for (int partition = 0; partition < kPartitions; ++partition) {
    const auto dirty = co_await source.Dirty(partition);
    if (!dirty) co_return Fail(dirty.error());
    if (dirty->empty()) continue;
    if (auto written = co_await likers.WriteCounts(CountsOf(*dirty)); !written) {
      co_return Fail(written.error());
    }
    if (auto cleaned = co_await source.Clean(*dirty); !cleaned) co_return cleaned;
    for (const CountedTarget& one : *dirty) {
      ++(one.target.type == TargetType::kSong ? report->songs : report->playlists);
    }
  }
  co_return Result<void>();
}

Task<Result<void>> SyncWorker::Parts::RollUp() {
  const Instant now = clock.Now();
  for (int back = kRollupDays - 1; back >= 0; --back) {
    const Instant day = std::chrono::time_point_cast<Instant::duration>(
                            std::chrono::floor<std::chrono::days>(now)) -
                        std::chrono::days(back);
    auto counted = co_await visits.Day(day);
    if (!counted) co_return Fail(counted.error());
    const bool empty = counted->total_plays == 0 && counted->unique_visitors == 0 &&
                       counted->top_songs.empty() && counted->top_playlists.empty();
    if (empty) continue;  // also what an emptied Redis says of a day that MongoDB may know
    if (auto written = co_await analytics.WriteDay(*std::move(counted)); !written) {
      co_return written;
    }
  }
  co_return Result<void>();
}

Task<Result<SyncReport>> SyncWorker::Parts::Round() {
  SyncReport report;
  const Millis began = clock.Steady();
  Result<void> result;
  const auto note = [&result](const Error& error) {
    if (result) result = Fail(error);
  };
  if (auto refreshed = co_await catalogue.Refresh(); !refreshed) note(refreshed.error());
  if (catalogue.loaded()) {
    const auto rebuilt = co_await rebuild.Run();
    rebuilt ? void(report.rebuilt = *rebuilt) : note(rebuilt.error());
  }
  const auto drained = co_await DrainAll();
  drained ? void(report.likers = *drained) : note(drained.error());
  if (auto written = co_await WriteCounters(&report); !written) note(written.error());
  if (auto rolled = co_await RollUp(); !rolled) note(rolled.error());
  report.took = clock.Steady() - began;
  co_await Measure();
  if (!result) {
    metrics.RoundFailed();
    co_return Fail(result.error());
  }
  metrics.RoundDone(clock.Now(), {report.songs, report.playlists, report.rebuilt, report.took});
  co_return report;
}

Task<void> SyncWorker::Parts::Measure() {
  const auto entries = co_await source.OutboxLength();
  const auto oldest = co_await source.OldestEntry();
  const auto dirty = co_await source.DirtyCount();
  if (entries && oldest && dirty) metrics.Waiting(*entries, *oldest, *dirty);
}

Task<Result<store::CountsReport>> SyncWorker::Parts::Check(bool repair) {
  if (auto refreshed = co_await catalogue.Refresh(); !refreshed) co_return Fail(refreshed.error());
  auto report = co_await check.Run(repair);
  if (!report) {
    metrics.CheckFailed();
    co_return report;
  }
  metrics.Checked(clock.Now(), report->found);
  co_return report;
}

Task<Result<bool>> SyncWorker::Parts::CheckIfDue(Instant now, int hour) {
  const Instant today = std::chrono::floor<std::chrono::days>(now);
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(now - today).count();
  if (hours < hour || hours >= hour + kCheckWithinHours) co_return false;
  const Key key = CheckKey(now);
  const auto here = co_await redis->Here();
  const redis::CallOptions options{.deadline = redis->In(kWriteTimeout)};
  const redis::Command take =
      redis::Command("SET").Key(key).Arg("running").Arg("NX").Arg("EX").Arg(kCheckLockSeconds);
  const redis::Outcome taken = co_await here->client->Call(take, options);
  if (!Good(taken)) co_return Fail(WhyNot(taken));
  if (taken->is_nil()) co_return false;  // another one has it, or it is done
  const auto report = co_await Check(/*repair=*/true);
  if (!report) {
    Log(LogLevel::kError, "the counts could not be checked", {{"reason", report.error().message}});
    co_return Fail(report.error());
  }
  const redis::Command done =
      redis::Command("SET").Key(key).Arg("done").Arg("EX").Arg(kCheckKeptSeconds);
  (void)co_await here->client->Call(
      done, {.deadline = redis->In(kWriteTimeout), .repeat = redis::Repeat::kSafe});
  for (const store::CountsDifference& difference : report->differences) {
    Log(LogLevel::kWarn, "counts differed", {{"what", difference.sentence}});
  }
  Log(LogLevel::kInfo, "counts checked",
      {{"targets", report->targets}, {"likes", report->likes}, {"differences", report->found}});
  co_return true;
}

SyncWorker::SyncWorker(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

SyncWorker::~SyncWorker() {
  parts_->redis->Close();
  parts_->mongo->Stop();
}

Result<std::unique_ptr<SyncWorker>> SyncWorker::Open(const store::DistributedOptions& options,
                                                     const Clock& clock, Random& random) {
  auto servers = Connect(options, clock, random);
  if (!servers) return Fail(servers.error());
  for (const store::Finding& finding : LookAtRedis(*servers->redis)) {
    if (finding.error) return Fail(ErrorCode::kInvalidParameter, finding.sentence);
    Log(LogLevel::kWarn, "redis", {{"finding", finding.sentence}});
  }
  if (auto station = MongoStation::Open(*servers->mongo, clock, random); !station) {
    return Fail(station.error());
  }
  return std::unique_ptr<SyncWorker>(
      new SyncWorker(std::make_unique<Parts>(*std::move(servers), clock, random)));
}

Result<SyncReport> SyncWorker::SyncOnce() {
  auto report = RunThere<Result<SyncReport>>(*parts_->redis, [this] { return parts_->Round(); });
  if (!report) {
    Log(LogLevel::kError, "sync failed", {{"reason", report.error().message}});
    return report;
  }
  Log(LogLevel::kInfo, "sync completed",
      {{"songs", report->songs},
       {"playlists", report->playlists},
       {"likers", report->likers},
       {"rebuilt", report->rebuilt},
       {"ms", report->took.count()}});
  return report;
}

Result<std::int64_t> SyncWorker::Drain() {
  return RunThere<Result<std::int64_t>>(*parts_->redis, [this]() -> Task<Result<std::int64_t>> {
    auto drained = co_await parts_->DrainAll();
    co_await parts_->Measure();
    co_return drained;
  });
}

Result<store::CountsReport> SyncWorker::Check(bool repair) {
  return RunThere<Result<store::CountsReport>>(*parts_->redis,
                                               [&] { return parts_->Check(repair); });
}

Result<bool> SyncWorker::CheckIfDue(Instant now, int hour) {
  return RunThere<Result<bool>>(*parts_->redis, [&] { return parts_->CheckIfDue(now, hour); });
}

void SyncWorker::CheckNightly(int hour) {
  parts_->redis->Every(kCheckLooksEvery, [this, hour]() -> Task<void> {
    (void)co_await parts_->CheckIfDue(parts_->clock.Now(), hour);
  });
}

std::string SyncWorker::Metrics() const { return parts_->metrics.Text(parts_->clock.Now()); }

}  // namespace popradio::sync
