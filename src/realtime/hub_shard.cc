#include "realtime/hub_shard.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>

#include "base/log.h"
#include "realtime/hub.h"

namespace popradio::realtime {
namespace {

constexpr std::size_t kMaxParts = 16;  // messages per system call
constexpr int kReadyBatch = 256;

}  // namespace

struct HubShard::Listener {
  boost::intrusive::list_member_hook<> hook;
  std::uint64_t next = 0;  // the first message that is not written whole
  std::shared_ptr<void> companion;
  std::unique_ptr<Topics> topics;  // most have none
  std::uint32_t offset = 0;        // bytes of that message that are written
  int fd = -1;
  bool blocked = false;  // its socket is full; readiness is awaited
};

struct HubShard::List
    : boost::intrusive::list<
          Listener, boost::intrusive::member_hook<Listener, boost::intrusive::list_member_hook<>,
                                                  &Listener::hook>> {};

HubShard::HubShard(Hub& hub, boost::asio::io_context& context, const Clock& clock)
    : hub_(hub), context_(context), clock_(clock), list_(std::make_unique<List>()) {}

HubShard::~HubShard() {
  // Without Close() the io_context may be gone already, and these cannot be destroyed after it.
  if (!closed_) {
    (void)epoll_.release();
    (void)rest_.release();
  }
}

std::uint64_t HubShard::Open(const Topics& topics, std::string_view last_id,
                             std::string& out) const {
  const auto last = hub_.NumberOf(last_id);
  const bool resumed = last && log_.AppendMissed(*last, &topics, out);
  if (!resumed) log_.AppendState(out);
  return log_.head() + 1;
}

std::string HubShard::HeadId() const { return hub_.IdLine(log_.head()); }

bool HubShard::Prepare() {
  if (epoll_) return true;
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) return false;
  epoll_ = std::make_unique<boost::asio::posix::stream_descriptor>(context_);
  boost::system::error_code ec;
  epoll_->assign(fd, ec);
  if (ec) {
    ::close(fd);
    epoll_.reset();
    return false;
  }
  rest_ = std::make_unique<boost::asio::steady_timer>(context_);
  Watch();
  return true;
}

void HubShard::Adopt(int fd, Topics topics, std::uint64_t next, std::shared_ptr<void> companion) {
  if (closed_ || !Prepare()) {
    ::close(fd);
    return;
  }
  ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kListenerSendBuffer, sizeof kListenerSendBuffer);
  const auto timeout = static_cast<unsigned>(kListenerTimeout.count());
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);

  auto owned = std::make_unique<Listener>();
  Listener& listener = *owned;
  listener.fd = fd;
  listener.next = next;
  listener.companion = std::move(companion);
  // Edge-triggered and for good: after a full socket the kernel says once when there is room again,
  // and no call is needed to ask for it.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &listener;
  if (::epoll_ctl(epoll_->native_handle(), EPOLL_CTL_ADD, fd, &event) != 0) {
    Log(LogLevel::kWarn, "a listener cannot be watched", {{"errno", errno}});
    ::close(fd);
    return;
  }
  if (!topics.empty()) {
    hub_.AddTopics(topics);
    listener.topics = std::make_unique<Topics>(std::move(topics));
  }
  list_->push_back(*owned.release());
  listeners_.fetch_add(1, std::memory_order_relaxed);
  Advance(listener);  // what came while the beginning was being written
}

void HubShard::Drop(Listener& listener) {
  if (cursor_ == &listener) {
    auto next = std::next(list_->iterator_to(listener));
    cursor_ = next == list_->end() ? nullptr : &*next;
  }
  list_->erase(list_->iterator_to(listener));
  listeners_.fetch_sub(1, std::memory_order_relaxed);
  ::close(listener.fd);
  if (listener.topics) hub_.RemoveTopics(*listener.topics);
  delete &listener;
}

void HubShard::Deliver(MessagePtr message) {
  const std::lock_guard lock(inbox_mutex_);
  inbox_.push_back(std::move(message));
  if (inbox_.size() == 1) boost::asio::post(context_, [this] { TakeInbox(); });
}

void HubShard::TakeInbox() {
  std::vector<MessagePtr> messages;
  {
    const std::lock_guard lock(inbox_mutex_);
    messages.swap(inbox_);
  }
  for (MessagePtr& message : messages) Receive(std::move(message));
}

void HubShard::Receive(MessagePtr message) {
  const bool urgent = message->urgent;
  log_.Append(std::move(message));
  if (!list_->empty()) Want(urgent);
}

void HubShard::Want(bool urgent) {
  if (closed_) return;
  if (passing_) {
    again_ = true;
    again_urgent_ = again_urgent_ || urgent;
    return;
  }
  const Millis now = clock_.Steady();
  if (urgent || now >= not_before_) {
    AskForTurn();
  } else if (!resting_) {
    resting_ = true;
    rest_->expires_after(not_before_ - now);
    rest_->async_wait([this](boost::system::error_code ec) {
      if (ec || closed_) return;
      resting_ = false;
      if (!passing_) AskForTurn();
    });
  }
}

void HubShard::AskForTurn() {
  if (list_->empty()) return;
  passing_ = true;
  hub_.AskForTurn(*this);
}

void HubShard::BeginPass() {
  has_turn_ = true;
  if (closed_) return GiveTurn();
  // Whatever came while the turn was awaited is in the log, and goes out now.
  again_ = again_urgent_ = false;
  pass_began_ = clock_.Steady();
  cursor_ = list_->empty() ? nullptr : &list_->front();
  Slice();
}

void HubShard::GiveTurn() {
  has_turn_ = false;
  hub_.GiveTurn();
}

void HubShard::Slice() {
  if (closed_) return;
  for (std::size_t i = 0; i < kSliceListeners && cursor_ != nullptr; ++i) {
    Listener& listener = *cursor_;
    auto next = std::next(list_->iterator_to(listener));
    cursor_ = next == list_->end() ? nullptr : &*next;
    Advance(listener);
  }
  if (cursor_ == nullptr) {
    EndPass();
  } else {
    boost::asio::post(context_, [this] { Slice(); });
  }
}

void HubShard::EndPass() {
  passing_ = false;
  GiveTurn();
  const Millis now = clock_.Steady();
  // The broadcast lasts until the last shard has had its turn.
  const Millis broadcast = (now - pass_began_) * hub_.rounds();
  not_before_ = now + std::min(kMaxRest, broadcast * kRestFactor);
  if (again_) Want(again_urgent_);
}

std::size_t HubShard::Backlog(const Listener& listener) const {
  std::size_t bytes = 0;
  for (std::uint64_t number = listener.next; number <= log_.head(); ++number) {
    const Message& message = log_.At(number);
    if (EventLog::Concerns(message, listener.topics.get())) bytes += message.text.size();
  }
  return bytes - std::min<std::size_t>(bytes, listener.offset);
}

bool HubShard::Advance(Listener& listener) {
  if (listener.next < log_.tail()) {  // so slow that the log has lost what it needs
    dropped_.fetch_add(1, std::memory_order_relaxed);
    Drop(listener);
    return false;
  }
  while (listener.next <= log_.head()) {
    if (listener.blocked) {
      if (Backlog(listener) <= kMaxBacklogBytes) return true;
      dropped_.fetch_add(1, std::memory_order_relaxed);
      Drop(listener);
      return false;
    }
    std::array<iovec, kMaxParts> parts;
    std::size_t count = 0;
    std::size_t size = 0;
    std::uint64_t end = listener.next;  // the first that is not looked at
    for (; end <= log_.head() && count < kMaxParts; ++end) {
      const Message& message = log_.At(end);
      if (!EventLog::Concerns(message, listener.topics.get())) continue;
      const std::size_t skip = end == listener.next ? listener.offset : 0;
      parts[count++] = {const_cast<char*>(message.text.data()) + skip, message.text.size() - skip};
      size += message.text.size() - skip;
    }
    ssize_t sent = 0;
    if (count > 0) {
      constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
      if (count == 1) {  // nearly always, and the kernel has less to do for it
        sent = ::send(listener.fd, parts[0].iov_base, parts[0].iov_len, kFlags);
      } else {
        msghdr header{};
        header.msg_iov = parts.data();
        header.msg_iovlen = count;
        sent = ::sendmsg(listener.fd, &header, kFlags);
      }
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
        Drop(listener);
        return false;
      }
    }
    if (sent == static_cast<ssize_t>(size)) {
      listener.next = end;
      listener.offset = 0;
      continue;
    }
    // Some of it: find the message in which the kernel stopped.
    listener.blocked = true;
    auto rest = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    while (rest > 0 || !EventLog::Concerns(log_.At(listener.next), listener.topics.get())) {
      const Message& message = log_.At(listener.next);
      if (EventLog::Concerns(message, listener.topics.get())) {
        const std::size_t left = message.text.size() - listener.offset;
        if (rest < left) {
          listener.offset += static_cast<std::uint32_t>(rest);
          break;
        }
        rest -= left;
      }
      ++listener.next;
      listener.offset = 0;
    }
  }
  return true;
}

void HubShard::Watch() {
  epoll_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [this](boost::system::error_code ec) {
                       if (ec || closed_) return;
                       TakeReadiness();
                       Watch();
                     });
}

void HubShard::TakeReadiness() {
  std::array<epoll_event, kReadyBatch> ready;
  // One batch per turn: whatever else is ready is reported again.
  const int count = ::epoll_wait(epoll_->native_handle(), ready.data(), kReadyBatch, 0);
  for (int i = 0; i < count; ++i) {
    auto& listener = *static_cast<Listener*>(ready[static_cast<std::size_t>(i)].data.ptr);
    const std::uint32_t events = ready[static_cast<std::size_t>(i)].events;
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
      Drop(listener);
    } else if ((events & EPOLLOUT) != 0 && listener.blocked) {
      listener.blocked = false;
      Advance(listener);
    }
  }
}

void HubShard::Close() {
  closed_ = true;
  hub_.Forgo(*this);
  if (has_turn_) GiveTurn();
  while (!list_->empty()) Drop(list_->front());
  rest_.reset();
  epoll_.reset();
}

}  // namespace popradio::realtime
