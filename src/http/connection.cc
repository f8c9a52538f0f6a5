#include "http/connection.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <exception>

#include "base/log.h"
#include "http/head_writer.h"

namespace popradio::http {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;

}  // namespace

Connection::Connection(IoThread& thread, boost::asio::ip::tcp::socket socket,
                       const boost::asio::ip::address& peer, ConnectionSlot slot)
    : thread_(thread),
      socket_(std::move(socket)),
      slot_(std::move(slot)),
      parser_(thread.shared().parser_limits) {
  request_.peer = peer;
  request_.thread = thread.index();
  request_.id = {request_id_, sizeof request_id_};
  thread_.NextRequestId(request_id_);
  thread_.Register(*this);
}

Connection::~Connection() { thread_.Unregister(*this); }

void Connection::OnDeadline() {
  deadline_ms_ = kNoDeadline;
  timed_out_ = true;
  thread_.counters().timeouts.Add();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Connection::Interrupt(bool force) {
  if (!force && !between_requests_) return;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

Task<void> Connection::Serve(std::unique_ptr<Connection> self) {
  try {
    co_await self->Run();
  } catch (const std::exception& e) {
    Log(LogLevel::kError, "connection failed", {{"what", e.what()}});
  }
}

Task<void> Connection::Refuse(std::unique_ptr<Connection> self) {
  self->ComposeError({503, "overloaded", "Too many connections at the moment; try again soon"});
  if (self->TryFlush({}) == Sent::kAll) co_await self->Linger();
}

// GCC 12 miscompiles some co_awaits inside && and ||: in this class each stands alone.
Task<void> Connection::Run() {
  Handler& handler = thread_.shared().handler;
  for (;;) {
    const RequestParser::Outcome outcome = parser_.ParseHead(Buffered(), request_);
    if (outcome == RequestParser::Outcome::kNeedMore) {
      // Everything that was asked is answered: now the answers leave, in one write.
      if (!out_.empty()) {
        Sent sent = TryFlush({});
        if (sent == Sent::kPart) sent = co_await FlushRest({});
        if (sent != Sent::kAll) co_return;
      }
      if (!PrepareHeadRead()) co_return;
      boost::system::error_code ec;
      const std::size_t n =
          co_await socket_.async_read_some(FreeSpace(), redirect_error(use_awaitable, ec));
      if (FinishRead(ec, n)) continue;
      if (timed_out_ && parser_.started()) {
        ComposeError({408, "request_timeout", "The request took too long to arrive"});
        TryFlush({});
      }
      co_return;
    }
    between_requests_ = false;
    deadline_ms_ = kNoDeadline;
    thread_.NextRequestId(request_id_);
    if (outcome == RequestParser::Outcome::kError) {
      ComposeError(parser_.error());
      co_await FinishWithError();
      co_return;
    }
    next_ = begin_ + parser_.head_size();
    if (parser_.expectation() == RequestParser::Expectation::kUnknown) {
      ComposeError({417, "expectation_failed", "The only expectation met here is 100-continue"});
      co_await FinishWithError();
      co_return;
    }
    if (parser_.has_body()) {
      const bool whole = co_await ReadBody();
      if (!whole) co_return;
    }

    response_.Clear();
    const char* failure = nullptr;
    try {
      co_await handler.Handle(request_, response_);
    } catch (const std::exception& e) {
      failure = e.what();
      LogFailure(failure);
    } catch (...) {
      LogFailure(failure = "unknown exception");
    }
    if (failure != nullptr) RenderFailure();

    if (response_.take_over() && request_.method != Method::kHead) {
      co_await HandOver();
      co_return;
    }
    const bool close = !request_.keep_alive || response_.close_after() || thread_.stopping() ||
                       static_cast<bool>(response_.take_over());
    const bool copied = ComposeAnswer(close);
    if (!copied) {
      const Sent sent = co_await FlushAnswer();
      if (sent != Sent::kAll) co_return;
    }
    if (close || out_.size() >= kMaxAnswerBatch) {
      Sent sent = TryFlush({});
      if (sent == Sent::kPart) sent = co_await FlushRest({});
      if (sent != Sent::kAll) co_return;
    }
    FinishRequest();
    if (close) {
      // What the client has sent beyond would make the kernel reset the connection.
      if (begin_ != end_) co_await Linger();
      co_return;
    }
  }
}

bool Connection::PrepareHeadRead() {
  const ServerOptions& options = thread_.shared().options;
  between_requests_ = !parser_.started();
  if (between_requests_) {
    if (thread_.stopping()) return false;
    head_deadline_ms_ = kNoDeadline;
    deadline_ms_ = thread_.DeadlineIn(options.idle_timeout);
  } else {
    // Counted from the first byte: bytes that trickle in do not move it.
    if (head_deadline_ms_ == kNoDeadline) {
      head_deadline_ms_ = thread_.DeadlineIn(options.header_timeout);
    }
    deadline_ms_ = head_deadline_ms_;
  }
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == capacity_) MakeRoom(std::max(kReadBufferStart, 2 * capacity_));
  timed_out_ = false;
  return true;
}

boost::asio::mutable_buffer Connection::FreeSpace() const {
  return {buffer_.get() + end_, capacity_ - end_};
}

bool Connection::FinishRead(const boost::system::error_code& ec, std::size_t n) {
  if (ec) return false;
  end_ += n;
  thread_.counters().bytes_received.Add(n);
  return true;
}

void Connection::MakeRoom(std::size_t capacity) {
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

void Connection::FinishRequest() {
  begin_ = next_;
  if (begin_ == end_) begin_ = end_ = 0;
  parser_.Reset();
  head_deadline_ms_ = kNoDeadline;
  // One large upload or answer must not make the connection large for ever.
  body_.clear();
  if (body_.capacity() > kKeptBuffer) body_.shrink_to_fit();
  if (response_.body.capacity() > kKeptBuffer) response_.body = {};
  if (out_.empty() && out_.capacity() > 2 * kMaxAnswerBatch) out_.shrink_to_fit();
}

void Connection::LogFailure(const char* what) {
  thread_.counters().handler_failures.Add();
  Log(LogLevel::kError, "request failed",
      {{"request", request_.id},
       {"method", request_.method_name},
       {"path", request_.path},
       {"what", what}});
}

void Connection::RenderFailure() {
  response_.Clear();
  response_.status = 500;
  thread_.shared().handler.RenderError(500, "internal", "Something went wrong on our side",
                                       response_);
}

bool Connection::ComposeAnswer(bool close) {
  const Persistence persistence = close                         ? Persistence::kClose
                                  : request_.minor_version == 0 ? Persistence::kKeepAlive
                                                                : Persistence::kDefault;
  AppendHead(out_, response_, thread_.common_lines(), request_.id, persistence, true);
  CountAnswer();
  if (request_.method == Method::kHead || IsBodyless(response_.status)) return true;
  if (response_.has_file()) return false;
  const std::string_view body = response_.BodyView();
  if (body.size() > kMaxCopiedBody) return false;
  out_.append(body);
  return true;
}

void Connection::CountAnswer() {
  const auto status_class = static_cast<std::size_t>(response_.status / 100);
  if (status_class < thread_.counters().requests.size()) {
    thread_.counters().requests[status_class].Add();
  }
}

void Connection::ComposeError(const ProtocolError& error) {
  response_.Clear();
  response_.status = error.status;
  if (error.status == 503) response_.AddHeader("Retry-After", kRefusalRetryAfterSeconds);
  thread_.shared().handler.RenderError(error.status, error.code, error.sentence, response_);
  thread_.counters().protocol_errors.Add();
  CountAnswer();
  AppendHead(out_, response_, thread_.common_lines(), request_.id, Persistence::kClose, true);
  out_.append(response_.BodyView());
}

Task<void> Connection::FinishWithError() {
  Sent sent = TryFlush({});
  if (sent == Sent::kPart) sent = co_await FlushRest({});
  if (sent != Sent::kAll) co_return;
  co_await Linger();
}

}  // namespace popradio::http
