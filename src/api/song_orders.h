#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "api/paging.h"
#include "base/published.h"
#include "base/task.h"
#include "domain/catalogue.h"
#include "store/engagement_store.h"

namespace popradio::api {

enum class SongSort : std::uint8_t { kRecent, kPopular, kLikes, kPlays };
// "recent", "popular", "likes", "plays".
std::optional<SongSort> ParseSongSort(std::string_view name);

// The active songs in every order, for one catalogue and one state of the numbers. Never changes.
class SongOrders {
 public:
  using Index = Catalogue::Index;

  // `numbers[i]` are those of active_songs()[i].
  SongOrders(CataloguePtr catalogue, std::uint64_t engagement_version,
             const std::vector<store::Engagement>& numbers);

  const std::vector<Index>& Order(SongSort sort) const;
  SortKey KeyOf(SongSort sort, Index song) const;
  const Catalogue& catalogue() const { return *catalogue_; }
  std::uint64_t engagement_version() const { return engagement_version_; }

 private:
  struct Numbers {
    std::int64_t likes = 0, plays = 0;
  };
  CataloguePtr catalogue_;
  std::uint64_t engagement_version_;
  std::vector<Numbers> numbers_;  // by song index
  std::vector<Index> popular_, likes_, plays_;
};

// Keeps the orders of the present moment. Sorting 10,000 songs takes milliseconds and a like may
// come every microsecond, so it is done again at most kShare of the time; a station of ordinary
// size is in order after every like. Thread-safe.
class SongOrderCache {
 public:
  SongOrderCache(store::EngagementStore& engagement, const Clock& clock);
  // kUnavailable when the numbers cannot be had.
  Task<Result<std::shared_ptr<const SongOrders>>> Get(CataloguePtr catalogue);
  // Without waiting: the last orders of this catalogue, however old, or the first ones. Null when
  // the numbers are not at hand.
  std::shared_ptr<const SongOrders> Quick(const CataloguePtr& catalogue);

 private:
  static constexpr int kShare = 10;  // a tenth of one core
  bool Fresh(const SongOrders& orders, const Catalogue& catalogue) const;
  std::shared_ptr<const SongOrders> Keep(CataloguePtr catalogue, std::uint64_t version,
                                         const std::vector<store::Engagement>& numbers,
                                         Millis begun);

  store::EngagementStore& engagement_;
  const Clock& clock_;
  Published<SongOrders> orders_;
  std::atomic<bool> sorting_{false};
  std::atomic<Millis::rep> next_sort_ms_{0};
};

}  // namespace popradio::api
