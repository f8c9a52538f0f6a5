#pragma once

#include "store/embedded/read_pool.h"
#include "store/embedded/writer_thread.h"
#include "store/timeline_store.h"

namespace popradio::embedded {

inline constexpr int kSlotDays = 90;

// The station's slots in SQL. Comparing and setting is one operation of the writer thread.
class TimelineTable final : public store::TimelineStore {
 public:
  TimelineTable(WriterThread& writer, ReadPool& reads) : writer_(writer), reads_(reads) {}

  Task<Result<Timeline>> Load(std::size_t most) override;
  Task<Result<void>> Replace(std::int64_t expected, std::uint64_t seed,
                             std::vector<Slot> slots) override;
  Task<Result<std::vector<Slot>>> History(std::optional<std::int64_t> before,
                                          std::size_t limit) override;
  Task<Result<Rotation>> LoadRotation() override;
  Task<Result<void>> SaveRotation(Rotation rotation) override;

 private:
  WriterThread& writer_;
  ReadPool& reads_;
};

}  // namespace popradio::embedded
