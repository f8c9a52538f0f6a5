#include "store/embedded/sweeper.h"

#include <iterator>

#include "store/embedded/timeline.h"
#include "store/session_store.h"

namespace popradio::embedded {
namespace {

constexpr std::int64_t kDayMs = 24 * 3600 * 1000;

// ?1 is what is over, ?2 how many rows at most. Each is found by an index or from the table's
// beginning.
constexpr char kComments[] =
    "DELETE FROM comments WHERE rowid IN (SELECT rowid FROM comments WHERE expire_at <= ? LIMIT ?)";
constexpr char kForgotten[] =
    "DELETE FROM forgotten_comments WHERE id IN (SELECT id FROM forgotten_comments WHERE expire_at "
    "<= ? LIMIT ?)";
constexpr char kSessions[] =
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE last_activity <= ? LIMIT ?)";
constexpr char kSlots[] =
    "DELETE FROM slots WHERE seq IN (SELECT seq FROM slots WHERE ends_at <= ? ORDER BY seq LIMIT "
    "?)";
constexpr char kLimits[] =
    "DELETE FROM limits WHERE subject IN (SELECT subject FROM limits WHERE expire_at <= ? LIMIT ?)";

struct Step {
  const char* sql;
  std::int64_t kept_ms;  // beyond the time that the row itself names
  bool limits_clock;
};
constexpr Step kSteps[] = {
    {kComments, 0, false},
    {kForgotten, 0, false},
    {kSessions, store::kSessionDays* kDayMs, false},
    {kSlots, kSlotDays* kDayMs, false},
    {kLimits, 0, true},
};

}  // namespace

void Sweeper::Write(Transaction& transaction, Housekeeping& housekeeping) {
  next_step_ = step_;
  if (!housekeeping.due) return;
  const std::int64_t steady_ms = clock_.Steady().count();
  if (!sweeping_) {
    if (steady_ms - begun_ms_ < kSweepIntervalS * 1000) return;
    sweeping_ = true;
  }
  if (step_ == 0) begun_ms_ = steady_ms;
  while (housekeeping.rows_left > 0 && next_step_ < std::size(kSteps)) {
    const Step& step = kSteps[next_step_];
    const std::int64_t now_ms = step.limits_clock ? limits_.NowMs() : ToEpochMs(transaction.now());
    const int deleted = transaction.db()
                            .Prepare(step.sql)
                            .Bind(now_ms - step.kept_ms)
                            .Bind(static_cast<std::int64_t>(housekeeping.rows_left))
                            .Run();
    housekeeping.rows_left -= static_cast<std::size_t>(deleted);
    if (housekeeping.rows_left > 0) ++next_step_;
  }
}

void Sweeper::Committed() {
  step_ = next_step_;
  if (step_ < std::size(kSteps)) return;
  step_ = next_step_ = 0;
  sweeping_ = false;
}

void Sweeper::RolledBack() { next_step_ = step_; }

}  // namespace popradio::embedded
