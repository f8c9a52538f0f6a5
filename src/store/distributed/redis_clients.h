#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "store/distributed/redis/client.h"
#include "store/distributed/redis/script.h"

namespace popradio::store::distributed {

// What one io_context has of Redis. Only on its thread.
struct RedisHere {
  std::shared_ptr<redis::Client> client;
  // Commands to be used again, with their buffers.
  std::vector<std::unique_ptr<redis::Command>> spare;
};

// The way from every io_context to one Redis: a client for each, made at its first use, on its
// thread, because sockets live and die on their thread. It ends with the context, or at Leave().
// And a thread of its own for what no request waits for. Thread-safe.
//
// Outlives every coroutine that uses it.
class RedisClients {
 public:
  // `clock` and `random` (drawn from on this thread only) outlive it. Fails with kInvalidParameter
  // for a certificate file that cannot be read.
  static Result<std::unique_ptr<RedisClients>> Open(redis::RedisUrl url,
                                                    redis::ClientOptions options,
                                                    const Clock& clock, Random& random);
  ~RedisClients();
  RedisClients(const RedisClients&) = delete;
  RedisClients& operator=(const RedisClients&) = delete;

  // Of the context that runs the calling coroutine.
  Task<std::shared_ptr<RedisHere>> Here();
  std::shared_ptr<RedisHere> On(boost::asio::io_context& context);
  // Ends the context's connections. On its thread, after its last use.
  void Leave(boost::asio::io_context& context);

  // All keys may stand in one script: there is but one server.
  bool one_server() const { return !url_.cluster; }
  const redis::RedisUrl& url() const { return url_; }
  const redis::ClientOptions& options() const { return options_; }
  const Clock& clock() const { return clock_; }
  Millis In(Millis timeout) const { return clock_.Steady() + timeout; }

  // As the thread of its own sees it; that one always has a connection.
  redis::Health health() const;
  // Looks how it is now; it does so by itself a few times a second. On the thread of its own.
  void NoteHealth();

  // Runs it on the thread of its own. Nothing is run after Close().
  void Spawn(std::function<Task<void>()> work);
  // Runs it there again and again, `pause` after it has ended.
  void Every(Millis pause, std::function<Task<void>()> work);
  // Runs it there and waits for its end. Not from that thread.
  void RunThere(std::function<Task<void>()> work);
  // Ends what runs on the thread of its own, and the thread. Once; the destructor does it too.
  void Close();

 private:
  class Service;
  RedisClients(redis::RedisUrl url, redis::ClientOptions options, const Clock& clock,
               std::uint64_t seed);
  static Task<void> Repeat(RedisClients& self, Millis pause, std::function<Task<void>()> work);
  static Task<void> WatchHealth(RedisClients& self);

  const redis::RedisUrl url_;
  const redis::ClientOptions options_;
  const Clock& clock_;
  std::mutex mutex_;  // guards seeds_ and services_
  SeededRandom seeds_;
  std::set<Service*> services_;
  mutable std::mutex health_mutex_;
  redis::Health health_;

  boost::asio::io_context background_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::thread thread_;
  bool closed_ = false;
};

// A command from the context's spares, which takes it back.
class SpareCommand {
 public:
  SpareCommand(std::shared_ptr<RedisHere> here, std::string_view name) : here_(std::move(here)) {
    if (here_->spare.empty()) {
      command_ = std::make_unique<redis::Command>(name);
    } else {
      command_ = std::move(here_->spare.back());
      here_->spare.pop_back();
      command_->Clear(name);
    }
  }
  ~SpareCommand() {
    if (here_->spare.size() < kMaxSpare) here_->spare.push_back(std::move(command_));
  }
  SpareCommand(const SpareCommand&) = delete;
  SpareCommand& operator=(const SpareCommand&) = delete;
  redis::Command& operator*() { return *command_; }
  redis::Command* operator->() { return command_.get(); }

 private:
  static constexpr std::size_t kMaxSpare = 1024;
  const std::shared_ptr<RedisHere> here_;
  std::unique_ptr<redis::Command> command_;
};

// Runs a script whose keys and arguments `fill` adds: `keys` times Key(), then Arg()s. It is called
// a second time for a server that does not know the script yet.
template <class Fill>
Task<redis::Outcome> Evaluate(std::shared_ptr<RedisHere> here, const redis::Script& script,
                              std::size_t keys, Fill fill, redis::CallOptions options) {
  SpareCommand command(here, "EVALSHA");
  command->Arg(script.sha1()).Arg(keys);
  fill(*command);
  redis::Outcome outcome = co_await here->client->Call(*command, options);
  if (outcome && outcome->is_error() && outcome->text().starts_with("NOSCRIPT")) {
    command->Clear("EVAL");
    command->Arg(script.source()).Arg(keys);
    fill(*command);
    outcome = co_await here->client->Call(*command, options);
  }
  co_return outcome;
}

}  // namespace popradio::store::distributed
