#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

#include "base/task.h"

namespace popradio::app {

// Waits for a task on this thread, which must not be an I/O thread: for the verbs and for start-up.
template <class T>
T RunBlocking(Task<T> task) {
  boost::asio::io_context context(1);
  auto result = boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
  context.run();
  return result.get();
}

}  // namespace popradio::app
