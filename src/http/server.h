#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/client_address.h"
#include "http/handler.h"
#include "http/limits.h"
#include "http/server_stats.h"

namespace popradio::http {

struct ServerOptions {
  // Port 0 means any free one; all threads share it.
  boost::asio::ip::tcp::endpoint listen{boost::asio::ip::make_address("127.0.0.1"), 0};
  std::size_t threads = 1;

  std::size_t max_connections = 10'000;
  std::size_t max_connections_per_address = kMaxConnectionsPerAddress;
  TrustedProxies trusted_proxies;

  std::size_t max_request_line = kMaxRequestLine;
  std::size_t max_header_block = kMaxHeaderBlock;
  std::size_t max_header_fields = kMaxHeaderFields;  // at most kMaxHeaderFields
  std::chrono::milliseconds header_timeout = kHeaderTimeout;
  std::chrono::milliseconds body_timeout = kBodyTimeout;
  std::chrono::milliseconds idle_timeout = kIdleTimeout;
  std::chrono::milliseconds write_timeout = kWriteTimeout;
  std::chrono::milliseconds sweep_interval = kSweepInterval;
  int send_buffer_bytes = 0;  // SO_SNDBUF of connections; 0: the kernel's choice

  // Request ids are drawn from this; 0: from the kernel's randomness.
  std::uint64_t request_id_seed = 0;
  // Runs first on each I/O thread (for thread names, or unshare(CLONE_FILES)), with its index.
  std::function<void(std::size_t)> on_thread_start;
  // On every I/O thread when its io_context has ended, before the thread does.
  std::function<void(boost::asio::io_context&)> on_thread_stop;
};

// "0.0.0.0:8080", "[::]:8080", ":8080" (every IPv4 address), "localhost:8080"; the port is
// required. Fails with kInvalidParameter and a sentence that names `text`.
Result<boost::asio::ip::tcp::endpoint> ParseListenAddress(std::string_view text);

// An HTTP/1.1 server: one io_context and one thread per core, each with a listener of its own on
// the same port, so that a connection lives and dies on one thread and no lock is taken on a
// request's way.
//
// Construct, Start, Stop, destroy, all on one thread. The io_contexts exist from construction to
// destruction, so other parts may post to them in between; their threads run from Start to Stop.
class Server {
 public:
  // `handler` and `clock` must outlive the server.
  Server(ServerOptions options, Handler& handler, const Clock& clock);
  ~Server();  // stops without grace if it still runs
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Opens the listeners and runs the threads; returns the bound address. Fails with kUnavailable
  // and a sentence when the address cannot be had: in use (also by another station of the same
  // user, which SO_REUSEPORT alone would let share the port), not ours, not allowed.
  Result<boost::asio::ip::tcp::endpoint> Start();

  // Accepts no more, closes idle connections, lets requests in flight finish for up to `grace`,
  // then closes what is left, and ends the threads. Work that others posted to the contexts is not
  // waited for. Not from an I/O thread. A second call does nothing.
  void Stop(std::chrono::milliseconds grace = kStopGrace);

  std::size_t threads() const;
  boost::asio::io_context& context(std::size_t i);
  // Sums over the threads; any thread, at any time.
  ServerStats Stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace popradio::http
