#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "store/distributed/distributed_backend.h"

namespace popradio::sync {

// Outbox entries of a partition that are written at once.
inline constexpr std::size_t kOutboxBatch = 1'000;
inline constexpr Millis kDrainEvery{1'000};
// Days of the analytics that a round writes: today, and yesterday until it is surely complete.
inline constexpr int kRollupDays = 2;

// What one round did.
struct SyncReport {
  std::int64_t songs = 0, playlists = 0;  // whose counters were written
  std::int64_t likers = 0;                // likes and unlikes taken from the outbox
  int rebuilt = 0;                        // partitions of an emptied Redis that were filled again
  Millis took{0};
};

// Carries what Redis counts to MongoDB: absolute values guarded by version, so that any number of
// workers may run, and one that is killed anywhere and started again changes nothing twice. See the
// document's data flow, and docs/durability.md for what stands where until then.
//
// Its work runs on a thread of its own; the functions here wait for it, and belong to one thread.
class SyncWorker {
 public:
  // Looks at both servers first, as `serve` does, and says what is wrong with them. `clock` and
  // `random` (thread-safe) outlive it.
  static Result<std::unique_ptr<SyncWorker>> Open(const store::DistributedOptions& options,
                                                  const Clock& clock, Random& random);
  ~SyncWorker();
  SyncWorker(const SyncWorker&) = delete;
  SyncWorker& operator=(const SyncWorker&) = delete;

  // Everything once: an emptied Redis is filled, the outbox drained, dirty counters written, the
  // days rolled up. Logs what it did. Fails with the first thing that went wrong, having tried the
  // rest.
  Result<SyncReport> SyncOnce();
  // The outbox alone. Returns how many entries.
  Result<std::int64_t> Drain();

 private:
  struct Parts;
  explicit SyncWorker(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace popradio::sync
