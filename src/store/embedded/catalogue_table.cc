#include "store/embedded/catalogue_table.h"

#include <unordered_map>

#include "store/embedded/catalogue_rows.h"

namespace popradio::embedded {
namespace {

// `records` with the changed ones in their places and the new ones behind.
template <class Record>
std::vector<Record> Merge(const std::vector<Record>& records, const std::vector<Record>& changes) {
  std::unordered_map<ObjectId, const Record*> changed;
  for (const Record& change : changes)
    changed[change.id] = &change;  // of two with one id, the last
  std::vector<Record> merged;
  merged.reserve(records.size() + changes.size());
  for (const Record& record : records) {
    const auto found = changed.find(record.id);
    merged.push_back(found == changed.end() ? record : *found->second);
    if (found != changed.end()) changed.erase(found);
  }
  for (const Record& change : changes) {
    const auto found = changed.find(change.id);
    if (found == changed.end()) continue;
    merged.push_back(*found->second);
    changed.erase(found);
  }
  return merged;
}

}  // namespace

CatalogueTable::CatalogueTable(WriterThread& writer, EngagementTable& engagement)
    : writer_(writer),
      engagement_(engagement),
      current_(std::make_shared<const Catalogue>()),
      edits_("", "", /*threads=*/1) {}

Task<Result<CataloguePtr>> CatalogueTable::Update(Edit edit) {
  std::function<Result<CataloguePtr>()> work = [this, &edit] { return Apply(edit); };
  co_return co_await edits_.RunPlain<CataloguePtr>(std::move(work));
}

// The editing thread. Nobody else changes the catalogue, but for a reload after a failed disk: then
// what `edit` saw is no longer there, and it is asked again.
Result<CataloguePtr> CatalogueTable::Apply(const Edit& edit) {
  for (;;) {
    const CataloguePtr before = Current();
    Result<store::CatalogueChange> change = edit(*before);
    if (!change) return Fail(change.error());
    if (change->empty()) return before;
    const CataloguePtr next = std::make_shared<const Catalogue>(
        before->version() + 1, Merge(before->songs(), change->songs),
        Merge(before->playlists(), change->playlists));
    bool reloaded = false;
    FunctionWrite<void> operation(
        [&](Transaction& transaction) -> Result<void> {
          reloaded = Current() != before;
          if (reloaded) return {};
          for (const Song& song : change->songs) WriteSong(transaction.db(), song);
          for (const Playlist& playlist : change->playlists)
            WritePlaylist(transaction.db(), playlist);
          return {};
        },
        [&] {
          if (!reloaded) Publish(next, change->songs, change->playlists);
        });
    writer_.RunBlocking(operation);
    if (!operation.result) return Fail(operation.result.error());
    if (!reloaded) return next;
  }
}

void CatalogueTable::Publish(const CataloguePtr& next, std::span<const Song> songs,
                             std::span<const Playlist> playlists) {
  // The numbers first: who sees the new song finds its base.
  engagement_.SetBases(songs, playlists);
  current_.Store(next);
  const std::lock_guard lock(callbacks_mutex_);
  for (const auto& callback : callbacks_) callback();
}

void CatalogueTable::OnChange(std::function<void()> callback) {
  const std::lock_guard lock(callbacks_mutex_);
  callbacks_.push_back(std::move(callback));
}

void CatalogueTable::Reload(Database& database) {
  std::vector<Song> songs = ReadSongs(database);
  std::vector<Playlist> playlists = ReadPlaylists(database);
  const CataloguePtr before = Current();
  if (before->songs() == songs && before->playlists() == playlists) return;
  const CataloguePtr next = std::make_shared<const Catalogue>(
      before->version() + 1, std::move(songs), std::move(playlists));
  Publish(next, next->songs(), next->playlists());
}

}  // namespace popradio::embedded
