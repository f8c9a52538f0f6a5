#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "base/published.h"
#include "store/catalogue_store.h"
#include "store/embedded/engagement_table.h"
#include "store/embedded/read_pool.h"
#include "store/embedded/writer_thread.h"

namespace popradio::embedded {

// The catalogue: rows in SQL, and a snapshot of them all in memory, which is what everybody reads.
// An edit runs on a thread of its own, one after the other: there it is decided and the next
// snapshot is built, which takes milliseconds, while the writer thread goes on with likes; then the
// changed rows are written as one operation and the snapshot is swapped.
class CatalogueTable final : public store::CatalogueStore, public BatchPart {
 public:
  CatalogueTable(WriterThread& writer, EngagementTable& engagement);
  ~CatalogueTable() override { Stop(); }

  CataloguePtr Current() const override { return current_.Load(); }
  std::uint64_t Version() const override { return current_.version(); }
  Task<Result<CataloguePtr>> Update(Edit edit) override;
  void OnChange(std::function<void()> callback) override;

  void Write(Transaction&, Housekeeping&) override {}
  void Committed() override {}
  void RolledBack() override {}
  // Also the first load.
  void Reload(Database& database) override;
  // Ends the editing thread, after what is queued.
  void Stop() { edits_.Stop(); }

 private:
  Result<CataloguePtr> Apply(const Edit& edit);
  void Publish(const CataloguePtr& next, std::span<const Song> songs,
               std::span<const Playlist> playlists);

  WriterThread& writer_;
  EngagementTable& engagement_;
  Published<Catalogue> current_;
  ReadPool edits_;
  std::mutex callbacks_mutex_;
  std::vector<std::function<void()>> callbacks_;
};

}  // namespace popradio::embedded
