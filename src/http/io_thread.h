#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <functional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "http/connection_limit.h"
#include "http/file_handle.h"
#include "http/handler.h"
#include "http/parser.h"
#include "http/server.h"
#include "http/server_stats.h"

namespace popradio::http {

class Connection;

// What all connections of a server share, unchanging while it runs.
struct ServerShared {
  const ServerOptions& options;
  ParserLimits parser_limits;
  Handler& handler;
  const Clock& clock;
  ConnectionLimit& limit;
};

// ServerStats in the making, of one thread.
struct ThreadCounters {
  Counter connections_accepted, refused_total, refused_address, refused_descriptors, timeouts,
      protocol_errors, handler_failures, bytes_received, bytes_sent;
  std::array<Counter, 6> requests;
};

// One I/O thread: its io_context, listener, connections and clockwork. Everything but the
// constructor, the destructor, context() and counters() runs on that thread.
class IoThread {
 public:
  IoThread(std::size_t index, const ServerShared& shared, std::uint64_t id_seed);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  std::size_t index() const { return index_; }
  boost::asio::io_context& context() { return context_; }
  const ThreadCounters& counters() const { return counters_; }

  // Opens the listener and begins to accept and to sweep. Returns the bound endpoint.
  Result<boost::asio::ip::tcp::endpoint> Listen(const boost::asio::ip::tcp::endpoint& endpoint);
  // Accepts no more, closes idle connections; the others close after the answer they are at. Calls
  // `drained` on this thread when the last one is gone.
  void BeginStop(std::function<void()> drained);
  // Closes every connection that waits for its client.
  void CloseAll();

  // After the context has ended, on the same thread: with a descriptor table of its own nobody else
  // can close what it opened.
  void CloseDescriptors();

  // For Connection.
  const ServerShared& shared() const { return shared_; }
  ThreadCounters& counters() { return counters_; }
  // Steady milliseconds as of the last sweep: cheap, and at most one sweep interval old.
  std::int64_t now_ms() const { return now_ms_; }
  // The moment that is certainly `timeout` away, given the age of now_ms().
  std::int64_t DeadlineIn(std::chrono::milliseconds timeout) const {
    return now_ms_ + timeout.count() + shared_.options.sweep_interval.count();
  }
  std::string_view common_lines() const { return common_lines_; }
  bool stopping() const { return stopping_; }
  // Writes 16 hexadecimal digits.
  void NextRequestId(char* out);
  void Register(Connection& connection);
  void Unregister(Connection& connection);

 private:
  Task<void> AcceptLoop();
  Task<void> SweepLoop();
  void Tick();
  // Takes what waits in the listener's queue; false: the process has no descriptor to spare.
  bool AcceptBatch();
  void Admit(int fd, const boost::asio::ip::tcp::endpoint& peer);
  // Without a free descriptor: tells one waiting client so, with the descriptor kept in reserve.
  void RefuseForLackOfDescriptors();

  const std::size_t index_;
  const ServerShared& shared_;
  ThreadCounters counters_;
  SeededRandom ids_;
  std::int64_t now_ms_ = 0;
  std::string common_lines_;
  FileHandle reserve_;
  std::int64_t next_descriptor_warning_ms_ = 0;
  std::size_t refusals_ = 0;  // connections being told that there is no room
  bool stopping_ = false;
  std::function<void()> drained_;
  // Hooks are members of Connection; the list is declared before the context, whose destruction
  // destroys the coroutines that own the connections.
  struct ConnectionList;
  std::unique_ptr<ConnectionList> connections_;
  boost::asio::io_context context_;
  std::optional<boost::asio::ip::tcp::acceptor> acceptor_;
  boost::asio::steady_timer sweep_timer_;
  boost::asio::steady_timer accept_pause_;

  friend class Connection;
};

}  // namespace popradio::http
