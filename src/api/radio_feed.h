#pragma once

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/thread_state.h"
#include "domain/comment.h"
#include "realtime/ballot.h"
#include "realtime/hub.h"
#include "store/engagement_store.h"

namespace popradio::api {

struct Station;

// The document's reactions have no endpoint; these are ours, in the order of api/openapi.yaml.
inline constexpr std::array<std::string_view, 5> kReactions = {"💖", "✨", "🔥", "😭", "🪩"};

inline constexpr Millis kFeedTick{250};         // how often the station is looked at
inline constexpr Millis kCountersEvery{1'000};  // per song
inline constexpr Millis kListenersEvery{2'000};
inline constexpr Millis kReactionsEvery{500};
inline constexpr Millis kLeaverDecidesAfter{500};

// Places of the state that a new listener gets, in its order.
enum class StatePlace : std::size_t { kNowPlaying, kQueue, kCounters, kListeners, kSkip };

// Tells the hub what happens at the station: looks at the timeline, the numbers, the listeners and
// the vote a few times a second, and at once when somebody says that something has changed, and
// publishes what differs from what was published last. Also ends a song whose vote passes because a
// listener left.
//
// Its loop runs on the io_context it is given, which one thread runs. The other functions may be
// called from any thread.
class RadioFeed : public std::enable_shared_from_this<RadioFeed> {
 public:
  RadioFeed(Station& station, realtime::Hub& hub, boost::asio::io_context& context);

  // Begins to look. Before the conductor starts, as it registers with it.
  void Start();
  void Stop();

  // Something may have changed: look now.
  void Nudge();
  void CommentAdded(const Comment& comment);
  void CommentHidden(const Comment& comment);
  // `index` into kReactions.
  void React(std::size_t index);

  // The same for what happened at another node: data of the event, to this node's listeners.
  void PublishComment(const Target& target, std::string data);
  void PublishHidden(std::string data);
  void PublishReaction(std::string data);

  // "counters" of a song or playlist, as data of the event.
  static std::string CountersJson(const Target& target, const store::Engagement& numbers);

 private:
  struct Counted {
    store::Engagement numbers;
    Millis at{0};
  };

  Task<void> Loop();
  Task<void> Look();
  Task<void> PublishSongs(const RenderedCatalogue& rendered, const realtime::OnAir& on_air,
                          Instant now);
  Task<void> PublishCounters(const RenderedCatalogue& rendered, const Slot* playing, Millis steady);
  Task<void> PublishVote(const realtime::OnAir& on_air, const Slot* playing, Millis steady);
  void PublishListeners(int listeners, Millis steady);
  void PublishReactions(Millis steady, bool now);
  void PublishState(StatePlace place, std::string_view name, std::string data, bool urgent);
  Millis UntilNextLook(const Slot* playing, Instant now) const;

  Station& station_;
  realtime::Hub& hub_;
  boost::asio::io_context& context_;
  boost::asio::steady_timer timer_;
  std::atomic<bool> stopped_{false};
  std::array<std::atomic<std::uint32_t>, kReactions.size()> reactions_{};

  // Below: of the loop.
  ThreadState thread_;
  bool nudged_ = false;
  const RenderedCatalogue* seen_rendered_ = nullptr;
  std::uint64_t seen_on_air_ = 0;
  std::int64_t seen_seq_ = -2;            // neither a slot nor "none"
  std::string song_shape_, queue_shape_;  // what was published, without the numbers
  std::uint64_t counted_version_ = 0;
  std::map<Target, Counted> counted_;
  std::optional<int> listeners_;
  Millis listeners_at_{0};
  std::string skip_, skip_urgent_;  // as published: whole, and the part that cannot wait
  Millis skip_at_{0};
  Millis reactions_at_{0};
  std::int64_t passed_seq_ = -1;  // the slot whose vote has passed without a skip, and since when
  Millis passed_since_{0};
  std::optional<ObjectId> on_air_song_;
};

}  // namespace popradio::api
