#pragma once

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/task.h"
#include "store/distributed/redis/command.h"
#include "store/distributed/redis/dial.h"
#include "store/distributed/redis/environment.h"
#include "store/distributed/redis/outcome.h"
#include "store/distributed/redis/redis_url.h"
#include "store/distributed/redis/stream.h"
#include "store/distributed/redis/waiting.h"

namespace popradio::redis {

// A deadline further away than this is brought nearer.
inline constexpr Millis kLongestDeadline{3'600'000};

struct ConnectionOptions {
  // For everything from the name to the first answer.
  Millis connect_timeout{2000};
  // Pauses between attempts, see Backoff().
  Millis backoff_first{20};
  Millis backoff_most{1000};
  // A connection that ends sooner counts as a failed attempt.
  Millis stable_after{500};
  // When the oldest request is this much over its deadline, the server is taken for dead and the
  // connection is closed.
  Millis overdue_limit{2000};
  // More requests, or bytes that the server does not take, are refused (kNeverSent).
  std::size_t max_pending = 100'000;
  std::size_t max_unsent_bytes = 64U << 20;
};

// Where a request stands in all that was sent: which connection made, and which request on it.
// WAIT of a later number on the same one covers it.
struct Position {
  std::uint64_t session = 0;  // 0: never sent
  std::uint64_t number = 0;
};

// What lives on a connection besides its requests (Durable).
class ConnectionObserver {
 public:
  virtual ~ConnectionObserver() = default;
  // What is buffered is about to be written; Submit() now joins it.
  virtual void BeforeFlush() = 0;
  virtual void OnLost() = 0;
};

// One connection to one server, made again whenever it ends. Everything that is in flight is
// pipelined: requests of one turn of the event loop leave in one write, one write at a time, and
// replies are matched in order. One thread; made by Open(), ended by Stop().
//
// Every request ends with its reply, at its deadline, or with the connection; Failure says whether
// it may have happened. A reply that comes after the deadline is swallowed in its place. While the
// connection is being made the first time, or again after it was lost, requests wait; once an
// attempt has failed they are refused at once (kNeverSent) until one succeeds.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using ReplyWaiter = Waiter<Outcome>;

  static std::shared_ptr<Connection> Open(const Environment& environment, Endpoint endpoint,
                                          std::shared_ptr<const Login> login,
                                          const ConnectionOptions& options);
  ~Connection();

  // `command` and `position` stay alive until this has returned; `deadline` is of Clock::Steady.
  // `asking`: sends ASKING right before it. `once`: it must not happen late, when its caller has
  // long done something else; without an answer by the deadline the connection is broken off, so
  // that a network that comes back does not deliver it.
  Task<Outcome> Send(const Command& command, Millis deadline, bool asking = false,
                     Position* position = nullptr, bool once = false);
  // The same with a waiter of the caller's own.
  void Submit(const Command& command, Millis deadline, bool asking, Position* position,
              std::unique_ptr<ReplyWaiter> waiter, bool once = false);
  // Has BeforeFlush() called soon, even if nothing was submitted.
  void WantFlush();
  // Null: none. It is gone, or gone from here, before it is destroyed.
  void SetObserver(ConnectionObserver* observer) { observer_ = observer; }
  // Ends every request and the connection, for good.
  void Stop();

  // Of the requests that were sent last.
  Position last() const { return {session_, last_number_}; }
  const Endpoint& endpoint() const { return endpoint_; }
  const Health& health() const { return health_; }
  std::size_t pending() const { return in_flight_.size() + queued_.size(); }

 private:
  enum class State { kConnecting, kDown, kUp, kStopped };
  // A request whose bytes are in out_ or further. Without a waiter its reply is swallowed.
  struct InFlight {
    std::unique_ptr<ReplyWaiter> waiter;
    Millis deadline;
    bool once = false;
  };
  // A request that waits for a connection.
  struct Queued {
    const Command* command;
    Millis deadline;
    bool asking;
    Position* position;
    std::unique_ptr<ReplyWaiter> waiter;
    bool once;
  };
  // What belongs to one connection made; a write in flight keeps it alive.
  struct Link {
    explicit Link(std::shared_ptr<Stream> s) : stream(std::move(s)) {}
    std::shared_ptr<Stream> stream;
    ReplyReader reader;
    std::string writing;
    bool write_in_flight = false;
    std::string close_reason;  // why we closed it; empty: we did not
    std::array<char, 16384> buffer;
  };
  using Ended = std::vector<std::pair<std::unique_ptr<ReplyWaiter>, Outcome>>;

  Connection(const Environment& environment, Endpoint endpoint, std::shared_ptr<const Login> login,
             const ConnectionOptions& options);

  static Task<void> Run(std::shared_ptr<Connection> self);
  Task<std::string> ReadLoop(std::shared_ptr<Link> link);
  // Takes one reply; false: nobody asked for it.
  bool Accept(Reply& reply);
  void Append(const Command& command, Millis deadline, bool asking, Position* position,
              std::unique_ptr<ReplyWaiter> waiter, bool once);
  void Flush();
  void OnUp(std::shared_ptr<Link> link);
  void OnDown(const std::string& error);
  void OnLost(const std::string& error);
  void EndInFlight(const std::string& error);
  void EndQueued(const std::string& error);
  void OnDeadline();
  void SetTimer(Millis at) { timer_.Set(at, weak_from_this(), &Connection::OnDeadline); }
  void CloseLink(std::string reason, bool abort = false);
  void SetHealth(bool up, const std::string& error);
  // Resumes in a turn of its own, for callers that must not be re-entered.
  void PostEnd(Ended ended);
  std::string Named(std::string_view what) const;

  const Environment environment_;
  const Endpoint endpoint_;
  const std::shared_ptr<const Login> login_;
  const ConnectionOptions options_;
  State state_ = State::kConnecting;
  Health health_;
  std::shared_ptr<Stream> dialing_;
  std::shared_ptr<Link> link_;
  boost::asio::steady_timer pause_;
  DeadlineTimer timer_;
  ConnectionObserver* observer_ = nullptr;

  std::deque<Queued> queued_;
  std::deque<InFlight> in_flight_;
  std::size_t handed_ = 0;  // how many of in_flight_, from the front, were handed to the socket
  std::string out_;         // bytes of the others
  Ended ended_;             // those whose replies came with one read
  bool flush_posted_ = false;
  std::uint64_t session_ = 0;
  std::uint64_t last_number_ = 0;
};

}  // namespace popradio::redis
