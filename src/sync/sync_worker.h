#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "store/counts_check.h"
#include "store/distributed/distributed_backend.h"

namespace popradio::sync {

inline constexpr Millis kDrainEvery{1'000};
// Days of the analytics that a round writes: today, and yesterday until it is surely complete.
inline constexpr int kRollupDays = 2;
// A nightly check that nobody could begin for so long is left to the next night.
inline constexpr int kCheckWithinHours = 3;
// How long a worker may take for it before another one begins.
inline constexpr int kCheckLockSeconds = 3'600;

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

  // Compares likers, counters and MongoDB, and puts right what differs; see CountsCheck.
  Result<store::CountsReport> Check(bool repair);
  // The same once a day by one of however many workers: in the hours from `hour` on (UTC), unless
  // another one has begun; if that one died, an hour later. Logs what it found. False: not now.
  Result<bool> CheckIfDue(Instant now, int hour);
  // Looks every minute whether it is due, beside the rounds, until the worker ends.
  void CheckNightly(int hour);

  // In Prometheus' text format. Any thread.
  std::string Metrics() const;

 private:
  struct Parts;
  explicit SyncWorker(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace popradio::sync
