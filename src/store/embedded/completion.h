#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "base/task.h"

// How a coroutine waits for one of the store's own threads and wakes up on its own executor.
namespace popradio::embedded {

// One suspended coroutine, or one blocked thread. Resumed exactly once.
class Waiter {
 public:
  virtual ~Waiter() = default;
  // Wakes it. Called on executor() where there is one, else on the thread that did the work.
  virtual void Resume() = 0;
  // Keeps the executor's run() from returning while this waits. Empty: no executor.
  const boost::asio::any_io_executor& executor() const { return executor_; }

 protected:
  explicit Waiter(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

 private:
  boost::asio::any_io_executor executor_;
};

template <class Handler>
class HandlerWaiter final : public Waiter {
 public:
  explicit HandlerWaiter(Handler handler)
      : Waiter(boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                   boost::asio::execution::outstanding_work.tracked)),
        handler_(std::move(handler)) {}
  void Resume() override { std::move(handler_)(); }

 private:
  Handler handler_;
};

// Suspends the awaiting coroutine and hands its waiter to `start`, which may pass it to any thread.
// Whatever the coroutine's frame holds stays alive until the waiter is resumed or destroyed.
template <class Start>
Task<void> Suspend(Start start) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      [start = std::move(start)](auto handler) mutable {
        using Handler = decltype(handler);
        start(std::make_unique<HandlerWaiter<Handler>>(std::move(handler)));
      },
      boost::asio::use_awaitable);
}

// Wakes one, on its executor.
void ResumeOne(std::unique_ptr<Waiter> waiter);
// Wakes all, in order, with one post per executor: a batch of sixty answers costs a thread one
// wake-up.
void ResumeAll(std::vector<std::unique_ptr<Waiter>> waiters);

}  // namespace popradio::embedded
