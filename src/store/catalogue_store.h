#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/catalogue.h"

namespace popradio::store {

// Whole records, to be inserted or to replace the one of the same id.
struct CatalogueChange {
  std::vector<Song> songs;
  std::vector<Playlist> playlists;
  bool empty() const { return songs.empty() && playlists.empty(); }
};

// The curator's data. Thread-safe.
class CatalogueStore {
 public:
  virtual ~CatalogueStore() = default;

  // The snapshot every reader uses. Never waits, never null.
  virtual CataloguePtr Current() const = 0;
  // Rises with every swap; lets a reader keep what it derived from Current() until then.
  virtual std::uint64_t Version() const = 0;

  // Reads, decides and writes as one step: `edit` sees the current catalogue while no other change
  // can happen (it may be called again when another node was faster), and returns the records to
  // write or the reason to refuse. `edit` must not wait. Resumes when the change is durable and
  // visible, with the new snapshot. kUnavailable when it cannot be written; nothing has changed
  // then.
  using Edit = std::function<Result<CatalogueChange>(const Catalogue&)>;
  virtual Task<Result<CataloguePtr>> Update(Edit edit) = 0;

  // Called after each swap, on whichever thread made it; must not block. Register before serving.
  virtual void OnChange(std::function<void()> callback) = 0;
};

}  // namespace popradio::store
