#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "store/embedded/rate_limits.h"
#include "store/embedded/write_operation.h"

namespace popradio::embedded {

// How often what is over its time is looked for.
inline constexpr int kSweepIntervalS = 3600;
// Sessions looked at in one batch: they stand in the order of their ids, not of their age.
inline constexpr int kSweepWindow = 512;

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
  // Deletes what is over among the next sessions; true: that was the last of them.
  bool SweepSessions(Transaction& transaction, Housekeeping& housekeeping);

  const Clock& clock_;
  const RateLimits& limits_;
  std::size_t step_ = 0;               // the table being swept
  std::size_t next_step_ = 0;          // once the open transaction is committed
  std::optional<SessionId> swept_to_;  // the last session looked at
  std::optional<SessionId> next_swept_to_;
  bool sweeping_ = true;       // the first sweep begins with the first batch
  std::int64_t begun_ms_ = 0;  // steady
};

}  // namespace popradio::embedded
