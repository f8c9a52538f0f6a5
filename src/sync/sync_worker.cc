#include "sync/sync_worker.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.h"
#include "store/distributed/mongo_analytics.h"
#include "store/distributed/mongo_catalogue.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/mongo_station.h"
#include "store/distributed/rebuild.h"
#include "store/distributed/redis_visits.h"
#include "store/distributed/servers.h"
#include "store/distributed/sync_source.h"

namespace popradio::sync {

using namespace store::distributed;  // NOLINT: it is what this carries between

namespace {

std::vector<LikerChange> ChangesOf(const std::vector<OutboxEntry>& entries) {
  std::vector<LikerChange> changes;
  changes.reserve(entries.size());
  for (const OutboxEntry& entry : entries) {
    changes.push_back(
        {entry.target, entry.session, entry.liked, FromEpochMs(entry.at_ms), entry.version});
  }
  return changes;
}

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
        rebuild(engagement, likers, catalogue) {}

  Task<Result<std::int64_t>> DrainPartition(int partition);
  Task<Result<std::int64_t>> DrainAll();
  Task<Result<void>> WriteCounters(SyncReport* report);
  Task<Result<void>> RollUp();
  Task<Result<SyncReport>> Round();

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
};

Task<Result<std::int64_t>> SyncWorker::Parts::DrainPartition(int partition) {
  std::int64_t drained = 0;
  for (;;) {
    auto outbox = co_await source.ReadOutbox(partition, kOutboxBatch);
    if (!outbox) co_return Fail(outbox.error());
    if (outbox->last_id.empty()) co_return drained;
    const auto count = static_cast<std::int64_t>(outbox->entries.size());
    if (count > 0) {
      if (auto written = co_await likers.Write(ChangesOf(outbox->entries)); !written) {
        co_return Fail(written.error());
      }
    }
    // Only now: who dies before this writes the same again, which changes nothing.
    if (auto trimmed = co_await source.TrimOutbox(partition, outbox->last_id); !trimmed) {
      co_return Fail(trimmed.error());
    }
    drained += count;
    if (outbox->entries.size() < kOutboxBatch / 2) co_return drained;
  }
}

Task<Result<std::int64_t>> SyncWorker::Parts::DrainAll() {
  std::int64_t drained = 0;
  for (int partition = 0; partition < kPartitions; ++partition) {
    const auto some = co_await DrainPartition(partition);
    if (!some) co_return Fail(some.error());
    drained += *some;
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
  if (!result) co_return Fail(result.error());
  co_return report;
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
  return RunThere<Result<std::int64_t>>(*parts_->redis, [this] { return parts_->DrainAll(); });
}

}  // namespace popradio::sync
