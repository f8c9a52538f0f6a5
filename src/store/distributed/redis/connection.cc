#include "store/distributed/redis/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "base/log.h"

namespace popradio::redis {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;

// A buffer that one burst made larger than this is given back.
constexpr std::size_t kKeptBuffer = 256 * 1024;

const Command& Asking() {
  static const Command command("ASKING");
  return command;
}

}  // namespace

std::shared_ptr<Connection> Connection::Open(const Environment& environment, Endpoint endpoint,
                                             std::shared_ptr<const Login> login,
                                             const ConnectionOptions& options) {
  std::shared_ptr<Connection> self(
      new Connection(environment, std::move(endpoint), std::move(login), options));
  boost::asio::co_spawn(environment.context, Run(self), boost::asio::detached);
  return self;
}

Connection::Connection(const Environment& environment, Endpoint endpoint,
                       std::shared_ptr<const Login> login, const ConnectionOptions& options)
    : environment_(environment),
      endpoint_(std::move(endpoint)),
      login_(std::move(login)),
      options_(options),
      pause_(environment.context),
      timer_(environment.context, environment.clock) {
  health_.since = environment_.clock.Now();
  health_.error = Named("is not connected yet");
}

Connection::~Connection() = default;

std::string Connection::Named(std::string_view what) const {
  return "Redis at " + endpoint_.ToString() + " " + std::string(what);
}

void Connection::SetHealth(bool up, const std::string& error) {
  if (up != health_.up || health_.error.empty() != error.empty()) {
    health_.since = environment_.clock.Now();
    const std::string server = endpoint_.ToString();
    if (up) {
      Log(LogLevel::kInfo, "redis connected", {{"server", server}});
    } else {
      Log(LogLevel::kWarn, "redis away", {{"server", server}, {"error", error}});
    }
  }
  health_.up = up;
  health_.error = error;
}

Task<void> Connection::Run(std::shared_ptr<Connection> self) {
  int failures = 0;
  while (self->state_ != State::kStopped) {
    auto stream = std::make_shared<Stream>(self->environment_.context, self->login_->tls);
    self->dialing_ = stream;
    std::string error = co_await Dial(self->environment_, stream, self->endpoint_, self->login_,
                                      self->options_.connect_timeout);
    self->dialing_ = nullptr;
    if (self->state_ == State::kStopped) break;
    if (error.empty()) {
      const Millis began = self->environment_.clock.Steady();
      auto link = std::make_shared<Link>(std::move(stream));
      self->OnUp(link);
      error = co_await self->ReadLoop(link);
      link->stream->Close();
      if (self->state_ == State::kStopped) break;
      const bool stable = self->environment_.clock.Steady() - began >= self->options_.stable_after;
      if (stable) failures = 0;
      self->OnLost(error);
      if (stable) continue;  // the first attempt at once, and requests wait for it
    }
    ++failures;
    self->OnDown(error);
    self->pause_.expires_after(Backoff(failures, self->options_.backoff_first,
                                       self->options_.backoff_most, self->environment_.random));
    boost::system::error_code ignored;
    co_await self->pause_.async_wait(redirect_error(use_awaitable, ignored));
  }
}

Task<std::string> Connection::ReadLoop(std::shared_ptr<Link> link) {
  for (;;) {
    boost::system::error_code ec;
    const std::size_t size = co_await link->stream->ReadSome(boost::asio::buffer(link->buffer), ec);
    if (!link->close_reason.empty()) co_return link->close_reason;
    if (ec == boost::asio::error::eof) co_return Named("closed the connection");
    if (ec) co_return Named("lost the connection: " + ec.message());
    if (state_ == State::kStopped) co_return Named("is no longer wanted");
    link->reader.Feed({link->buffer.data(), size});
    Reply reply;
    ReplyReader::State read = link->reader.Next(reply);
    bool asked = true;
    while (asked && read == ReplyReader::State::kReply) {
      asked = Accept(reply);
      if (asked) read = link->reader.Next(reply);
    }
    // All of them in one go, so that what they send next leaves in one write.
    Ended ended = std::move(ended_);
    ended_.clear();
    for (auto& [waiter, outcome] : ended) waiter->Resume(std::move(outcome));
    if (!asked) co_return Named("sent a reply that nobody asked for");
    if (read == ReplyReader::State::kError) {
      co_return Named("cannot be understood: " + link->reader.error());
    }
  }
}

bool Connection::Accept(Reply& reply) {
  if (handed_ == 0) return false;
  InFlight request = std::move(in_flight_.front());
  in_flight_.pop_front();
  --handed_;
  if (request.waiter) ended_.emplace_back(std::move(request.waiter), std::move(reply));
  return true;
}

Task<Outcome> Connection::Send(const Command& command, Millis deadline, bool asking,
                               Position* position, bool once) {
  return SuspendFor<Outcome>([self = shared_from_this(), &command, deadline, asking, position,
                              once](std::unique_ptr<ReplyWaiter> waiter) {
    self->Submit(command, deadline, asking, position, std::move(waiter), once);
  });
}

void Connection::Submit(const Command& command, Millis deadline, bool asking, Position* position,
                        std::unique_ptr<ReplyWaiter> waiter, bool once) {
  const Millis now = environment_.clock.Steady();
  deadline = std::min(deadline, now + kLongestDeadline);
  std::string refusal;
  FailureKind kind = FailureKind::kNeverSent;
  if (state_ == State::kStopped) {
    refusal = Named("is no longer wanted");
  } else if (state_ == State::kDown) {
    refusal = health_.error;
  } else if (pending() >= options_.max_pending || out_.size() >= options_.max_unsent_bytes) {
    refusal = Named("has too much to do");
  } else if (deadline <= now) {
    refusal = Named("was not asked: the deadline had passed");
    kind = FailureKind::kTimeout;
  }
  if (!refusal.empty()) {
    Ended ended;
    ended.emplace_back(std::move(waiter), Failed(kind, false, std::move(refusal)));
    PostEnd(std::move(ended));
    return;
  }
  if (state_ == State::kUp) {
    Append(command, deadline, asking, position, std::move(waiter), once);
  } else {
    queued_.push_back({&command, deadline, asking, position, std::move(waiter), once});
  }
  SetTimer(deadline);
}

void Connection::Append(const Command& command, Millis deadline, bool asking, Position* position,
                        std::unique_ptr<ReplyWaiter> waiter, bool once) {
  if (asking) {
    Asking().AppendTo(out_);
    in_flight_.push_back({nullptr, deadline});
    ++last_number_;
  }
  command.AppendTo(out_);
  in_flight_.push_back({std::move(waiter), deadline, once});
  ++last_number_;
  if (position) *position = last();
  WantFlush();
}

void Connection::WantFlush() {
  if (flush_posted_) return;
  flush_posted_ = true;
  // Behind everything that is ready to run now: what that sends joins this write.
  boost::asio::post(environment_.context, [self = shared_from_this()] {
    self->flush_posted_ = false;
    self->Flush();
  });
}

void Connection::Flush() {
  if (state_ != State::kUp || link_->write_in_flight) return;
  if (observer_) observer_->BeforeFlush();
  if (out_.empty()) return;
  Link& link = *link_;
  std::swap(out_, link.writing);
  handed_ = in_flight_.size();
  link.write_in_flight = true;
  link.stream->Write(
      boost::asio::buffer(link.writing),
      [self = shared_from_this(), held = link_](boost::system::error_code ec, std::size_t) {
        held->write_in_flight = false;
        held->writing.clear();
        if (held->writing.capacity() > kKeptBuffer) held->writing.shrink_to_fit();
        if (self->link_ != held) return;
        if (ec) {
          self->CloseLink(self->Named("lost the connection: " + ec.message()));
        } else {
          self->Flush();
        }
      });
}

void Connection::CloseLink(std::string reason, bool abort) {
  if (!link_) return;
  if (link_->close_reason.empty()) link_->close_reason = std::move(reason);
  // The read loop ends, and with it the rest.
  if (abort) {
    link_->stream->Abort();
  } else {
    link_->stream->Close();
  }
}

void Connection::OnUp(std::shared_ptr<Link> link) {
  link_ = std::move(link);
  state_ = State::kUp;
  ++session_;
  SetHealth(true, "");
  std::deque<Queued> queued = std::move(queued_);
  queued_.clear();
  for (Queued& request : queued) {
    Append(*request.command, request.deadline, request.asking, request.position,
           std::move(request.waiter), request.once);
  }
}

void Connection::OnLost(const std::string& error) {
  link_ = nullptr;
  state_ = State::kConnecting;
  SetHealth(false, error);
  EndInFlight(error);
}

void Connection::EndInFlight(const std::string& error) {
  Ended ended;
  for (std::size_t i = 0; i < in_flight_.size(); ++i) {
    if (!in_flight_[i].waiter) continue;
    const bool sent = i < handed_;
    ended.emplace_back(std::move(in_flight_[i].waiter),
                       Failed(sent ? FailureKind::kConnectionLost : FailureKind::kNeverSent, sent,
                              sent ? error + "; whether the request happened is not known"
                                   : error + "; the request was never sent"));
  }
  in_flight_.clear();
  handed_ = 0;
  out_.clear();
  PostEnd(std::move(ended));
  if (observer_) observer_->OnLost();
}

void Connection::OnDown(const std::string& error) {
  state_ = State::kDown;
  SetHealth(false, error);
  EndQueued(error);
}

void Connection::EndQueued(const std::string& error) {
  Ended ended;
  for (Queued& request : queued_) {
    ended.emplace_back(std::move(request.waiter), Failed(FailureKind::kNeverSent, false, error));
  }
  queued_.clear();
  PostEnd(std::move(ended));
}

void Connection::OnDeadline() {
  const Millis now = environment_.clock.Steady();
  Millis next = DeadlineTimer::kNever;
  Ended ended;
  bool late = false;  // one that must not happen any more may be on its way
  for (std::size_t i = 0; i < in_flight_.size(); ++i) {
    InFlight& request = in_flight_[i];
    if (!request.waiter) continue;
    if (request.deadline > now) {
      next = std::min(next, request.deadline);
      continue;
    }
    late = late || request.once;
    // Its bytes may still be in out_, but from there they will leave.
    ended.emplace_back(std::move(request.waiter),
                       Failed(FailureKind::kTimeout, true, Named("did not answer in time")));
  }
  for (auto at = queued_.begin(); at != queued_.end();) {
    if (at->deadline > now) {
      next = std::min(next, at->deadline);
      ++at;
      continue;
    }
    ended.emplace_back(std::move(at->waiter),
                       Failed(FailureKind::kTimeout, false, Named("was not reached in time")));
    at = queued_.erase(at);
  }
  if (!in_flight_.empty()) {
    const Millis overdue = in_flight_.front().deadline + options_.overdue_limit;
    if (late || overdue <= now) {
      CloseLink(Named("has not answered for too long"), /*abort=*/true);
    } else {
      next = std::min(next, overdue);
    }
  }
  if (next != DeadlineTimer::kNever) SetTimer(next);
  PostEnd(std::move(ended));
}

void Connection::Stop() {
  if (state_ == State::kStopped) return;
  state_ = State::kStopped;
  const std::string reason = Named("is no longer wanted");
  CloseLink(reason);
  link_ = nullptr;
  health_ = {false, environment_.clock.Now(), reason};
  EndInFlight(reason);
  EndQueued(reason);
  if (dialing_) dialing_->Close();
  pause_.cancel();
  timer_.Cancel();
}

void Connection::PostEnd(Ended ended) {
  if (ended.empty()) return;
  boost::asio::post(environment_.context,
                    [self = shared_from_this(), ended = std::move(ended)]() mutable {
                      for (auto& [waiter, outcome] : ended) waiter->Resume(std::move(outcome));
                    });
}

}  // namespace popradio::redis
