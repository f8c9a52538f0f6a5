#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/slot.h"

namespace popradio::store {

// The station's slots. Thread-safe.
class TimelineStore {
 public:
  virtual ~TimelineStore() = default;

  // The newest `most` slots with the revision and seed. An empty timeline has revision 0.
  virtual Task<Result<Timeline>> Load(std::size_t most) = 0;
  // Compare-and-set: if the stored revision is `expected`, replaces every slot with seq >=
  // slots[0].seq by `slots`, stores `seed`, and makes the revision expected + 1. kConflict when it
  // is not: load again.
  virtual Task<Result<void>> Replace(std::int64_t expected, std::uint64_t seed,
                                     std::vector<Slot> slots) = 0;
  // Slots with seq < before (none: the newest), newest first; also those ahead. Kept for 90 days.
  virtual Task<Result<std::vector<Slot>>> History(std::optional<std::int64_t> before,
                                                  std::size_t limit) = 0;

  virtual Task<Result<Rotation>> LoadRotation() = 0;
  virtual Task<Result<void>> SaveRotation(Rotation rotation) = 0;
};

}  // namespace popradio::store
