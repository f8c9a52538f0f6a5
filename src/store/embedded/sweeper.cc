#include "store/embedded/sweeper.h"

#include <iterator>
#include <span>
#include <utility>

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
// The last of the next few sessions, and how many of them are over.
constexpr char kNextSessions[] =
    "SELECT max(id), sum(last_activity <= ?3) FROM (SELECT id, last_activity FROM sessions WHERE "
    "id > ?1 ORDER BY id LIMIT ?2)";
constexpr char kSessions[] =
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE id > ? AND id <= ? AND "
    "last_activity <= ? LIMIT ?)";
constexpr char kSlots[] =
    "DELETE FROM slots WHERE seq IN (SELECT seq FROM slots WHERE ends_at <= ? ORDER BY seq LIMIT "
    "?)";
constexpr char kLimits[] =
    "DELETE FROM limits WHERE subject IN (SELECT subject FROM limits WHERE expire_at <= ? LIMIT ?)";

struct Step {
  const char* sql;       // none: the sessions
  std::int64_t kept_ms;  // beyond the time that the row itself names
  bool limits_clock;
};
constexpr Step kSteps[] = {
    {kComments, 0, false}, {kForgotten, 0, false},
    {nullptr, 0, false},   {kSlots, kSlotDays* kDayMs, false},
    {kLimits, 0, true},
};

}  // namespace

bool Sweeper::SweepSessions(Transaction& transaction, Housekeeping& housekeeping) {
  const std::int64_t over_ms = ToEpochMs(transaction.now()) - store::kSessionDays * kDayMs;
  const auto after = [this]() -> std::span<const std::uint8_t> {
    if (swept_to_) return swept_to_->bytes();
    return {};
  };
  std::int64_t over = 0;
  {
    Query window = transaction.read().Prepare(kNextSessions);
    window.BindBlob(after()).Bind(std::int64_t{kSweepWindow}).Bind(over_ms);
    if (!window.Step() || window.IsNull(0)) return true;
    next_swept_to_ = window.Session(0);
    over = window.Int(1);
  }
  // Looking at a stretch is a batch's work, however little of it is over.
  const auto rows = static_cast<std::int64_t>(std::exchange(housekeeping.rows_left, 0));
  if (over == 0) return false;
  transaction.db()
      .Prepare(kSessions)
      .BindBlob(after())
      .Bind(*next_swept_to_)
      .Bind(over_ms)
      .Bind(rows)
      .Run();
  // With more to delete than there was room for, the same stretch comes again.
  if (over > rows) next_swept_to_ = swept_to_;
  return false;
}

void Sweeper::Write(Transaction& transaction, Housekeeping& housekeeping) {
  next_step_ = step_;
  next_swept_to_ = swept_to_;
  if (!housekeeping.due) return;
  const std::int64_t steady_ms = clock_.Steady().count();
  if (!sweeping_) {
    if (steady_ms - begun_ms_ < kSweepIntervalS * 1000) return;
    sweeping_ = true;
  }
  if (step_ == 0) begun_ms_ = steady_ms;
  while (housekeeping.rows_left > 0 && next_step_ < std::size(kSteps)) {
    const Step& step = kSteps[next_step_];
    if (step.sql == nullptr) {
      if (!SweepSessions(transaction, housekeeping)) return;
      next_swept_to_.reset();
      ++next_step_;
      continue;
    }
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
  swept_to_ = next_swept_to_;
  if (step_ < std::size(kSteps)) return;
  step_ = next_step_ = 0;
  sweeping_ = false;
}

void Sweeper::RolledBack() { next_step_ = step_; }

}  // namespace popradio::embedded
