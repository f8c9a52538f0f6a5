#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/published.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/slot.h"
#include "store/catalogue_store.h"
#include "store/engagement_store.h"
#include "store/timeline_store.h"

namespace popradio::realtime {

inline constexpr std::size_t kQueueLength = 5;  // the document: "next 5 in queue"
inline constexpr Millis kSkipPause{10'000};     // at most one skip in ten seconds

// What is on the air, immutable: every reader at the same moment sees the same.
struct OnAir {
  std::vector<Slot> slots;  // playing and ahead, oldest first; empty: the station has no song
  Rotation rotation;
  // The slot that covers `now`; the last one begun when the next is not known yet; none: no song.
  const Slot* At(Instant now) const;
  // Up to kQueueLength slots after At(now).
  std::span<const Slot> QueueAt(Instant now) const;
};

// Keeps the timeline ahead of the clock: the only writer of slots on this node. All changes run on one
// strand; readers take the published snapshot. radio/ has the rules, store/ the memory, this the hands.
class Conductor {
 public:
  Conductor(boost::asio::io_context& context, const Clock& clock, Random& random,
            store::CatalogueStore& catalogue, store::EngagementStore& engagement,
            store::TimelineStore& timeline);
  ~Conductor();

  // Loads the timeline, reconciles it with the clock and the catalogue, and begins to keep it.
  Task<Result<void>> Start();
  void Stop();

  // Any thread; never waits.
  std::shared_ptr<const OnAir> Now() const { return on_air_.Load(); }
  std::uint64_t Version() const { return on_air_.version(); }

  // Ends the playing slot now. `seq` names the slot it is meant for: kSongOver when another one plays by
  // then, kSkipTooSoon within kSkipPause of the last skip (`by_curator` may always), kSongNotFound
  // without a song. Resumes with the slot that plays instead, once that is stored.
  Task<Result<Slot>> Skip(std::optional<std::int64_t> seq, bool by_curator);
  // Puts an active song right after the playing one; the others move back. Resumes with its slot.
  Task<Result<Slot>> PinNext(ObjectId song);
  Task<Result<void>> SetRotation(Rotation rotation);

  // After each change of what is on the air, from the conductor's strand. Register before Start().
  void OnChange(std::function<void()> callback);

 private:
  Task<Result<void>> Keep();
  Task<Result<void>> Commit(Timeline next);
  void Publish();
  void Arm();
  Task<void> Loop();

  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  boost::asio::steady_timer timer_;
  const Clock& clock_;
  Random& random_;
  store::CatalogueStore& catalogue_;
  store::EngagementStore& engagement_;
  store::TimelineStore& store_;
  Published<OnAir> on_air_;
  std::vector<std::function<void()>> callbacks_;
  Timeline timeline_;
  Rotation rotation_;
  std::optional<Instant> last_skip_;
  Instant expected_now_;
  Millis steady_at_expected_{0};
  bool stopped_ = false;
};

}  // namespace popradio::realtime
