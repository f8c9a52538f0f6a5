#include "store/distributed/redis_clients.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <map>
#include <stdexcept>

#include "base/log.h"
#include "store/distributed/redis/dial.h"

namespace popradio::store::distributed {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;

constexpr Millis kHealthPause{100};

void LogFailure(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    Log(LogLevel::kError, "background work for redis failed", {{"error", e.what()}});
  }
}

}  // namespace

// Lives in an io_context and ends with it.
class RedisClients::Service final : public boost::asio::execution_context::service {
 public:
  using key_type = Service;
  static inline boost::asio::execution_context::id id;

  explicit Service(boost::asio::execution_context& context)
      : boost::asio::execution_context::service(context) {}

  std::shared_ptr<RedisHere>& Of(RedisClients* clients) { return here_[clients].here; }
  Random& RandomOf(RedisClients* clients, std::uint64_t seed) {
    here_[clients].random = std::make_unique<SeededRandom>(seed);
    return *here_[clients].random;
  }
  void Stop(RedisClients* clients) {
    const auto found = here_.find(clients);
    if (found == here_.end() || !found->second.here) return;
    found->second.here->client->Stop();
    found->second.here.reset();  // the randomness stays: coroutines that end still refer to it
  }

 private:
  struct Entry {
    std::shared_ptr<RedisHere> here;
    std::unique_ptr<SeededRandom> random;
  };
  void shutdown() override {
    for (auto& [clients, entry] : here_) {
      if (!entry.here) continue;
      entry.here->client->Stop();
      entry.here.reset();
      const std::lock_guard lock(clients->mutex_);
      clients->services_.erase(this);
    }
  }
  std::map<RedisClients*, Entry> here_;
};

Result<std::unique_ptr<RedisClients>> RedisClients::Open(redis::RedisUrl url,
                                                         redis::ClientOptions options,
                                                         const Clock& clock, Random& random) {
  // Says now what would otherwise be found on an I/O thread.
  if (auto login = redis::MakeLogin(url, options.client_name); !login) return Fail(login.error());
  return std::unique_ptr<RedisClients>(
      new RedisClients(std::move(url), std::move(options), clock, random.Next()));
}

RedisClients::RedisClients(redis::RedisUrl url, redis::ClientOptions options, const Clock& clock,
                           std::uint64_t seed)
    : url_(std::move(url)),
      options_(std::move(options)),
      clock_(clock),
      seeds_(seed),
      health_{false, clock.Now(), "Redis has not been reached yet"},
      guard_(background_.get_executor()) {
  boost::asio::co_spawn(background_, WatchHealth(*this), boost::asio::detached);
  thread_ = std::thread([this] { background_.run(); });
}

RedisClients::~RedisClients() {
  Close();
  std::set<Service*> left;
  {
    const std::lock_guard lock(mutex_);
    left.swap(services_);
  }
  // Contexts that are still there, at rest.
  for (Service* service : left) service->Stop(this);
}

Task<std::shared_ptr<RedisHere>> RedisClients::Here() {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  const auto* target = executor.target<boost::asio::io_context::executor_type>();
  if (!target) throw std::logic_error("Redis is used outside an io_context");
  co_return On(boost::asio::query(*target, boost::asio::execution::context));
}

std::shared_ptr<RedisHere> RedisClients::On(boost::asio::io_context& context) {
  auto& service = boost::asio::use_service<Service>(context);
  std::shared_ptr<RedisHere>& here = service.Of(this);
  if (here) return here;
  std::uint64_t seed = 0;
  {
    const std::lock_guard lock(mutex_);
    seed = seeds_.Next();
    services_.insert(&service);
  }
  const redis::Environment environment{context, clock_, service.RandomOf(this, seed)};
  auto client = redis::Client::Open(environment, url_, options_);
  // The certificates could be read at Open(); they are gone meanwhile.
  if (!client) throw std::runtime_error(client.error().message);
  here = std::make_shared<RedisHere>();
  here->client = *std::move(client);
  return here;
}

void RedisClients::Leave(boost::asio::io_context& context) {
  auto& service = boost::asio::use_service<Service>(context);
  service.Stop(this);
  const std::lock_guard lock(mutex_);
  services_.erase(&service);
}

redis::Health RedisClients::health() const {
  const std::lock_guard lock(health_mutex_);
  return health_;
}

void RedisClients::NoteHealth() {
  const redis::Health health = On(background_)->client->health();
  const std::lock_guard lock(health_mutex_);
  health_ = health;
}

Task<void> RedisClients::WatchHealth(RedisClients& self) {
  boost::asio::steady_timer timer(self.background_);
  for (;;) {
    self.NoteHealth();
    boost::system::error_code ec;
    timer.expires_after(kHealthPause);
    co_await timer.async_wait(redirect_error(use_awaitable, ec));
    if (ec) co_return;
  }
}

void RedisClients::Spawn(std::function<Task<void>()> work) {
  auto run = [](std::function<Task<void>()> what) -> Task<void> { co_await what(); };
  boost::asio::co_spawn(background_, run(std::move(work)), LogFailure);
}

Task<void> RedisClients::Repeat(RedisClients& self, Millis pause,
                                std::function<Task<void>()> work) {
  boost::asio::steady_timer timer(self.background_);
  for (;;) {
    boost::system::error_code ec;
    timer.expires_after(pause);
    co_await timer.async_wait(redirect_error(use_awaitable, ec));
    if (ec) co_return;
    try {
      co_await work();
    } catch (...) {
      LogFailure(std::current_exception());  // and again the next time
    }
  }
}

void RedisClients::Every(Millis pause, std::function<Task<void>()> work) {
  boost::asio::co_spawn(background_, Repeat(*this, pause, std::move(work)), LogFailure);
}

void RedisClients::RunThere(std::function<Task<void>()> work) {
  std::promise<void> done;
  auto run = [](std::function<Task<void>()> what) -> Task<void> { co_await what(); };
  boost::asio::co_spawn(background_, run(std::move(work)),
                        [this, &done](const std::exception_ptr& failure) {
                          LogFailure(failure);
                          NoteHealth();  // who waited for an answer hears that there was one
                          done.set_value();
                        });
  done.get_future().wait();
}

void RedisClients::Close() {
  if (closed_) return;
  closed_ = true;
  boost::asio::post(background_, [this] {
    Leave(background_);
    background_.stop();
  });
  thread_.join();
}

}  // namespace popradio::store::distributed
