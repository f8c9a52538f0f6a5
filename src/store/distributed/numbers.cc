#include "store/distributed/numbers.h"

namespace popradio::store::distributed {

Numbers::Numbers() {
  tables_.push_back(std::make_unique<Table>(kFirstCapacity));
  table_.store(tables_.back().get(), std::memory_order_release);
}

void Numbers::Table::Put(Cell* cell) {
  const std::size_t mask = slots.size() - 1;
  std::size_t at = HashOf(cell->target) & mask;
  while (slots[at].load(std::memory_order_relaxed)) at = (at + 1) & mask;
  slots[at].store(cell, std::memory_order_release);
}

const Numbers::Cell* Numbers::Find(const Target& target) const {
  const Table& table = *table_.load(std::memory_order_acquire);
  const std::size_t mask = table.slots.size() - 1;
  for (std::size_t at = HashOf(target) & mask;; at = (at + 1) & mask) {
    const Cell* cell = table.slots[at].load(std::memory_order_acquire);
    if (!cell || cell->target == target) return cell;
  }
}

Numbers::Cell& Numbers::Intern(const Target& target) {
  if (const Cell* found = Find(target)) return const_cast<Cell&>(*found);
  const std::lock_guard lock(mutex_);
  if (const Cell* found = Find(target)) return const_cast<Cell&>(*found);
  Table* table = table_.load(std::memory_order_relaxed);
  if ((cells_.size() + 1) * 2 > table->slots.size()) {
    tables_.push_back(std::make_unique<Table>(table->slots.size() * 2));
    table = tables_.back().get();
    for (Cell& cell : cells_) table->Put(&cell);
    table_.store(table, std::memory_order_release);
  }
  Cell& cell = cells_.emplace_back(target);
  table->Put(&cell);
  count_.store(cells_.size(), std::memory_order_release);
  return cell;
}

std::vector<Numbers::Cell*> Numbers::All() const {
  const std::lock_guard lock(mutex_);
  std::vector<Cell*> all;
  all.reserve(cells_.size());
  for (const Cell& cell : cells_) all.push_back(const_cast<Cell*>(&cell));
  return all;
}

bool Numbers::Take(Cell& cell, const Counts& counts, std::int64_t version) {
  bool changed = false;
  const auto take = [&](std::int64_t told, std::atomic<std::int64_t>& number,
                        std::atomic<std::int64_t>& known) {
    if (told == Counts::kUntold || version <= known.load(std::memory_order_relaxed)) return;
    if (number.exchange(told, std::memory_order_relaxed) != told) changed = true;
    known.store(version, std::memory_order_release);
  };
  take(counts.likes, cell.likes, cell.likes_version);
  take(counts.plays, cell.plays, cell.plays_version);
  return changed;
}

bool Numbers::Apply(Cell& cell, const Counts& counts, std::int64_t version) {
  bool changed = false;
  {
    const std::lock_guard lock(LockOf(cell));
    changed = Take(cell, counts, version);
  }
  if (changed) version_.fetch_add(1, std::memory_order_release);
  return changed;
}

bool Numbers::Correct(Cell& cell, const Counts& counts, std::int64_t version, std::int64_t before) {
  bool changed = false;
  {
    const std::lock_guard lock(LockOf(cell));
    // Whatever was heard since the question was asked is newer than the answer.
    if (version < before && cell.version() == before) {
      cell.likes_version.store(kNotKnown, std::memory_order_relaxed);
      cell.plays_version.store(kNotKnown, std::memory_order_relaxed);
    }
    changed = Take(cell, counts, version);
  }
  if (changed) version_.fetch_add(1, std::memory_order_release);
  return changed;
}

void Numbers::SetBases(const Catalogue& catalogue) {
  bool changed = false;
  const auto set = [&](const Target& target, std::int64_t likes, std::int64_t plays) {
    Cell& cell = Intern(target);
    if (cell.base_likes.exchange(likes, std::memory_order_relaxed) != likes) changed = true;
    if (cell.base_plays.exchange(plays, std::memory_order_relaxed) != plays) changed = true;
  };
  for (const Song& song : catalogue.songs()) {
    set({TargetType::kSong, song.id}, song.base_likes, song.base_plays);
  }
  for (const Playlist& playlist : catalogue.playlists()) {
    set({TargetType::kPlaylist, playlist.id}, playlist.base_likes, playlist.base_views);
  }
  if (changed) version_.fetch_add(1, std::memory_order_release);
}

}  // namespace popradio::store::distributed
