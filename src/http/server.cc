#include "http/server.h"

#include <atomic>
#include <boost/asio/post.hpp>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/random.h"
#include "http/io_thread.h"

namespace popradio::http {
namespace {

using boost::asio::ip::tcp;

// After the grace: how long connections that were closed by force get to unwind.
constexpr std::chrono::milliseconds kForcedStopWait{500};

// A file that is being sent to a client that has gone raises SIGPIPE, which no flag of sendfile(2)
// prevents. Whoever installed a handler of their own keeps it.
void IgnoreSigpipe() {
  struct sigaction current {};
  if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) {
    std::signal(SIGPIPE, SIG_IGN);
  }
}

}  // namespace

Result<tcp::endpoint> ParseListenAddress(std::string_view text) {
  const auto fail = [&] {
    return Fail(ErrorCode::kInvalidParameter, "\"" + std::string(text) +
                                                  "\" is no address to listen on: write it like "
                                                  "0.0.0.0:8080 or [::]:8080");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail();
  std::string host(text.substr(0, colon));
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) return fail();
  if (host.empty()) host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return fail();
  }
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(host, ec);
  if (ec) return fail();
  return tcp::endpoint(address, port);
}

struct Server::Impl {
  Impl(ServerOptions server_options, Handler& handler, const Clock& clock)
      : options(std::move(server_options)),
        limit(options.max_connections, options.max_connections_per_address),
        shared{options,
               {options.max_request_line, options.max_header_block,
                std::min(options.max_header_fields, kMaxHeaderFields)},
               handler,
               clock,
               limit} {
    options.threads = std::max<std::size_t>(1, options.threads);
    SystemRandom random;
    for (std::size_t i = 0; i < options.threads; ++i) {
      const std::uint64_t seed =
          options.request_id_seed != 0 ? options.request_id_seed + i : random.Next();
      io_threads.push_back(std::make_unique<IoThread>(i, shared, seed));
      guards.push_back(boost::asio::make_work_guard(io_threads.back()->context()));
    }
  }

  Result<tcp::endpoint> StartThread(std::size_t i, const tcp::endpoint& endpoint) {
    std::promise<Result<tcp::endpoint>> bound;
    auto answer = bound.get_future();
    threads.emplace_back([this, i, endpoint, &bound] {
      if (options.on_thread_start) options.on_thread_start(i);
      bound.set_value(io_threads[i]->Listen(endpoint));
      RunThread(io_threads[i]->context());
      if (options.on_thread_stop) options.on_thread_stop(io_threads[i]->context());
      io_threads[i]->CloseDescriptors();
    });
    return answer.get();
  }

  static void RunThread(boost::asio::io_context& context) {
    for (;;) {
      try {
        context.run();
        return;
      } catch (const std::exception& e) {  // of something that others posted
        Log(LogLevel::kError, "an I/O task failed", {{"what", e.what()}});
      }
    }
  }

  void Join() {
    for (auto& io_thread : io_threads) io_thread->context().stop();
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }

  ServerOptions options;
  ConnectionLimit limit;
  ServerShared shared;
  std::mutex stop_mutex;  // guards undrained
  std::condition_variable drained;
  std::size_t undrained = 0;
  // Last, so that connections that outlived Stop can still say goodbye to the rest.
  std::vector<std::unique_ptr<IoThread>> io_threads;
  std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guards;
  std::vector<std::thread> threads;
};

Server::Server(ServerOptions options, Handler& handler, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), handler, clock)) {}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

Result<tcp::endpoint> Server::Start() {
  IgnoreSigpipe();
  tcp::endpoint endpoint = impl_->options.listen;
  for (std::size_t i = 0; i < impl_->io_threads.size(); ++i) {
    auto bound = impl_->StartThread(i, endpoint);
    if (!bound) {
      impl_->Join();
      return bound;
    }
    endpoint = *bound;  // Port 0 is a number now; the other threads share it.
  }
  return endpoint;
}

void Server::Stop(std::chrono::milliseconds grace) {
  if (impl_->threads.empty()) return;
  Impl& impl = *impl_;
  impl.undrained = impl.io_threads.size();
  for (auto& io_thread : impl.io_threads) {
    boost::asio::post(io_thread->context(), [&impl, &io_thread] {
      io_thread->BeginStop([&impl, done = false]() mutable {
        if (done) return;
        done = true;
        const std::lock_guard lock(impl.stop_mutex);
        if (--impl.undrained == 0) impl.drained.notify_all();
      });
    });
  }
  const auto wait = [&](std::chrono::milliseconds time) {
    std::unique_lock lock(impl.stop_mutex);
    return impl.drained.wait_for(lock, time, [&] { return impl.undrained == 0; });
  };
  if (!wait(grace)) {
    for (auto& io_thread : impl.io_threads) {
      boost::asio::post(io_thread->context(), [&io_thread] { io_thread->CloseAll(); });
    }
    wait(kForcedStopWait);
  }
  impl.Join();
}

std::size_t Server::threads() const { return impl_->io_threads.size(); }

boost::asio::io_context& Server::context(std::size_t i) {
  return impl_->io_threads.at(i)->context();
}

ServerStats Server::Stats() const {
  ServerStats sum;
  sum.connections_open = impl_->limit.open();
  for (const auto& io_thread : impl_->io_threads) {
    const ThreadCounters& of = std::as_const(*io_thread).counters();
    sum.connections_accepted += of.connections_accepted.Read();
    sum.refused_total += of.refused_total.Read();
    sum.refused_address += of.refused_address.Read();
    sum.refused_descriptors += of.refused_descriptors.Read();
    sum.timeouts += of.timeouts.Read();
    sum.protocol_errors += of.protocol_errors.Read();
    sum.handler_failures += of.handler_failures.Read();
    sum.bytes_received += of.bytes_received.Read();
    sum.bytes_sent += of.bytes_sent.Read();
    for (std::size_t i = 0; i < sum.requests.size(); ++i) sum.requests[i] += of.requests[i].Read();
  }
  return sum;
}

}  // namespace popradio::http
