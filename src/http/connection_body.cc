#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>

#include "http/connection.h"

// Reading the bodies of requests.
namespace popradio::http {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;

// How much of a long body is made room for at a time: what a client announces it may never send.
constexpr std::size_t kBodyStep = 64 * 1024;

}  // namespace

std::int64_t Connection::BodyDeadline(std::uint64_t received) const {
  return body_deadline_ms_ + static_cast<std::int64_t>(received * 1000 / kMinBodyRate);
}

Task<bool> Connection::ReadBody() {
  const ServerShared& shared = thread_.shared();
  const std::uint64_t max_body = shared.handler.BodyLimitFor(request_).max_bytes;
  const bool chunked = parser_.chunked();
  if (chunked ? max_body == 0 : parser_.content_length() > max_body) {
    ComposeError({413, "body_too_large", "The body of the request is too large"});
    co_await FinishWithError();
    co_return false;
  }
  if (!chunked && parser_.content_length() <= end_ - next_) {  // The usual case: it came along.
    const auto length = static_cast<std::size_t>(parser_.content_length());
    request_.body = {buffer_.get() + next_, length};
    next_ += length;
    co_return true;
  }
  body_deadline_ms_ = thread_.DeadlineIn(shared.options.body_timeout);
  if (parser_.expectation() == RequestParser::Expectation::kContinue && next_ == end_) {
    out_.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  // Answers to earlier requests do not wait for this one's body.
  if (!out_.empty()) {
    Sent sent = TryFlush({});
    if (sent == Sent::kPart) sent = co_await FlushRest({});
    if (sent != Sent::kAll) co_return false;
  }
  body_.clear();
  body_error_ = {0, {}, {}};
  bool whole = false;
  if (chunked) {
    whole = co_await ReadChunkedBody(max_body);
  } else {
    whole = co_await ReadPlainBody(parser_.content_length());
  }
  deadline_ms_ = kNoDeadline;
  if (whole) {
    request_.body = body_;
    co_return true;
  }
  if (timed_out_) body_error_ = {408, "request_timeout", "The body took too long to arrive"};
  if (body_error_.status != 0) {
    ComposeError(body_error_);
    co_await FinishWithError();
  }
  co_return false;
}

Task<bool> Connection::ReadPlainBody(std::uint64_t length) {
  body_.assign(buffer_.get() + next_, end_ - next_);
  next_ = end_;
  std::size_t filled = body_.size();
  while (filled < length) {
    // Exactly to the end of this body, so that the next request stays in the socket.
    if (filled == body_.size()) {
      body_.resize(filled +
                   static_cast<std::size_t>(std::min<std::uint64_t>(length - filled, kBodyStep)));
    }
    deadline_ms_ = BodyDeadline(filled);
    timed_out_ = false;
    boost::system::error_code ec;
    const std::size_t n = co_await socket_.async_read_some(
        boost::asio::mutable_buffer(body_.data() + filled, body_.size() - filled),
        redirect_error(use_awaitable, ec));
    if (ec) co_return false;
    filled += n;
    thread_.counters().bytes_received.Add(n);
  }
  co_return true;
}

Task<bool> Connection::ReadChunkedBody(std::uint64_t max_body) {
  // Raw chunks are read behind the head. Where there is too little room for the longest chunk line,
  // the head moves, and is read again: its views pointed into the old place.
  const std::size_t wanted = next_ + 2 * (kMaxChunkLine + kMaxTrailers);
  if (capacity_ < wanted) {
    MakeRoom(std::max(wanted, end_));
    parser_.Reset();
    parser_.ParseHead(Buffered(), request_);
  }
  const std::size_t head_end = next_;
  for (;;) {
    std::size_t consumed = 0;
    const auto outcome =
        parser_.DecodeChunks({buffer_.get() + next_, end_ - next_}, max_body, body_, consumed);
    next_ += consumed;
    if (outcome == RequestParser::Outcome::kDone) co_return true;
    if (outcome == RequestParser::Outcome::kError) {
      body_error_ = parser_.error();
      co_return false;
    }
    std::memmove(buffer_.get() + head_end, buffer_.get() + next_, end_ - next_);
    end_ = head_end + (end_ - next_);
    next_ = head_end;
    deadline_ms_ = BodyDeadline(body_.size());
    timed_out_ = false;
    boost::system::error_code ec;
    const std::size_t n =
        co_await socket_.async_read_some(FreeSpace(), redirect_error(use_awaitable, ec));
    if (!FinishRead(ec, n)) co_return false;
  }
}

}  // namespace popradio::http
