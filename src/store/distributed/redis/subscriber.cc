#include "store/distributed/redis/subscriber.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/log.h"
#include "store/distributed/redis/command.h"

namespace popradio::redis {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;

constexpr int kSilentPings = 3;

}  // namespace

std::shared_ptr<Subscriber> Subscriber::Open(const Environment& environment,
                                             std::vector<Endpoint> hosts,
                                             std::shared_ptr<const Login> login,
                                             SubscriberEvents events,
                                             const SubscriberOptions& options) {
  std::shared_ptr<Subscriber> self(
      new Subscriber(environment, std::move(hosts), std::move(login), std::move(events), options));
  boost::asio::co_spawn(environment.context, Run(self), boost::asio::detached);
  return self;
}

Subscriber::Subscriber(const Environment& environment, std::vector<Endpoint> hosts,
                       std::shared_ptr<const Login> login, SubscriberEvents events,
                       const SubscriberOptions& options)
    : environment_(environment),
      hosts_(std::move(hosts)),
      login_(std::move(login)),
      events_(std::move(events)),
      options_(options),
      pause_(environment.context),
      watch_(environment.context) {
  health_ = {false, environment_.clock.Now(), "Redis' messages are not subscribed to yet"};
}

Task<void> Subscriber::Run(std::shared_ptr<Subscriber> self) {
  int failures = 0;
  std::size_t host = self->environment_.random.Below(self->hosts_.size());
  while (!self->stopped_) {
    const Endpoint endpoint = self->hosts_[host];
    auto stream = std::make_shared<Stream>(self->environment_.context, self->login_->tls);
    self->dialing_ = stream;
    std::string error = co_await Dial(self->environment_, stream, endpoint, self->login_,
                                      self->options_.connect_timeout);
    self->dialing_ = nullptr;
    if (self->stopped_) break;
    if (error.empty()) {
      ++self->sessions_;
      self->stream_ = stream;
      self->heard_at_ = self->environment_.clock.Steady();
      self->SendLine("SUBSCRIBE", self->channels_);
      boost::asio::co_spawn(self->environment_.context, Watch(self, stream), boost::asio::detached);
      error = co_await self->ReadLoop(stream, endpoint);
      stream->Close();
      self->watch_.cancel();
      if (self->announced_) failures = 0;
      self->stream_ = nullptr;
      self->confirmed_.clear();
      self->announced_ = false;
      self->out_.clear();
      if (self->stopped_) break;
    }
    host = (host + 1) % self->hosts_.size();
    self->SetHealth(false, error);
    self->pause_.expires_after(Backoff(++failures, self->options_.backoff_first,
                                       self->options_.backoff_most, self->environment_.random));
    boost::system::error_code ignored;
    co_await self->pause_.async_wait(redirect_error(use_awaitable, ignored));
  }
}

Task<std::string> Subscriber::ReadLoop(std::shared_ptr<Stream> stream, const Endpoint& endpoint) {
  ReplyReader reader;
  std::array<char, 16384> buffer;
  const std::string server = "Redis at " + endpoint.ToString() + ": ";
  for (;;) {
    boost::system::error_code ec;
    const std::size_t size = co_await stream->ReadSome(boost::asio::buffer(buffer), ec);
    const Millis silent = environment_.clock.Steady() - heard_at_;
    if (ec && silent >= kSilentPings * options_.ping_interval) {
      co_return server + "the subscription is silent";
    }
    if (ec) co_return server + "the subscription ended: " + ec.message();
    heard_at_ = environment_.clock.Steady();
    reader.Feed({buffer.data(), size});
    Reply reply;
    ReplyReader::State read = reader.Next(reply);
    for (; read == ReplyReader::State::kReply && !stopped_; read = reader.Next(reply)) {
      if (reply.is_error()) co_return server + std::string(reply.text());
      OnReply(reply);
    }
    if (read == ReplyReader::State::kError) co_return server + reader.error();
  }
}

Task<void> Subscriber::Watch(std::shared_ptr<Subscriber> self, std::shared_ptr<Stream> stream) {
  while (self->stream_ == stream && !self->stopped_) {
    self->watch_.expires_after(self->options_.ping_interval);
    boost::system::error_code ec;
    co_await self->watch_.async_wait(redirect_error(use_awaitable, ec));
    if (self->stream_ != stream || self->stopped_) break;
    const Millis silent = self->environment_.clock.Steady() - self->heard_at_;
    if (silent >= kSilentPings * self->options_.ping_interval) {
      stream->Close();
      break;
    }
    Command("PING").AppendTo(self->out_);
    self->Flush();
  }
}

void Subscriber::OnReply(const Reply& reply) {
  const std::string_view type = reply.at(0).text();
  if (type == "message") {
    if (channels_.contains(std::string(reply.at(1).text()))) {
      events_.on_message(reply.at(1).text(), reply.at(2).text());
    }
  } else if (type == "subscribe") {
    confirmed_.emplace(reply.at(1).text());
    Confirm();
  } else if (type == "unsubscribe") {
    confirmed_.erase(std::string(reply.at(1).text()));
  }
}

void Subscriber::Confirm() {
  for (const std::string& channel : channels_) {
    if (!confirmed_.contains(channel)) return;
  }
  SetHealth(true, "");
  if (announced_) return;
  announced_ = true;
  const bool gap = ever_announced_;
  ever_announced_ = true;
  events_.on_subscribed(gap);
}

void Subscriber::Subscribe(const std::string& channel) {
  if (channels_.insert(channel).second) SendLine("SUBSCRIBE", {channel});
}

void Subscriber::Unsubscribe(const std::string& channel) {
  if (channels_.erase(channel) > 0) SendLine("UNSUBSCRIBE", {channel});
}

void Subscriber::SendLine(std::string_view verb, const std::set<std::string>& channels) {
  if (!stream_ || channels.empty()) return;
  Command command(verb);
  for (const std::string& channel : channels) command.Arg(channel);
  command.AppendTo(out_);
  Flush();
}

void Subscriber::Flush() {
  if (write_in_flight_ || !stream_ || out_.empty()) return;
  write_in_flight_ = true;
  auto bytes = std::make_shared<std::string>(std::move(out_));
  out_.clear();
  const auto buffer = boost::asio::buffer(*bytes);
  stream_->Write(buffer, [self = shared_from_this(), stream = stream_, bytes](
                             boost::system::error_code ec, std::size_t) {
    self->write_in_flight_ = false;
    if (self->stream_ == stream && ec) stream->Close();
    self->Flush();
  });
}

void Subscriber::SetHealth(bool up, const std::string& error) {
  if (up != health_.up) {
    health_.since = environment_.clock.Now();
    if (up) {
      Log(LogLevel::kInfo, "redis subscribed", {{"channels", channels_.size()}});
    } else {
      Log(LogLevel::kWarn, "redis subscription lost", {{"error", error}});
    }
  }
  health_.up = up;
  health_.error = error;
}

void Subscriber::Stop() {
  stopped_ = true;
  if (dialing_) dialing_->Close();
  if (stream_) stream_->Close();
  pause_.cancel();
  watch_.cancel();
}

}  // namespace popradio::redis
