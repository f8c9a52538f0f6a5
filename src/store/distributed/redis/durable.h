#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/distributed/redis/connection.h"

namespace popradio::redis {

// Writes that are acknowledged only when a configured number of replicas has them: a group commit
// with WAIT. One WAIT covers everything that was sent before it on its connection, whoever sent it;
// while one is on its way, the next group gathers.
//
// What WAIT proves: on this connection, everything the server had done up to the request before the
// WAIT is on that many replicas, so also what an earlier try wrote that this one merely found. The
// number is the configured one, never how many replicas happen to be there: a primary that was cut
// off with none of them must not confirm alone. WAIT holds up its own connection, so requests that
// need no proof belong on another one. One thread.
class Durable : public std::enable_shared_from_this<Durable>, private ConnectionObserver {
 public:
  // `replicas` at least 1. `wait_timeout`: how long the server may wait for them.
  static std::shared_ptr<Durable> Open(const Environment& environment,
                                       std::shared_ptr<Connection> connection, int replicas,
                                       Millis wait_timeout);
  ~Durable() override;

  // The reply, once enough replicas have what was written. An error reply comes back as it is,
  // unproven. Too few replicas: kUnavailable, may_have_happened.
  // `once` as Connection::Send has it.
  Task<Outcome> Send(const Command& command, Millis deadline, bool asking = false,
                     bool once = false);

  Connection& connection() { return *connection_; }
  // How many WAITs were sent, and how many writes were proven.
  std::uint64_t waits() const { return waits_; }
  std::uint64_t proven() const { return proven_; }

 private:
  // Empty: proven; else why not.
  using Verdict = std::string;
  struct Covered {
    Position position;
    Millis deadline;
    std::unique_ptr<Waiter<Verdict>> waiter;
  };

  Durable(const Environment& environment, std::shared_ptr<Connection> connection, int replicas,
          Millis wait_timeout);
  void BeforeFlush() override;
  void OnLost() override;
  void OnWaited(Position position, const Outcome& outcome);
  void OnDeadline();
  // Ends those that `matches` says, in the order they came.
  template <class Matches>
  void End(const Verdict& verdict, Matches matches);
  Verdict Judge(const Outcome& outcome) const;

  const Environment environment_;
  const std::shared_ptr<Connection> connection_;
  const int replicas_;
  const Millis wait_timeout_;
  const Command wait_;
  bool wanted_ = false;  // a write was sent, or is about to be, that no WAIT covers yet
  bool wait_in_flight_ = false;
  Position confirmed_;  // of the last WAIT that found enough replicas
  std::vector<Covered> waiting_;
  DeadlineTimer timer_;
  std::uint64_t waits_ = 0, proven_ = 0;
};

}  // namespace popradio::redis
