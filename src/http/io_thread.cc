#include "http/io_thread.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "http/connection.h"
#include "http/head_writer.h"

namespace popradio::http {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::int64_t kDescriptorWarningIntervalMs = 60'000;

Error BindError(const tcp::endpoint& endpoint, const boost::system::error_code& ec) {
  std::string where = endpoint.address().to_string() + " port " + std::to_string(endpoint.port());
  std::string why = ec.message();
  if (ec == boost::asio::error::address_in_use) {
    why = "is in use: stop the other program or choose another port";
  } else if (ec == boost::asio::error::access_denied) {
    why = "is not allowed for this user: choose a port above 1023";
  } else if (ec.value() == EADDRNOTAVAIL) {
    why = "cannot be listened on: that is no address of this machine";
  } else {
    why = "cannot be listened on: " + why;
  }
  return Error(ErrorCode::kUnavailable, where + " " + why);
}

}  // namespace

struct IoThread::ConnectionList
    : boost::intrusive::list<
          Connection, boost::intrusive::member_hook<
                          Connection, boost::intrusive::list_member_hook<>, &Connection::hook>> {};

IoThread::IoThread(std::size_t index, const ServerShared& shared, std::uint64_t id_seed)
    : index_(index),
      shared_(shared),
      ids_(id_seed),
      connections_(std::make_unique<ConnectionList>()),
      context_(1),
      sweep_timer_(context_),
      accept_pause_(context_) {}

IoThread::~IoThread() = default;

Result<tcp::endpoint> IoThread::Listen(const tcp::endpoint& endpoint) {
  boost::system::error_code ec;
  const bool share = shared_.options.threads > 1;
  if (share && index_ == 0 && endpoint.port() != 0) {
    // SO_REUSEPORT would let another station of the same user share the port in silence. Without it
    // the kernel says whether anybody listens there.
    tcp::acceptor probe(context_);
    probe.open(endpoint.protocol(), ec);
    if (!ec) probe.set_option(boost::asio::socket_base::reuse_address(true), ec);
    if (!ec) probe.bind(endpoint, ec);
    if (ec) return Fail(BindError(endpoint, ec));
  }
  acceptor_.emplace(context_);
  acceptor_->open(endpoint.protocol(), ec);
  if (!ec) acceptor_->set_option(boost::asio::socket_base::reuse_address(true), ec);
  if (!ec && share) {
    using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    acceptor_->set_option(ReusePort(true), ec);
  }
  // "::" takes IPv4 clients as well, whatever the machine's default is.
  if (!ec && endpoint.address().is_v6()) acceptor_->set_option(boost::asio::ip::v6_only(false), ec);
  if (!ec) acceptor_->bind(endpoint, ec);
  if (!ec) acceptor_->listen(kListenBacklog, ec);
  if (!ec) acceptor_->non_blocking(true, ec);
  tcp::endpoint bound;
  if (!ec) bound = acceptor_->local_endpoint(ec);
  if (ec) {
    acceptor_.reset();
    return Fail(BindError(endpoint, ec));
  }
  reserve_ = FileHandle(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Tick();
  boost::asio::co_spawn(context_, AcceptLoop(), boost::asio::detached);
  boost::asio::co_spawn(context_, SweepLoop(), boost::asio::detached);
  return bound;
}

Task<void> IoThread::AcceptLoop() {
  // Waiting first and accepting then, instead of async_accept: the kernel refuses accept() for lack
  // of a descriptor even when nobody is waiting, and that would be a busy loop.
  while (!stopping_) {
    boost::system::error_code ec;
    co_await acceptor_->async_wait(tcp::acceptor::wait_read, redirect_error(use_awaitable, ec));
    if (ec || stopping_) co_return;
    if (!AcceptBatch()) {
      accept_pause_.expires_after(kAcceptPause);
      co_await accept_pause_.async_wait(redirect_error(use_awaitable, ec));
    }
  }
}

bool IoThread::AcceptBatch() {
  for (int i = 0; i < kAcceptBatch; ++i) {
    tcp::endpoint peer;
    auto length = static_cast<socklen_t>(peer.capacity());
    const int fd =
        ::accept4(acceptor_->native_handle(), peer.data(), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      peer.resize(length);
      Admit(fd, peer);
      continue;
    }
    switch (errno) {
      case EAGAIN:
        return true;
      case EMFILE:
      case ENFILE:
        RefuseForLackOfDescriptors();
        return false;
      case ENOBUFS:
      case ENOMEM:
        return false;
      default:
        break;  // this one client is gone already
    }
  }
  return true;
}

void IoThread::RefuseForLackOfDescriptors() {
  static constexpr std::string_view kAnswer =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
      "Connection: close\r\n\r\n";
  if (now_ms_ >= next_descriptor_warning_ms_) {
    next_descriptor_warning_ms_ = now_ms_ + kDescriptorWarningIntervalMs;
    Log(LogLevel::kWarn, "no file descriptor left, refusing connections",
        {{"open", shared_.limit.open()}});
  }
  for (int i = 0; i < kAcceptBatch && reserve_.valid(); ++i) {
    reserve_.Reset();
    FileHandle client(
        ::accept4(acceptor_->native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const bool got_one = client.valid();
    if (got_one) {
      counters_.refused_descriptors.Add();
      [[maybe_unused]] ssize_t ignored =
          ::send(client.get(), kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      ::shutdown(client.get(), SHUT_WR);
      // A request that is here already would turn the close into a reset before the answer is read.
      char drain[4096];
      ignored = ::recv(client.get(), drain, sizeof drain, MSG_DONTWAIT);
      client.Reset();
    }
    reserve_ = FileHandle(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!got_one) return;
  }
}

void IoThread::Admit(int fd, const tcp::endpoint& peer) {
  counters_.connections_accepted.Add();
  if (!reserve_.valid()) reserve_ = FileHandle(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  boost::system::error_code ec;
  tcp::socket socket(context_);
  socket.assign(peer.protocol(), fd, ec);
  if (ec) {
    ::close(fd);
    return;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (const int size = shared_.options.send_buffer_bytes; size > 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  }
  const boost::asio::ip::address address = Unmapped(peer.address());
  const bool exempt = IsLoopback(address) || shared_.options.trusted_proxies.Contains(address);
  ConnectionSlot slot;
  const auto refusal = shared_.limit.Acquire(LimitKey::Of(address), exempt, slot);
  if (!refusal) {
    auto connection =
        std::make_unique<Connection>(*this, std::move(socket), address, std::move(slot));
    boost::asio::co_spawn(context_, Connection::Serve(std::move(connection)),
                          boost::asio::detached);
    return;
  }
  (*refusal == ConnectionLimit::Refusal::kTotal ? counters_.refused_total
                                                : counters_.refused_address)
      .Add();
  if (refusals_ >= kMaxRefusalsInFlight) return;  // closes
  ++refusals_;
  auto connection =
      std::make_unique<Connection>(*this, std::move(socket), address, ConnectionSlot());
  boost::asio::co_spawn(context_, Connection::Refuse(std::move(connection)),
                        [this](const std::exception_ptr&) { --refusals_; });
}

Task<void> IoThread::SweepLoop() {
  for (;;) {
    boost::system::error_code ec;
    sweep_timer_.expires_after(shared_.options.sweep_interval);
    co_await sweep_timer_.async_wait(redirect_error(use_awaitable, ec));
    if (ec) co_return;
    Tick();
  }
}

void IoThread::Tick() {
  now_ms_ = shared_.clock.Steady().count();
  common_lines_ = CommonLines(shared_.clock.Now());
  for (Connection& connection : *connections_) {
    if (connection.deadline_ms() <= now_ms_) connection.OnDeadline();
  }
}

void IoThread::BeginStop(std::function<void()> drained) {
  stopping_ = true;
  drained_ = std::move(drained);
  boost::system::error_code ignored;
  if (acceptor_) acceptor_->close(ignored);
  accept_pause_.cancel();
  for (Connection& connection : *connections_) connection.Interrupt(false);
  if (connections_->empty()) drained_();
}

void IoThread::CloseAll() {
  for (Connection& connection : *connections_) connection.Interrupt(true);
}

void IoThread::CloseDescriptors() {
  acceptor_.reset();
  reserve_.Reset();
}

void IoThread::NextRequestId(char* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t value = ids_.Next();
  for (int i = 0; i < 16; ++i, value >>= 4) out[i] = kDigits[value & 15];
}

void IoThread::Register(Connection& connection) { connections_->push_back(connection); }

void IoThread::Unregister(Connection& connection) {
  connections_->erase(connections_->iterator_to(connection));
  if (stopping_ && connections_->empty() && drained_) drained_();
}

}  // namespace popradio::http
