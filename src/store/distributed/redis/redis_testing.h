#pragma once

#include <sys/types.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/distributed/process_testing.h"
#include "store/distributed/redis/client.h"

namespace popradio::redis {

using process_testing::Eventually;
using process_testing::kTestLimit;
using process_testing::RunProgram;
using process_testing::TemporaryFolder;

// A deadline that no call of a passing test comes near.
inline constexpr Millis kLong{30'000};

// One event loop with clock and randomness, driven by the test.
class Loop {
 public:
  Loop() : guard_(context_.get_executor()) {}
  // Lets everything that was stopped come to its end.
  ~Loop();

  Environment environment() { return {context_, clock_, random_}; }
  boost::asio::io_context& context() { return context_; }
  Millis In(Millis timeout) const { return clock_.Steady() + timeout; }

  // Runs until `done` says so. False: it did not within `limit`.
  bool Until(const std::function<bool()>& done, Millis limit = kTestLimit);
  // Runs a coroutine to its end.
  template <class T>
  T Await(Task<T> task, Millis limit = kTestLimit) {
    auto result = std::make_shared<std::optional<T>>();
    auto failure = std::make_shared<std::exception_ptr>();
    boost::asio::co_spawn(context_, std::move(task), [=](std::exception_ptr e, T value) {
      *failure = e;
      result->emplace(std::move(value));
    });
    if (!Until([&] { return result->has_value(); }, limit)) {
      throw std::runtime_error("a coroutine did not end in time");
    }
    if (*failure) std::rethrow_exception(*failure);
    return std::move(**result);
  }
  // Starts one whose outcome appears in the returned place.
  std::shared_ptr<std::optional<Outcome>> Start(Task<Outcome> task);

 private:
  SystemClock clock_;
  SeededRandom random_{42};
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
};

// A real redis-server on a free port of 127.0.0.1, without persistence unless asked for. Dies with
// the test, however that ends.
class RedisServer {
 public:
  // `arguments` as on the command line: {"--requirepass", "secret"}. Throws if it does not start.
  explicit RedisServer(std::vector<std::string> arguments = {}, bool tls = false);
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::uint16_t port() const { return port_; }
  Endpoint endpoint() const { return {"127.0.0.1", port_}; }
  const std::string& folder() const { return folder_.path(); }
  void Signal(int signal);  // SIGSTOP: returns when it is halted
  char State() const;       // as ProcessState()
  void Kill();              // SIGKILL, and waits until it is gone
  void Start();             // again, on the same port and folder
  // Asks it over a connection of its own, through hiredis; the answer as one text, lists line by
  // line, errors with a '-' in front, "" when nobody answers.
  std::string Ask(const std::vector<std::string>& command, const std::string& password = "") const;
  // One line of INFO, or of CLUSTER INFO.
  std::string Info(const std::string& section, const std::string& name) const;

 private:
  void Launch();
  bool Answers() const;
  TemporaryFolder folder_;
  std::vector<std::string> arguments_;
  const bool tls_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

// Three primaries with a replica each, or with none.
class RedisCluster {
 public:
  explicit RedisCluster(int replicas = 1);
  RedisServer& server(std::size_t index) { return *servers_[index]; }
  std::size_t size() const { return servers_.size(); }
  // The server that serves the key now, as the Cluster itself says.
  RedisServer& PrimaryOf(const std::string& key);
  RedisServer& AnotherPrimaryThan(const RedisServer& server);
  std::string IdOf(const RedisServer& server);
  RedisUrl url() const;
  // Starts what was killed; waits until all agree and every primary has its replica.
  void Heal();

 private:
  bool Whole() const;
  const int replicas_;  // of each primary
  std::vector<std::unique_ptr<RedisServer>> servers_;
};

// Speaks for a server as a test wants. `serve` gets each connection after its introduction; what it
// returns from ends the connection.
class FakeServer {
 public:
  using Serve = std::function<Task<void>(boost::asio::ip::tcp::socket&, int connection)>;
  FakeServer(Loop& loop, Serve serve);
  ~FakeServer();
  Endpoint endpoint() const { return {"127.0.0.1", acceptor_.local_endpoint().port()}; }
  int connections() const { return *connections_; }

 private:
  static Task<void> Accept(boost::asio::ip::tcp::acceptor& acceptor, std::shared_ptr<Serve> serve,
                           std::shared_ptr<int> connections);
  boost::asio::ip::tcp::acceptor acceptor_;
  std::shared_ptr<int> connections_ = std::make_shared<int>(0);
};

// For a FakeServer: reads until `text` has come, sends `bytes`.
Task<std::string> ReadUntil(boost::asio::ip::tcp::socket& socket, std::string text);
Task<void> Say(boost::asio::ip::tcp::socket& socket, std::string bytes);

}  // namespace popradio::redis
