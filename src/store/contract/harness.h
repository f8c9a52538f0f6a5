#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/task.h"
#include "store/backend.h"

// One suite for each store interface, run against every backend: include the suites in a test of
// the backend and instantiate them with a Case.
namespace popradio::store::contract {

// Time that moves only when a test says so. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : wall_ms_(ToEpochMs(start)) {}
  Instant Now() const override { return FromEpochMs(wall_ms_); }
  Millis Steady() const override { return Millis(steady_ms_); }
  void Advance(Millis by) {
    wall_ms_ += by.count();
    steady_ms_ += by.count();
  }
  // Somebody sets the machine's clock: steady time goes on.
  void SetWall(Instant to) { wall_ms_ = ToEpochMs(to); }

 private:
  std::atomic<std::int64_t> wall_ms_;
  std::atomic<std::int64_t> steady_ms_{1'000'000};
};

// A backend under test, on a clock of its own, with nothing in it at first.
class Harness {
 public:
  virtual ~Harness() = default;
  virtual Backend& backend() = 0;
  virtual ManualClock& clock() = 0;
  // Closes the backend and opens it again on the same data.
  virtual void Restart() = 0;
};

struct Case {
  std::string name;
  std::function<std::unique_ptr<Harness>(const LimitTable&)> make;
};

// 2026-02-03T10:25:00Z, the document's own moment.
inline Instant Start() { return *ParseIso8601("2026-02-03T10:25:00Z"); }

// Runs a task to its end on an executor of its own and returns what it returned.
template <class T>
T Await(Task<T> task) {
  std::optional<T> result;
  std::exception_ptr failure;
  boost::asio::io_context io;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
    failure = error;
    result.emplace(std::move(value));
  });
  // A store may keep connections open there: no work left is not the sign.
  while (!result && io.run_one() > 0) {
  }
  if (failure) std::rethrow_exception(failure);
  return *std::move(result);
}

// Runs tasks at the same time and returns their results in order.
template <class T>
std::vector<T> AwaitAll(std::vector<Task<T>> tasks) {
  std::vector<std::optional<T>> results(tasks.size());
  std::size_t left = tasks.size();
  boost::asio::io_context io;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    boost::asio::co_spawn(io, std::move(tasks[i]),
                          [&results, &left, i](std::exception_ptr error, T value) {
                            if (error) std::rethrow_exception(error);
                            results[i].emplace(std::move(value));
                            --left;
                          });
  }
  while (left > 0 && io.run_one() > 0) {
  }
  std::vector<T> values;
  for (std::optional<T>& result : results) values.push_back(*std::move(result));
  return values;
}

class ContractTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { Open(LimitTable()); }
  void Open(const LimitTable& table) {
    harness_.reset();
    harness_ = GetParam().make(table);
    ASSERT_NE(harness_, nullptr);
  }
  Backend& backend() { return harness_->backend(); }
  ManualClock& clock() { return harness_->clock(); }
  void Restart() { harness_->Restart(); }

  ObjectId NewId() { return ObjectId::Make(clock().Now(), random_); }
  SessionId NewSession() { return SessionId::Make(random_); }
  Target NewSongTarget() { return {TargetType::kSong, NewId()}; }
  Target NewPlaylistTarget() { return {TargetType::kPlaylist, NewId()}; }

  SeededRandom random_{20260203};
  std::unique_ptr<Harness> harness_;
};

// For INSTANTIATE_TEST_SUITE_P.
inline std::string CaseName(const testing::TestParamInfo<Case>& info) { return info.param.name; }

}  // namespace popradio::store::contract
