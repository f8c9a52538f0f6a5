#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <utility>
#include <vector>

#include "base/result.h"
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

// The same for many at once, so that a store makes few commits of them. All of them are run; the
// failure is that of the first that failed.
template <class T>
Result<void> RunAllBlocking(std::vector<Task<Result<T>>> tasks) {
  boost::asio::io_context context(1);
  std::vector<std::future<Result<T>>> results;
  results.reserve(tasks.size());
  for (Task<Result<T>>& task : tasks) {
    results.push_back(boost::asio::co_spawn(context, std::move(task), boost::asio::use_future));
  }
  context.run();
  for (std::future<Result<T>>& result : results) {
    if (auto got = result.get(); !got) return Fail(got.error());
  }
  return {};
}

}  // namespace popradio::app
