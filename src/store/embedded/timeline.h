#pragma once

#include <string>

#include "store/embedded/read_pool.h"
#include "store/embedded/writer_thread.h"
#include "store/timeline_store.h"

namespace popradio::embedded {

inline constexpr int kSlotDays = 90;

// The curator's knobs as the file holds them, under this name. What is missing keeps its default,
// so that older stations take newer knobs.
inline constexpr char kRotationKey[] = "rotation";
std::string RotationToJson(const Rotation& rotation);
Rotation RotationFromJson(const std::string& text);

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
