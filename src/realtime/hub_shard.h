#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "realtime/event_log.h"

namespace popradio::realtime {

// Listeners written to between two turns of the loop: well below a millisecond.
inline constexpr std::size_t kSliceListeners = 64;
// What a listener may be behind, beside what its socket holds, before it is dropped. It comes back
// and resumes.
inline constexpr std::size_t kMaxBacklogBytes = 64 * 1024;
// The kernel's buffer of a listener: a reader who sleeps must not cost megabytes.
inline constexpr int kListenerSendBuffer = 64 * 1024;
// A peer that acknowledges nothing for this long is gone.
inline constexpr Millis kListenerTimeout{20'000};
// After a broadcast, events that can wait (numbers, reactions) are collected for so many times as
// long as it took, so that a hundred thousand listeners do not keep the machine from everything
// else; but never longer than kMaxRest.
inline constexpr int kRestFactor = 3;
inline constexpr Millis kMaxRest{1'500};

class Hub;

// The listeners of one I/O thread. An idle one costs its descriptor and about a hundred bytes: no
// coroutine, no buffer. What it still has to get is a place in the log, so that an event allocates
// nothing per listener; what happened while it could not be written to leaves in one piece.
//
// Everything but Deliver(), listeners() and dropped() belongs to the thread that runs the
// io_context: also the descriptors, which with a table per thread (see app/descriptors.h) mean
// nothing elsewhere.
class HubShard {
 public:
  HubShard(Hub& hub, boost::asio::io_context& context, const Clock& clock);
  ~HubShard();
  HubShard(const HubShard&) = delete;
  HubShard& operator=(const HubShard&) = delete;

  // Writes what a stream begins with: what was missed since the event named `last_id` (as the
  // client sent it; may be anything), or else the present state. Returns the number of the message
  // that Adopt() has to go on with.
  std::uint64_t Open(const Topics& topics, std::string_view last_id, std::string& out) const;
  // "id: …\n" of the newest message, for an event that is made for one listener only.
  std::string HeadId() const;

  // Takes a connected, non-blocking socket, to which Open()'s text was written. `companion` is let
  // go when the listener is.
  void Adopt(int fd, Topics topics, std::uint64_t next, std::shared_ptr<void> companion);

  // Any thread.
  std::size_t listeners() const { return listeners_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  friend class Hub;
  struct Listener;

  // Any thread, one at a time, in the order of the numbers.
  void Deliver(MessagePtr message);
  void TakeInbox();
  void Receive(MessagePtr message);
  // Closes all and gives back what belongs to the thread. Nothing is adopted afterwards.
  void Close();

  void Want(bool urgent);
  void AskForTurn();
  void BeginPass();  // called by the hub when the turn has come
  void GiveTurn();
  void Slice();
  void EndPass();
  // Writes what the listener lacks. False when it is gone.
  bool Advance(Listener& listener);
  std::size_t Backlog(const Listener& listener) const;
  void Drop(Listener& listener);
  bool Prepare();
  void Watch();
  void TakeReadiness();

  Hub& hub_;
  boost::asio::io_context& context_;
  const Clock& clock_;
  EventLog log_;
  struct List;
  std::unique_ptr<List> list_;
  std::unique_ptr<boost::asio::posix::stream_descriptor> epoll_;
  std::unique_ptr<boost::asio::steady_timer> rest_;

  // Messages wait here and not in the io_context: what its own thread posts there may be overtaken
  // by what another one posts later.
  std::mutex inbox_mutex_;
  std::vector<MessagePtr> inbox_;

  bool passing_ = false;  // from the wish for a turn to the last slice
  bool has_turn_ = false;
  bool again_ = false;  // something came in meanwhile
  bool again_urgent_ = false;
  bool resting_ = false;
  bool closed_ = false;
  Listener* cursor_ = nullptr;  // the next one of the pass; null at the end
  Millis pass_began_{0};
  Millis not_before_{0};

  std::atomic<std::size_t> listeners_{0};
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace popradio::realtime
