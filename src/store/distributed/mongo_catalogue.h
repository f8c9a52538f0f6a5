#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/published.h"
#include "base/random.h"
#include "store/catalogue_store.h"
#include "store/distributed/mongo/pool.h"

namespace popradio::store::distributed {

// Records written or read at once.
inline constexpr std::size_t kCatalogueBatch = 500;
// How often an edit is made again because another node was faster, and the longest pause before
// that, drawn at random: two nodes that edit all the time would keep in step otherwise.
inline constexpr int kEditTries = 100;
inline constexpr Millis kLongestEditPause{100};

// The catalogue in MongoDB, and a snapshot of it in memory, which is what everybody reads.
//
// The station's document `catalogue` holds a version that rises with every change, and every record
// the version that last changed it. A change is one transaction: compare-and-set on the version,
// then the records. A node that learns of a newer version reads the records behind its own. What a
// node tries and refreshes happens one after the other.
class MongoCatalogue final : public CatalogueStore {
 public:
  // `clock` and `random` (thread-safe) outlive it.
  MongoCatalogue(mongo::Pool& pool, const Clock& clock, Random& random);

  CataloguePtr Current() const override { return current_.Load(); }
  std::uint64_t Version() const override { return current_.version(); }
  Task<Result<CataloguePtr>> Update(Edit edit) override;
  void OnChange(std::function<void()> callback) override;

  // Called before each swap with what will be current, on the thread that swaps; must not block:
  // the numbers take their bases from it first, so that who sees a new song finds them. Register
  // before Load().
  void BeforeChange(std::function<void(const CataloguePtr&)> callback);

  // Reads everything, on this thread: once, before serving. When MongoDB is away, the catalogue
  // stays as it is, and a Refresh() loads it later.
  Result<void> Load();
  // Reads what other nodes changed; true: something did. Nothing new costs one small read. To be
  // called every second, and at once when another node tells of a change.
  Task<Result<bool>> Refresh();
  // Whether it has ever been read from MongoDB.
  bool loaded() const { return loaded_.load(std::memory_order_acquire); }
  // Shows what another source remembers, until the first load succeeds; then it is ignored.
  void ShowMeanwhile(const CataloguePtr& remembered);
  // The version in MongoDB that Current() stands for: what events between nodes carry.
  std::int64_t stored_version() const { return stored_.load(std::memory_order_acquire); }

 private:
  struct Change;
  // One try; null when another node was faster.
  Result<CataloguePtr> Apply(mongo::Database& database, const Edit& edit);
  Task<void> PauseBeforeTry(int tries);
  enum class Stored : std::uint8_t { kYes, kOvertaken };
  Result<Stored> Store(mongo::Database& database, const CatalogueChange& change,
                       std::int64_t before);
  Result<void> WriteRecords(mongo::Database& database, const CatalogueChange& change,
                            std::int64_t version);
  Result<bool> RefreshNow(mongo::Database& database);
  Result<void> ReadBehind(mongo::Database& database, Change* read);
  void Publish(const CataloguePtr& next, std::int64_t version);

  mongo::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  Published<Catalogue> current_;
  std::atomic<std::int64_t> stored_{0};
  std::atomic<bool> loaded_{false};
  std::mutex change_mutex_;  // one change at a time, of whichever thread
  std::mutex callbacks_mutex_;
  std::vector<std::function<void(const CataloguePtr&)>> before_;
  std::vector<std::function<void()>> callbacks_;
};

}  // namespace popradio::store::distributed
