#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "base/task.h"

namespace popradio::realtime {

// Lets coroutines of one strand take turns across their waits. A channel with room for one message
// is the lock: whoever put the message in holds it.
class AsyncMutex {
 public:
  explicit AsyncMutex(const boost::asio::any_io_executor& executor) : channel_(executor, 1) {}

  class [[nodiscard]] Hold {
   public:
    explicit Hold(AsyncMutex& mutex) : mutex_(&mutex) {}
    Hold(Hold&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (mutex_) mutex_->channel_.try_receive([](auto&&...) {});
    }

   private:
    AsyncMutex* mutex_;
  };

  Task<Hold> Lock() {
    co_await channel_.async_send(boost::system::error_code(), boost::asio::use_awaitable);
    co_return Hold(*this);
  }

 private:
  boost::asio::experimental::channel<void(boost::system::error_code)> channel_;
};

}  // namespace popradio::realtime
