#include "store/distributed/rebuild.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"

namespace popradio::store::distributed {
namespace {

// Every song and playlist of the partition, inactive ones too: they may come back.
std::vector<Target> TargetsOf(const Catalogue& catalogue, int partition) {
  std::vector<Target> targets;
  for (const Song& song : catalogue.songs()) {
    if (PartitionOf(song.id) == partition) targets.push_back({TargetType::kSong, song.id});
  }
  for (const Playlist& playlist : catalogue.playlists()) {
    if (PartitionOf(playlist.id) == partition) {
      targets.push_back({TargetType::kPlaylist, playlist.id});
    }
  }
  return targets;
}

}  // namespace

Task<Result<int>> Rebuild::Run(bool moving_in) {
  const auto built = co_await engagement_.Built();
  if (!built) co_return Fail(built.error());
  std::vector<int> missing;
  for (int partition = 0; partition < kPartitions; ++partition) {
    if (!(*built)[static_cast<std::size_t>(partition)]) missing.push_back(partition);
  }
  if (missing.empty()) co_return 0;
  if (!moving_in) {
    const auto part_only = co_await likers_.BeingMovedIn();
    if (!part_only) co_return Fail(part_only.error());
    if (*part_only) co_return 0;
  }
  const bool station = !catalogue_.Current()->songs().empty();
  Log(station ? LogLevel::kWarn : LogLevel::kInfo, "redis is empty: filling it from mongodb",
      {{"partitions", missing.size()}});

  // So many take a partition after the other; the timer rings when the last of them is through.
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer all_through(executor, boost::asio::steady_timer::time_point::max());
  std::size_t next = 0;
  int working = std::min(kRebuildsAtOnce, static_cast<int>(missing.size()));
  Result<void> result;
  std::exception_ptr broken;
  std::int64_t done = 0;
  const auto work = [&]() -> Task<void> {
    while (next < missing.size() && result) {
      auto filled = co_await Fill(missing[next++]);
      if (!filled) {
        result = std::move(filled);
      } else if (++done; on_filled_) {
        on_filled_(done, static_cast<std::int64_t>(missing.size()));
      }
    }
  };
  for (int i = working; i > 0; --i) {
    boost::asio::co_spawn(executor, work, [&](const std::exception_ptr& failure) {
      if (failure) broken = failure;
      if (--working == 0) all_through.cancel();
    });
  }
  boost::system::error_code rung;
  if (working > 0) {
    co_await all_through.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, rung));
  }
  if (broken) std::rethrow_exception(broken);
  if (!result) co_return Fail(result.error());
  Log(LogLevel::kInfo, "redis is filled", {{"partitions", missing.size()}});
  co_return static_cast<int>(missing.size());
}

Task<Result<void>> Rebuild::Fill(int partition) {
  const CataloguePtr catalogue = catalogue_.Current();
  const std::vector<Target> targets = TargetsOf(*catalogue, partition);
  auto stored = co_await likers_.ReadCounts(targets);
  if (!stored) co_return Fail(stored.error());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const TargetCounts counts = (*stored)[i];
    if (auto filled = co_await FillTarget(targets[i], counts); !filled) co_return filled;
  }
  co_return co_await engagement_.MarkBuilt(partition);
}

Task<Result<void>> Rebuild::FillTarget(Target target, TargetCounts stored) {
  // What the outbox brought may be newer than what the sync wrote.
  const auto highest = co_await likers_.HighestVersion(target);
  if (!highest) co_return Fail(highest.error());
  const std::int64_t version = std::max(stored.version, *highest);
  if (version == 0) co_return Result<void>();  // nothing was ever counted
  std::optional<SessionId> after;
  for (;;) {
    const auto page = co_await likers_.Read(target, after, kRebuildBatch);
    if (!page) co_return Fail(page.error());
    std::vector<RestoredLike> likes;
    likes.reserve(page->size());
    for (const Liker& liker : *page) likes.push_back({liker.session, ToEpochMs(liker.at)});
    if (!likes.empty()) {
      if (auto loaded = co_await engagement_.LoadLikers(target, likes); !loaded) co_return loaded;
      after = page->back().session;
    }
    if (page->size() < kRebuildBatch) break;
  }
  co_return co_await engagement_.LoadCounts(target, stored.plays, version);
}

}  // namespace popradio::store::distributed
