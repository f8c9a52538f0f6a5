#include "api/song_orders.h"

#include <algorithm>

namespace popradio::api {
namespace {

std::vector<Target> ActiveTargets(const Catalogue& catalogue) {
  std::vector<Target> targets;
  targets.reserve(catalogue.active_songs().size());
  for (const auto song : catalogue.active_songs()) {
    targets.push_back({TargetType::kSong, catalogue.songs()[song].id});
  }
  return targets;
}

}  // namespace

std::optional<SongSort> ParseSongSort(std::string_view name) {
  if (name == "recent") return SongSort::kRecent;
  if (name == "popular") return SongSort::kPopular;
  if (name == "likes") return SongSort::kLikes;
  if (name == "plays") return SongSort::kPlays;
  return std::nullopt;
}

SongOrders::SongOrders(CataloguePtr catalogue, std::uint64_t engagement_version,
                       const std::vector<store::Engagement>& numbers)
    : catalogue_(std::move(catalogue)), engagement_version_(engagement_version) {
  const std::vector<Index>& active = catalogue_->active_songs();
  numbers_.resize(catalogue_->songs().size());
  for (std::size_t i = 0; i < active.size(); ++i) {
    numbers_[active[i]] = {numbers[i].likes, numbers[i].plays};
  }
  // active_songs() is by age already, and a stable sort keeps that among equals.
  const auto sorted = [&](auto before) {
    std::vector<Index> order = active;
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return before(numbers_[a], numbers_[b]); });
    return order;
  };
  popular_ = sorted([](const Numbers& a, const Numbers& b) {
    return a.likes != b.likes ? a.likes > b.likes : a.plays > b.plays;
  });
  likes_ = sorted([](const Numbers& a, const Numbers& b) { return a.likes > b.likes; });
  plays_ = sorted([](const Numbers& a, const Numbers& b) { return a.plays > b.plays; });
}

const std::vector<SongOrders::Index>& SongOrders::Order(SongSort sort) const {
  switch (sort) {
    case SongSort::kRecent:
      return catalogue_->active_songs();
    case SongSort::kPopular:
      return popular_;
    case SongSort::kLikes:
      return likes_;
    case SongSort::kPlays:
      return plays_;
  }
  return popular_;
}

SortKey SongOrders::KeyOf(SongSort sort, Index index) const {
  const Song& song = catalogue_->songs()[index];
  SortKey key{0, 0, ToEpochMs(song.created_at), song.id};
  switch (sort) {
    case SongSort::kRecent:
      break;
    case SongSort::kPopular:
      key.first = numbers_[index].likes;
      key.second = numbers_[index].plays;
      break;
    case SongSort::kLikes:
      key.first = numbers_[index].likes;
      break;
    case SongSort::kPlays:
      key.first = numbers_[index].plays;
      break;
  }
  return key;
}

SongOrderCache::SongOrderCache(store::EngagementStore& engagement, const Clock& clock)
    : engagement_(engagement), clock_(clock), orders_(nullptr) {}

bool SongOrderCache::Fresh(const SongOrders& orders, const Catalogue& catalogue) const {
  return &orders.catalogue() == &catalogue &&
         (orders.engagement_version() == engagement_.Version() ||
          sorting_.load(std::memory_order_relaxed) ||
          clock_.Steady().count() < next_sort_ms_.load(std::memory_order_relaxed));
}

std::shared_ptr<const SongOrders> SongOrderCache::Keep(
    CataloguePtr catalogue, std::uint64_t version, const std::vector<store::Engagement>& numbers,
    Millis begun) {
  auto orders = std::make_shared<const SongOrders>(std::move(catalogue), version, numbers);
  orders_.Store(orders);
  const Millis ended = clock_.Steady();
  next_sort_ms_.store((ended + kShare * (ended - begun)).count(), std::memory_order_relaxed);
  return orders;
}

std::shared_ptr<const SongOrders> SongOrderCache::Quick(const CataloguePtr& catalogue) {
  if (auto kept = orders_.Load(); kept && &kept->catalogue() == catalogue.get()) return kept;
  const Millis begun = clock_.Steady();
  const std::uint64_t version = engagement_.Version();
  const std::vector<Target> targets = ActiveTargets(*catalogue);
  std::vector<store::Engagement> numbers(targets.size());
  if (!engagement_.ReadNow(nullptr, targets, numbers)) return nullptr;
  return Keep(catalogue, version, numbers, begun);
}

Task<Result<std::shared_ptr<const SongOrders>>> SongOrderCache::Get(CataloguePtr catalogue) {
  if (auto kept = orders_.Load(); kept && Fresh(*kept, *catalogue)) co_return kept;

  sorting_.store(true, std::memory_order_relaxed);
  const Millis begun = clock_.Steady();
  // Read before the numbers: a like that comes in between makes the order stale, never wrongly
  // fresh.
  const std::uint64_t version = engagement_.Version();
  const std::vector<Target> targets = ActiveTargets(*catalogue);
  std::vector<store::Engagement> numbers(targets.size());
  if (!engagement_.ReadNow(nullptr, targets, numbers)) {
    if (auto read = co_await engagement_.Read(nullptr, targets, numbers); !read) {
      sorting_.store(false, std::memory_order_relaxed);
      co_return Fail(read.error());
    }
  }
  auto orders = Keep(std::move(catalogue), version, numbers, begun);
  sorting_.store(false, std::memory_order_relaxed);
  co_return orders;
}

}  // namespace popradio::api
