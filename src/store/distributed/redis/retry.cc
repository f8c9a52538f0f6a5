#include "store/distributed/redis/retry.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

namespace popradio::redis {
namespace {

constexpr Millis kFirstPause{5};
constexpr Millis kLongestPause{200};

struct ErrorAdvice {
  std::string_view prefix;
  Advice advice;
};

// Errors with which a server says that it has not executed the request and may do so later.
constexpr ErrorAdvice kAdvice[] = {
    {"MOVED ", Advice::kMoved},          {"ASK ", Advice::kAsk},
    {"TRYAGAIN", Advice::kLater},         // some keys of the request have moved, others have not
    {"LOADING", Advice::kLater},          // reading its data after a start
    {"BUSY ", Advice::kLater},            // a script runs for long
    {"NOREPLICAS", Advice::kLater},       // min-replicas-to-write
    {"CLUSTERDOWN", Advice::kReconnect},  // a slot is unserved, or the majority out of reach
    {"MASTERDOWN", Advice::kReconnect},   // a replica without its primary
    {"READONLY", Advice::kReconnect},     // it has become a replica
};

}  // namespace

std::optional<Redirect> ParseRedirect(std::string_view error, const Endpoint& asked) {
  const std::size_t space = error.find(' ');
  if (space == error.npos) return std::nullopt;
  error.remove_prefix(space + 1);
  Redirect redirect;
  const char* end = error.data() + error.size();
  const auto slot = std::from_chars(error.data(), end, redirect.slot);
  if (slot.ec != std::errc() || slot.ptr == end || *slot.ptr != ' ') return std::nullopt;
  if (redirect.slot >= kSlotCount) return std::nullopt;
  error.remove_prefix(static_cast<std::size_t>(slot.ptr - error.data()) + 1);
  const std::size_t colon = error.rfind(':');
  if (colon == error.npos) return std::nullopt;
  redirect.node.host = colon == 0 ? asked.host : std::string(error.substr(0, colon));
  error.remove_prefix(colon + 1);
  const auto port = std::from_chars(error.data(), end, redirect.node.port);
  if (port.ec != std::errc() || port.ptr != end || redirect.node.port == 0) return std::nullopt;
  return redirect;
}

Advice Judge(const Outcome& outcome, Repeat repeat) {
  if (!outcome) {
    if (outcome.error().kind == FailureKind::kUnavailable) return Advice::kFinal;
    const bool again = !outcome.error().may_have_happened || repeat == Repeat::kSafe;
    return again ? Advice::kReconnect : Advice::kFinal;
  }
  if (!outcome->is_error()) return Advice::kFinal;
  for (const ErrorAdvice& known : kAdvice) {
    if (outcome->text().starts_with(known.prefix)) return known.advice;
  }
  return Advice::kFinal;
}

void Tries::Note(const Outcome& outcome) {
  if (outcome) {
    last_ = "Redis answered: " + std::string(outcome->text());
  } else {
    last_ = outcome.error().sentence;
    may_have_happened_ = may_have_happened_ || outcome.error().may_have_happened;
  }
}

bool Tries::Next() {
  return tries_++ < kMaxTries && environment_.clock.Steady() < options_.deadline;
}

Task<bool> Tries::Pause() {
  const Millis pause = Backoff(++pauses_, kFirstPause, kLongestPause, environment_.random);
  if (environment_.clock.Steady() + pause >= options_.deadline) co_return false;
  boost::asio::steady_timer timer(environment_.context, pause);
  boost::system::error_code ignored;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  co_return true;
}

Outcome Tries::GiveUp() const {
  return Failed(may_have_happened_ ? FailureKind::kTimeout : FailureKind::kUnavailable,
                may_have_happened_, last_);
}

}  // namespace popradio::redis
