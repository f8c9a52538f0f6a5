#include "store/distributed/mongo/pool.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "store/distributed/mongo/mongo_testing.h"

namespace popradio::mongo {
namespace {

// Runs a call to its end on an executor of its own.
template <class T>
Result<T> AwaitCall(Task<Result<T>> task) {
  boost::asio::io_context io;
  std::optional<Result<T>> result;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, Result<T> value) {
    if (error) std::rethrow_exception(error);
    result.emplace(std::move(value));
  });
  io.run();
  return *std::move(result);
}

Task<Result<std::int64_t>> InsertAndCount(Pool& pool, std::int64_t id) {
  std::function<Result<std::int64_t>(Database&)> work =
      [id](Database& database) -> Result<std::int64_t> {
    if (auto done = database.Insert("things", Document{{"_id", id}}); !done)
      return Fail(done.error());
    return database.Count("things", Document());
  };
  co_return co_await pool.Run<std::int64_t>(std::move(work));
}

TEST(PoolTest, ACallResumesOnItsCallersExecutorWithItsResult) {
  TestDatabase database;
  boost::asio::io_context io;
  bool done = false;
  boost::asio::co_spawn(
      io,
      [&]() -> Task<void> {
        const auto here = std::this_thread::get_id();
        const Result<std::int64_t> counted = co_await InsertAndCount(database.pool(), 7);
        EXPECT_EQ(counted.value_or(0), 1);
        EXPECT_EQ(std::this_thread::get_id(), here);
        done = true;
      },
      [](std::exception_ptr error) { EXPECT_FALSE(error); });
  io.run();
  EXPECT_TRUE(done);
  EXPECT_TRUE(database.pool().health().up);
}

TEST(PoolTest, ManyCallsAtOnceAllEnd) {
  TestDatabase database;
  boost::asio::io_context io;
  int inserted = 0;
  for (std::int64_t id = 0; id < 200; ++id) {
    boost::asio::co_spawn(io, InsertAndCount(database.pool(), id),
                          [&](std::exception_ptr error, const Result<std::int64_t>& counted) {
                            EXPECT_FALSE(error);
                            inserted += counted.has_value();
                          });
  }
  io.run();
  EXPECT_EQ(inserted, 200);
}

TEST(PoolTest, MoreThanMayQueueAreRefusedAtOnce) {
  TestDatabase database;
  boost::asio::io_context io;
  int inserted = 0, refused = 0;
  constexpr int kCalls = kMaxQueuedCalls + 200;
  for (std::int64_t id = 0; id < kCalls; ++id) {
    boost::asio::co_spawn(io, InsertAndCount(database.pool(), id),
                          [&](std::exception_ptr, const Result<std::int64_t>& counted) {
                            ++(counted ? inserted : refused);
                            if (!counted) {
                              EXPECT_EQ(counted.error().code, ErrorCode::kUnavailable);
                              EXPECT_EQ(counted.error().retry_after_s, 1);
                            }
                          });
  }
  io.run();
  EXPECT_EQ(inserted + refused, kCalls);
  EXPECT_GE(inserted, kMaxQueuedCalls);
}

TEST(PoolTest, CallsInOrderDoNotOvertakeEachOther) {
  TestDatabase database;
  boost::asio::io_context io;
  std::vector<int> order;
  for (int i = 0; i < 50; ++i) {
    std::function<Result<int>(Database&)> work = [&order, i](Database&) -> Result<int> {
      order.push_back(i);
      return i;
    };
    boost::asio::co_spawn(io, database.pool().RunInOrder<int>(std::move(work)),
                          [](std::exception_ptr, const Result<int>&) {});
  }
  io.run();
  std::vector<int> expected(50);
  for (int i = 0; i < 50; ++i) expected[static_cast<std::size_t>(i)] = i;
  EXPECT_EQ(order, expected);
}

TEST(PoolTest, AnExceptionIsAFailureAndNotTheEnd) {
  TestDatabase database;
  std::function<Result<int>(Database&)> work = [](Database&) -> Result<int> {
    throw std::runtime_error("a bug");
  };
  EXPECT_EQ(AwaitCall(database.pool().Run<int>(work)).error().code, ErrorCode::kInternal);
  EXPECT_TRUE(AwaitCall(InsertAndCount(database.pool(), 1)));
}

TEST(PoolTest, ServersAreLookedForBeforeTheFirstCall) {
  TestDatabase database;
  const auto pool = database.Another();
  EXPECT_TRUE(Eventually([&] { return pool->health().up; }));
}

TEST(PoolTest, ATransactionMadeAgainIsNoOutage) {
  TestDatabase database;
  ASSERT_TRUE(AwaitCall(InsertAndCount(database.pool(), 1)));
  const auto done = database.Do<void>([&](Database& mine) {
    int tries = 0;
    return mine.Transact([&]() -> Result<void> {
      auto read = mine.FindOne("things", Document{{"_id", std::int64_t{1}}});
      if (!read) return Fail(read.error());
      const Document change{{"$inc", Document{{"n", 1}}}};
      if (++tries == 1) {
        // Somebody else is faster.
        EXPECT_TRUE(database.Do<Written>([&](Database& theirs) {
          return theirs.Update("things", Document{{"_id", std::int64_t{1}}}, change);
        }));
      }
      auto written = mine.Update("things", Document{{"_id", std::int64_t{1}}}, change);
      if (!written) return Fail(written.error());
      return {};
    });
  });
  EXPECT_TRUE(done);
  EXPECT_TRUE(database.pool().health().up);
  EXPECT_EQ(database.All("things")[0].view().Int("n"), 2);
}

TEST(PoolTest, AStoppedPoolRefuses) {
  TestDatabase database;
  const auto pool = database.Another();
  EXPECT_TRUE(AwaitCall(InsertAndCount(*pool, 1)));
  pool->Stop();
  EXPECT_EQ(AwaitCall(InsertAndCount(*pool, 2)).error().code, ErrorCode::kUnavailable);
}

TEST(PoolTest, WithoutAServerCallsFailAndSoonAtOnceAndItsReturnIsNoticed) {
  const SystemClock clock;
  ReplicaSet set;
  auto pool = Pool::Open(*ParseMongoUrl(set.url("", "&serverSelectionTimeoutMS=1000")), {}, clock);
  ASSERT_TRUE(pool);
  ASSERT_TRUE(AwaitCall(InsertAndCount(**pool, 1)));
  const Instant before = (*pool)->health().since;
  EXPECT_TRUE((*pool)->health().up);

  set.member(0).Kill();
  EXPECT_EQ(AwaitCall(InsertAndCount(**pool, 2)).error().code, ErrorCode::kUnavailable);
  ASSERT_TRUE(Eventually([&] { return !(*pool)->health().up; }));
  EXPECT_FALSE((*pool)->health().error.empty());
  EXPECT_GE((*pool)->health().since, before);
  // Nobody waits for what has been away for a while.
  EXPECT_TRUE(Eventually([&] {
    const Millis asked = clock.Steady();
    EXPECT_FALSE(AwaitCall(InsertAndCount(**pool, 3)));
    return clock.Steady() - asked < Millis(500);
  }));

  set.member(0).Start();
  (void)set.Primary();
  const Millis back = clock.Steady();
  ASSERT_TRUE(Eventually([&] { return AwaitCall(InsertAndCount(**pool, 100)).has_value(); }));
  EXPECT_LT(clock.Steady() - back, Millis(5'000));
  EXPECT_TRUE((*pool)->health().up);
  EXPECT_EQ((*pool)->health().error, "");
}

}  // namespace
}  // namespace popradio::mongo
