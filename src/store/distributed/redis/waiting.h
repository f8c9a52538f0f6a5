#pragma once

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/task.h"

// How a coroutine waits for an answer, and how many deadlines share one timer.
namespace popradio::redis {

// Whoever waits for a T. Resumed at most once, on the context's thread; destroyed without, the
// coroutine is destroyed with it.
template <class T>
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void Resume(T value) = 0;
};

// A suspended coroutine, or a callback.
template <class T, class Handler>
class HandlerWaiter final : public Waiter<T> {
 public:
  explicit HandlerWaiter(Handler handler) : handler_(std::move(handler)) {}
  // The handler leaves this object first: what it resumes may destroy the object.
  void Resume(T value) override {
    Handler handler = std::move(handler_);
    std::move(handler)(std::move(value));
  }

 private:
  Handler handler_;
};

template <class T, class Handler>
std::unique_ptr<Waiter<T>> MakeWaiter(Handler handler) {
  return std::make_unique<HandlerWaiter<T, Handler>>(std::move(handler));
}

// Suspends the awaiting coroutine and hands its waiter to `start`, which must not resume it before
// it has returned.
template <class T, class Start>
Task<T> SuspendFor(Start start) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
      [start = std::move(start)](auto handler) mutable {
        start(MakeWaiter<T>(std::move(handler)));
      },
      boost::asio::use_awaitable);
}

// One timer for many deadlines: set to the earliest of them, it costs nothing per request that is
// answered in time. One thread.
class DeadlineTimer {
 public:
  static constexpr Millis kNever = Millis::max();

  DeadlineTimer(boost::asio::io_context& context, const Clock& clock)
      : timer_(context), clock_(clock) {}

  // Calls on_due at `at` (of Clock::Steady) or a little later, unless it is set for an earlier
  // moment: then that call comes first, and has to Set again what is left. `owner` being gone, the
  // call is left out.
  template <class Owner>
  void Set(Millis at, const std::weak_ptr<Owner>& owner, void (Owner::*on_due)()) {
    if (at >= armed_) return;
    armed_ = at;
    timer_.expires_after(std::max(at - clock_.Steady(), Millis(0)) + Millis(1));
    timer_.async_wait([this, owner, on_due](boost::system::error_code ec) {
      if (ec) return;
      if (const auto alive = owner.lock()) {
        armed_ = kNever;
        (alive.get()->*on_due)();
      }
    });
  }
  void Cancel() {
    armed_ = kNever;
    timer_.cancel();
  }

 private:
  boost::asio::steady_timer timer_;
  const Clock& clock_;
  Millis armed_ = kNever;
};

}  // namespace popradio::redis
