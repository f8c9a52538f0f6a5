#include "store/distributed/redis_bus.h"

#include <gtest/gtest.h>

#include "store/distributed/redis_stores_testing.h"
#include "store/distributed/servers.h"

namespace popradio::store::distributed {
namespace {

using redis::Eventually;

// A node's bus, on a clock of the test's.
struct Node {
  Node(const redis::RedisUrl& url, const Clock& clock, Random& random)
      : clients(*RedisClients::Open(url, {}, clock, random)), bus(*clients, random) {
    bus.On("news", [this](std::string_view, std::string_view) { ++heard; });
    bus.Start();
  }
  ~Node() {
    bus.Stop();
    clients->Close();
  }
  int Count(bool redis_up = true) {
    return RunThere<int>(*clients, [&]() -> Task<int> { co_return bus.CountNodes(redis_up); });
  }
  std::atomic<int> heard{0};
  std::unique_ptr<RedisClients> clients;
  RedisBus bus;
};

TEST(RedisBusTest, CountsTheNodesThatItHearsOfAndForgetsThoseThatFellSilent) {
  SingleRedis().Empty();
  contract::ManualClock clock(contract::Start());
  SeededRandom random(5);
  Node one(SingleRedis().url, clock, random), two(SingleRedis().url, clock, random);
  EXPECT_EQ(one.Count(), 1);
  EXPECT_TRUE(Eventually([&] {
    two.bus.Send("news", "");
    return one.heard > 0;
  }));
  EXPECT_EQ(one.Count(), 2);
  EXPECT_EQ(two.Count(), 1) << "nobody is heard by itself";
  // While nothing can be heard nobody has fallen silent.
  clock.Advance(std::chrono::hours(1));
  EXPECT_EQ(one.Count(false), 2);
  EXPECT_EQ(one.Count(true), 2) << "it has only begun to listen again";
  clock.Advance(kSilentNode);
  EXPECT_EQ(one.Count(true), 2);
  clock.Advance(Millis(1));
  EXPECT_EQ(one.Count(true), 1);
}

}  // namespace
}  // namespace popradio::store::distributed
