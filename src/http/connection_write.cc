#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "base/log.h"
#include "http/connection.h"
#include "http/head_writer.h"

// Writing answers.
namespace popradio::http {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using Wait = boost::asio::ip::tcp::socket::wait_type;

}  // namespace

Connection::Sent Connection::SendSome(std::string_view extra, bool more_follows) {
  // Straight to the socket: most answers fit its buffer, and then no coroutine needs to wait.
  for (;;) {
    std::array<iovec, 2> parts{};
    std::size_t count = 0;
    std::size_t skip = written_;
    for (const std::string_view part : {std::string_view(out_), extra}) {
      const std::size_t skipped = std::min(skip, part.size());
      skip -= skipped;
      if (part.size() > skipped) {
        parts[count++] = {const_cast<char*>(part.data()) + skipped, part.size() - skipped};
      }
    }
    if (count == 0) {
      out_.clear();
      written_ = 0;
      return Sent::kAll;
    }
    const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more_follows ? MSG_MORE : 0);
    ssize_t n = 0;
    if (count == 1) {
      n = ::send(socket_.native_handle(), parts[0].iov_base, parts[0].iov_len, flags);
    } else {
      msghdr message{};
      message.msg_iov = parts.data();
      message.msg_iovlen = count;
      n = ::sendmsg(socket_.native_handle(), &message, flags);
    }
    if (n < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? Sent::kPart : Sent::kFailed;
    }
    thread_.counters().bytes_sent.Add(static_cast<std::uint64_t>(n));
    written_ += static_cast<std::size_t>(n);
    if (written_ == out_.size() + extra.size()) {
      out_.clear();
      written_ = 0;
      return Sent::kAll;
    }
  }
}

Connection::Sent Connection::TryFlush(std::string_view extra, bool more_follows) {
  written_ = 0;
  return SendSome(extra, more_follows);
}

Task<bool> Connection::WaitWritable() {
  deadline_ms_ = thread_.DeadlineIn(thread_.shared().options.write_timeout);
  timed_out_ = false;
  boost::system::error_code ec;
  co_await socket_.async_wait(Wait::wait_write, redirect_error(use_awaitable, ec));
  deadline_ms_ = kNoDeadline;
  co_return !ec;
}

Task<Connection::Sent> Connection::FlushRest(std::string_view extra, bool more_follows) {
  for (;;) {
    const bool writable = co_await WaitWritable();
    if (!writable) co_return Sent::kFailed;
    const Sent sent = SendSome(extra, more_follows);
    if (sent != Sent::kPart) co_return sent;
  }
}

Task<Connection::Sent> Connection::FlushAnswer() {
  const bool file = response_.has_file();
  const std::string_view body = response_.BodyView();  // empty for a file
  Sent sent = TryFlush(body, file);
  if (sent == Sent::kPart) sent = co_await FlushRest(body, file);
  if (sent == Sent::kAll && file) sent = co_await SendFile();
  co_return sent;
}

Task<Connection::Sent> Connection::SendFile() {
  FileRange& range = response_.file();
  auto offset = static_cast<off_t>(range.offset);
  std::uint64_t rest = range.length;
  std::size_t slice = kFileSlice;
  while (rest > 0) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(rest, slice));
    const ssize_t n = ::sendfile(socket_.native_handle(), range.file.get(), &offset, size);
    if (n > 0) {
      rest -= static_cast<std::uint64_t>(n);
      slice -= static_cast<std::size_t>(n);
      thread_.counters().bytes_sent.Add(static_cast<std::uint64_t>(n));
      if (slice == 0) {
        slice = kFileSlice;
        co_await boost::asio::post(use_awaitable);
      }
    } else if (n < 0 && errno == EINTR) {
      continue;
    } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      const bool writable = co_await WaitWritable();
      if (!writable) co_return Sent::kFailed;
    } else {
      // Shorter than it was, or unreadable: the length is promised already, so only closing is
      // honest.
      if (n == 0 || errno == EIO) {
        Log(LogLevel::kWarn, "file ended early",
            {{"request", request_.id}, {"path", request_.path}});
      }
      co_return Sent::kFailed;
    }
  }
  co_return Sent::kAll;
}

Task<void> Connection::HandOver() {
  AppendHead(out_, response_, thread_.common_lines(), request_.id, Persistence::kClose, false);
  CountAnswer();
  out_.append(response_.BodyView());
  Sent sent = TryFlush({});
  if (sent == Sent::kPart) sent = co_await FlushRest({});
  if (sent != Sent::kAll) co_return;
  const Response::TakeOverFn callback = std::move(response_.take_over());
  callback(std::move(socket_), std::move(slot_));
}

Task<void> Connection::Linger() {
  boost::system::error_code ec;
  socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ec);
  deadline_ms_ = thread_.DeadlineIn(kLingerTimeout);
  between_requests_ = true;
  if (capacity_ == 0) MakeRoom(kReadBufferStart);
  std::size_t total = 0;
  while (!ec && total < kMaxLingerBytes) {
    total += co_await socket_.async_read_some(boost::asio::mutable_buffer(buffer_.get(), capacity_),
                                              redirect_error(use_awaitable, ec));
  }
}

}  // namespace popradio::http
