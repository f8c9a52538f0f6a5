#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/published.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/slot.h"
#include "radio/rotation.h"
#include "realtime/async_mutex.h"
#include "store/catalogue_store.h"
#include "store/engagement_store.h"
#include "store/timeline_store.h"

namespace popradio::realtime {

inline constexpr std::size_t kQueueLength = 5;  // the document: "next 5 in queue"
inline constexpr Millis kSkipPause{10'000};     // at most one skip in ten seconds
inline constexpr Millis kTick{500};             // how often the clock is looked at
inline constexpr Millis kClockJump{2'000};      // a difference to the steady clock that is no drift

// What is on the air, immutable: every reader at the same moment sees the same.
struct OnAir {
  std::vector<Slot> slots;  // playing and ahead, oldest first; empty: the station has no song
  Rotation rotation;
  // The slot that covers `now`; the last one begun when the next is not known yet; none: no song.
  const Slot* At(Instant now) const;
  // Up to kQueueLength slots after At(now).
  std::span<const Slot> QueueAt(Instant now) const;
};

// Keeps the timeline ahead of the clock: the only writer of slots on this node. radio/ has the
// rules, store/ the memory, this the hands. Readers take the published snapshot and never wait.
//
// All changes run on one strand, one at a time: each makes a new timeline from the present one,
// stores what differs by compare-and-set, and publishes. When the store cannot take it, the music
// goes on with what is in memory and is stored as soon as that works again; only what somebody
// asked for (a skip, a pin) is refused then.
class Conductor {
 public:
  Conductor(boost::asio::io_context& context, const Clock& clock, Random& random,
            store::CatalogueStore& catalogue, store::EngagementStore& engagement,
            store::TimelineStore& timeline);

  // Loads the timeline, brings it into agreement with the clock and the catalogue, and begins to
  // keep it. Before serving. While the store is away a provisional timeline plays, which gives way
  // to the stored one as soon as that can be read; any other failure to read is the result.
  Task<Result<void>> Start();
  // No change begins afterwards. From any thread.
  void Stop();

  // Any thread; never waits.
  std::shared_ptr<const OnAir> Now() const { return on_air_.Load(); }
  // Rises with every change of what is on the air (not with the passing from slot to slot).
  std::uint64_t Version() const { return on_air_.version(); }

  // Ends the playing slot now. `seq` names the slot it is meant for: kSongOver when another one
  // plays by then, kSkipTooSoon within kSkipPause of the last skip (`by_curator` may always),
  // kSongNotFound without a song. Resumes with the slot that plays instead, once that is stored.
  // Any thread.
  Task<Result<Slot>> Skip(std::optional<std::int64_t> seq, bool by_curator);
  // Puts an active song right after the playing one; the others move back. Resumes with its slot.
  // kSongNotFound for what is not active.
  Task<Result<Slot>> PinNext(ObjectId song);
  // The new rotation holds for what is chosen from now on; what is known ahead stays.
  Task<Result<void>> SetRotation(Rotation rotation);
  // Takes in the present catalogue. The conductor does so by itself after every change; who has to
  // answer that a change is on the air waits for this.
  Task<Result<void>> CatchUp();

  // Takes in what other nodes have stored: the timeline and the rotation.
  Task<Result<void>> Refresh();

  // After each change of what is on the air, from the conductor's strand. Register before Start().
  void OnChange(std::function<void()> callback) { callbacks_.push_back(std::move(callback)); }
  // After this node has stored a timeline or a rotation: what other nodes want to hear of. As
  // above.
  void OnStored(std::function<void()> callback) { on_stored_.push_back(std::move(callback)); }

 private:
  using Edit = std::function<Result<Timeline>(const Timeline&, const radio::Library&, Instant now)>;
  // Applies `edit` to the present timeline and stores the difference, again after a conflict.
  // `must_store`: a failed write undoes the edit and is the result.
  Task<Result<void>> Change(Edit edit, bool must_store);
  Task<Result<void>> Store();
  Task<Result<void>> Load();
  Task<Result<void>> LoadAll();
  Task<void> Loop();
  radio::Library MakeLibrary() const;
  void Publish();
  void NoteClock();

  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  boost::asio::steady_timer timer_;
  AsyncMutex mutex_;
  const Clock& clock_;
  Random& random_;
  store::CatalogueStore& catalogue_;
  store::EngagementStore& engagement_;
  store::TimelineStore& store_;
  Published<OnAir> on_air_;
  std::vector<std::function<void()>> callbacks_, on_stored_;

  // Below: only on the strand, under mutex_.
  Timeline timeline_;  // what plays
  Timeline stored_;    // what the store is known to hold
  Rotation rotation_;
  Instant seen_now_;  // the clock when it was last looked at, and the steady clock at that moment
  Millis seen_steady_{0};
  std::uint64_t catalogue_seen_ = 0;
  bool store_failing_ = false;
  bool store_known_ = false;  // stored_ and rotation_ were read
  std::atomic<bool> stopped_{false};
};

}  // namespace popradio::realtime
