#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace popradio::app {

// Runs the context until the future has its value. A store may keep connections open there, so that
// the context never runs out of work.
template <class T>
T RunUntilReady(boost::asio::io_context& context, std::future<T>& future) {
  while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready &&
         context.run_one() > 0) {
  }
  return future.get();
}

// Waits for a task on this thread, which must not be an I/O thread: for the verbs and for start-up.
template <class T>
T RunBlocking(Task<T> task) {
  boost::asio::io_context context(1);
  auto result = boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
  return RunUntilReady(context, result);
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
  // To the last of them, whatever the others said.
  Result<void> all;
  for (std::future<Result<T>>& result : results) {
    if (auto got = RunUntilReady(context, result); !got && all) all = Fail(got.error());
  }
  return all;
}

}  // namespace popradio::app
