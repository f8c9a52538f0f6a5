#include "store/distributed/redis_bus.h"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "base/log.h"

namespace popradio::store::distributed {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
constexpr std::size_t kNameDigits = 16;
// Whoever may write to the channel cannot make the share of everybody nothing.
constexpr std::size_t kMaxHeardNodes = 256;

std::string MakeName(Random& random) {
  std::string name;
  for (std::uint64_t bits = random.Next(); name.size() < kNameDigits; bits >>= 4) {
    name += kHexDigits[bits & 15];
  }
  return name;
}

}  // namespace

RedisBus::RedisBus(RedisClients& clients, Random& random)
    : clients_(clients), random_(random.Next()), name_(MakeName(random)) {}

void RedisBus::On(std::string kind, Handler handler) {
  handlers_[std::move(kind)].push_back(std::move(handler));
}

void RedisBus::Start() {
  if (started_.exchange(true)) return;
  clients_.RunThere([this]() -> Task<void> {
    const auto executor = co_await boost::asio::this_coro::executor;
    auto& context = boost::asio::query(*executor.target<boost::asio::io_context::executor_type>(),
                                       boost::asio::execution::context);
    auto login = redis::MakeLogin(clients_.url(), "popradio-events");
    if (!login) {  // the file of authorities has gone since the clients read it
      Log(LogLevel::kError, "no events between nodes", {{"reason", login.error().message}});
      co_return;
    }
    redis::SubscriberEvents events;
    events.on_message = [this](std::string_view, std::string_view text) { OnMessage(text); };
    events.on_subscribed = [this](bool gap) {
      if (!gap) return;
      for (const auto& handler : on_gap_) handler();
    };
    subscriber_ =
        redis::Subscriber::Open({context, clients_.clock(), random_}, clients_.url().hosts,
                                *std::move(login), std::move(events));
    subscriber_->Subscribe(kBusChannel);
  });
}

int RedisBus::CountNodes(bool redis_up) {
  const Millis now = clients_.clock().Steady();
  if (!redis_up) {
    up_since_ = Millis(0);
  } else if (up_since_ == Millis(0)) {
    up_since_ = now;
  } else if (now - up_since_ > kSilentNode) {
    std::erase_if(heard_, [now](const auto& node) { return now - node.second > kSilentNode; });
  }
  return 1 + static_cast<int>(heard_.size());
}

void RedisBus::OnMessage(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::size_t line = text.find('\n');
  if (space == text.npos || line == text.npos || line < space) return;
  const std::string_view from = text.substr(0, space);
  if (from == name_) return;
  if (const auto known = heard_.find(from); known != heard_.end()) {
    known->second = clients_.clock().Steady();
  } else if (heard_.size() < kMaxHeardNodes) {
    heard_.emplace(from, clients_.clock().Steady());
  }
  const auto found = handlers_.find(text.substr(space + 1, line - space - 1));
  if (found == handlers_.end()) return;
  for (const Handler& handler : found->second) handler(from, text.substr(line + 1));
}

void RedisBus::Send(std::string_view kind, std::string payload) {
  if (stopped_) return;
  std::string message;
  message.reserve(name_.size() + kind.size() + payload.size() + 2);
  message.append(name_).append(" ").append(kind).append("\n").append(payload);
  {
    const std::lock_guard lock(mutex_);
    waiting_bytes_ += message.size();
    waiting_.push_back(std::move(message));
    std::size_t gone = 0;
    while (waiting_bytes_ > kMaxBusBytes && gone < waiting_.size()) {
      waiting_bytes_ -= waiting_[gone++].size();
    }
    if (gone > 0) {
      waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(gone));
      dropped_.fetch_add(gone, std::memory_order_relaxed);
    }
    if (std::exchange(flushing_, true)) return;
  }
  // Without the lock: on the clients' own thread Flush() begins at once.
  clients_.Spawn([this] { return Flush(); });
}

Task<void> RedisBus::Flush() {
  for (;;) {
    std::vector<std::string> messages;
    {
      const std::lock_guard lock(mutex_);
      messages.swap(waiting_);
      waiting_bytes_ = 0;
      if (messages.empty()) {
        flushing_ = false;
        co_return;
      }
    }
    std::vector<redis::Command> commands;
    commands.reserve(messages.size());
    for (const std::string& message : messages) {
      commands.emplace_back("PUBLISH").Arg(kBusChannel).Arg(message);
    }
    const auto here = co_await clients_.Here();
    const auto outcomes = co_await redis::CallAll(*here->client, commands,
                                                  {.deadline = clients_.In(kPublishTimeout)});
    for (const redis::Outcome& outcome : outcomes) {
      if (!outcome) dropped_.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

void RedisBus::Stop() {
  if (stopped_.exchange(true) || !started_) return;
  clients_.RunThere([this]() -> Task<void> {
    bool flush = false;
    {
      const std::lock_guard lock(mutex_);
      flush = !std::exchange(flushing_, true);
    }
    if (flush) co_await Flush();
    if (subscriber_) subscriber_->Stop();
  });
}

}  // namespace popradio::store::distributed
