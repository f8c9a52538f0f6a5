#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "store/distributed/mongo/pool.h"
#include "store/timeline_store.h"

namespace popradio::store::distributed {

// Names in the collection `station`.
inline constexpr char kTimelineId[] = "timeline";
inline constexpr char kRotationId[] = "rotation";

mongo::Document SlotDocument(const Slot& slot);
Slot ReadSlot(mongo::View view);
// What is missing keeps its default, so that older stations take newer knobs.
Rotation ReadRotation(mongo::View view);

// The station's slots in MongoDB, one document each, with their number as _id, so that there can be
// but one of a number. The station's document `timeline` holds revision and seed; replacing is one
// transaction: compare-and-set on the revision, then the slots. No node leads: whoever is first
// extends it, and the others load what it wrote. MongoDB removes slots that are over for 90 days.
class MongoTimeline final : public TimelineStore {
 public:
  // `clock` and `random` (thread-safe) outlive it.
  MongoTimeline(mongo::Pool& pool, const Clock& clock, Random& random)
      : pool_(pool), clock_(clock), random_(random) {}

  Task<Result<Timeline>> Load(std::size_t most) override;
  Task<Result<void>> Replace(std::int64_t expected, std::uint64_t seed,
                             std::vector<Slot> slots) override;
  Task<Result<std::vector<Slot>>> History(std::optional<std::int64_t> before,
                                          std::size_t limit) override;
  Task<Result<Rotation>> LoadRotation() override;
  Task<Result<void>> SaveRotation(Rotation rotation) override;

 private:
  Result<void> ReplaceNow(mongo::Database& database, std::int64_t expected, std::uint64_t seed,
                          const std::vector<Slot>& slots);

  mongo::Pool& pool_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace popradio::store::distributed
