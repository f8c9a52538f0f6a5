#pragma once

#include <cstdint>

#include "base/clock.h"
#include "store/embedded/rate_limits.h"
#include "store/embedded/write_operation.h"

namespace popradio::embedded {

// How often what is over its time is looked for.
inline constexpr int kSweepIntervalS = 3600;

// Deletes what has expired, a few rows in each batch, once an hour: comments, sessions, slots,
// limits. Readers never see such rows anyway; this is for room. A session's likes stay counted when
// the session is dropped: likers are people who liked, not people who are here.
class Sweeper final : public BatchPart {
 public:
  Sweeper(const Clock& clock, const RateLimits& limits) : clock_(clock), limits_(limits) {}

  void Write(Transaction& transaction, Housekeeping& housekeeping) override;
  void Committed() override;
  void RolledBack() override;

 private:
  const Clock& clock_;
  const RateLimits& limits_;
  std::size_t step_ = 0;       // the table being swept
  std::size_t next_step_ = 0;  // once the open transaction is committed
  bool sweeping_ = true;       // the first sweep begins with the first batch
  std::int64_t begun_ms_ = 0;  // steady
};

}  // namespace popradio::embedded
