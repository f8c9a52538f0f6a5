#include "store/distributed/redis_limits.h"

#include <gtest/gtest.h>

#include "store/distributed/redis_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;

class RedisLimitsTest : public testing::Test {
 protected:
  void SetUp() override { SingleRedis().Empty(); }
  std::unique_ptr<RedisStores> NewNode(int api_limit, int nodes = 1,
                                       const redis::RedisUrl& url = SingleRedis().url) {
    RedisStoresOptions options;
    options.limits.limits.per_window[static_cast<std::size_t>(LimitAction::kApi)] = api_limit;
    options.limits.nodes = nodes;
    return std::make_unique<RedisStores>(url, clock_, catalogue_, options);
  }
  static LimitSubject Address(std::uint8_t last) {
    LimitSubject subject;
    subject.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, last};
    return subject;
  }
  // As the API does: without waiting where that can be.
  LimitDecision Read(RedisStores& node, std::uint8_t last = 1) {
    const Charge charge{LimitAction::kApi, Address(last)};
    if (const auto decision = node.limits().TakeNow({&charge, 1})) {
      ++decided_here_;
      return *decision;
    }
    ++asked_;
    return Await(node.limits().Take({&charge, 1})).value();
  }
  static Task<bool> GivenBack(RedisLimits& limits, bool all) {
    co_await limits.GiveBack(all);
    co_return true;
  }
  std::string Counted(std::uint8_t last = 1) {
    return SingleRedis().Ask({"HGET", RateKey(Address(last), LimitAction::kApi).str(), "n"});
  }

  contract::ManualClock clock_{contract::Start()};
  MemoryCatalogue catalogue_;
  int decided_here_ = 0, asked_ = 0;
};

TEST_F(RedisLimitsTest, ReadsAreDecidedFromALeaseAndExactlyTheLimitPasses) {
  const auto node = NewNode(500);
  for (int i = 0; i < 500; ++i) {
    const LimitDecision decision = Read(*node);
    ASSERT_TRUE(decision.allowed) << i;
    ASSERT_EQ(decision.remaining, 499 - i);
    EXPECT_EQ(decision.limit, 500);
  }
  EXPECT_LT(asked_, 25);
  const LimitDecision refused = Read(*node);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after_s, 61 * 60);
  decided_here_ = 0;
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(Read(*node).allowed);
  EXPECT_EQ(decided_here_, 50) << "a flood of refusals does not reach Redis";
  clock_.Advance(std::chrono::minutes(61));
  EXPECT_TRUE(Read(*node).allowed);
}

TEST_F(RedisLimitsTest, WhatIsUnusedIsGivenBack) {
  const auto node = NewNode(100);
  EXPECT_TRUE(Read(*node).allowed);
  EXPECT_EQ(Counted(), "8") << "one is used, seven are in hand";
  clock_.Advance(Millis(3'000));
  EXPECT_TRUE(Await(GivenBack(node->limits(), false)));
  EXPECT_EQ(Counted(), "1");
  EXPECT_EQ(Read(*node).remaining, 98);
}

TEST_F(RedisLimitsTest, ALeaseEndsWithItsMinute) {
  const auto node = NewNode(100);
  EXPECT_TRUE(Read(*node).allowed);
  clock_.Advance(std::chrono::minutes(1));
  asked_ = 0;
  EXPECT_TRUE(Read(*node).allowed);
  EXPECT_EQ(asked_, 1);
  EXPECT_TRUE(Await(GivenBack(node->limits(), true)));
  EXPECT_EQ(Counted(), "2");
}

TEST_F(RedisLimitsTest, TwoNodesNeverLetMorePassTogether) {
  const auto first = NewNode(300), second = NewNode(300);
  int passed = 0;
  for (int i = 0; i < 400; ++i) {
    passed += Read(*first).allowed ? 1 : 0;
    if (i % 3 == 0) passed += Read(*second).allowed ? 1 : 0;
  }
  EXPECT_LE(passed, 300);
  EXPECT_GE(passed, 300 - 64) << "all but what the other one has in hand";
  EXPECT_TRUE(Await(GivenBack(first->limits(), true)));
  EXPECT_TRUE(Await(GivenBack(second->limits(), true)));
  EXPECT_EQ(Counted(), std::to_string(passed));
}

TEST_F(RedisLimitsTest, WhatAKilledNodeHeldStaysCounted) {
  {
    const auto node = NewNode(100);
    EXPECT_TRUE(Read(*node).allowed);
    node->Drop();
  }
  EXPECT_EQ(Counted(), "8");
  const auto again = NewNode(100);
  EXPECT_EQ(Read(*again).remaining, 91);
}

TEST_F(RedisLimitsTest, ManyReadsAtOnceGetExactlyTheLimit) {
  const auto node = NewNode(40);
  const Charge charge{LimitAction::kApi, Address(1)};
  std::vector<Task<Result<LimitDecision>>> tasks;
  for (int i = 0; i < 100; ++i) tasks.push_back(node->limits().Take({&charge, 1}));
  int allowed = 0;
  for (const auto& decision : contract::AwaitAll(std::move(tasks))) {
    allowed += decision->allowed ? 1 : 0;
  }
  for (int i = 0; i < 100; ++i) allowed += Read(*node).allowed ? 1 : 0;
  EXPECT_EQ(allowed, 40);
}

TEST_F(RedisLimitsTest, AReadThatIsGivenBackMayBeTakenAgain) {
  const auto node = NewNode(10);
  const Charge charge{LimitAction::kApi, Address(1)};
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Read(*node).allowed);
  ASSERT_FALSE(Read(*node).allowed);
  node->limits().Refund({&charge, 1});
  EXPECT_TRUE(Read(*node).allowed);
  EXPECT_FALSE(Read(*node).allowed);
}

TEST_F(RedisLimitsTest, RefundsArriveWithoutAnotherCharge) {
  const auto node = NewNode(100);
  const Charge charge{LimitAction::kLike, Address(1)};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Await(node->limits().Take({&charge, 1}))->allowed);
  node->limits().Refund({&charge, 1});
  EXPECT_TRUE(redis::Eventually([&] {
    return SingleRedis().Ask({"HGET", RateKey(Address(1), LimitAction::kLike).str(), "n"}) == "2";
  }));
}

TEST_F(RedisLimitsTest, InAClusterARefusedSessionGivesTheAddressBack) {
  ClusterRedis().Empty();
  const auto node = NewNode(100, 1, ClusterRedis().url);
  LimitSubject session;
  session.kind = LimitSubject::Kind::kSession;
  session.bytes.fill(7);
  const std::vector<Charge> both{{LimitAction::kLike, Address(1)},
                                 {LimitAction::kSessionLike, session}};
  // The session alone uses its two hundred up, from other addresses.
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(Await(node->limits().Take(std::span(both).subspan(1)))->allowed);
  }
  for (int i = 0; i < 3; ++i) {
    const LimitDecision refused = Await(node->limits().Take(both)).value();
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.action, LimitAction::kSessionLike);
  }
  EXPECT_EQ(Await(node->limits().Take(std::span(both).first(1)))->remaining, 99);
}

TEST_F(RedisLimitsTest, AWindowGoesByItself) {
  const auto node = NewNode(100);
  ASSERT_TRUE(Read(*node).allowed);
  const std::string ttl = SingleRedis().Ask({"TTL", RateKey(Address(1), LimitAction::kApi).str()});
  EXPECT_NEAR(std::atoi(ttl.c_str()), 3'660, 30);
}

TEST_F(RedisLimitsTest, WhileRedisIsAwayANodeLetsItsShareThrough) {
  redis::RedisServer server;
  redis::RedisUrl url;
  url.hosts = {server.endpoint()};
  const auto node = NewNode(40, 2, url);
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(Read(*node).allowed);
  server.Kill();
  int passed = 0;
  for (int i = 0; i < 100; ++i) passed += Read(*node).allowed ? 1 : 0;
  EXPECT_EQ(passed, 20) << "half of the limit, for there are two nodes";
  decided_here_ = 0;
  EXPECT_FALSE(Read(*node).allowed);
  const LimitDecision other = Read(*node, 2);
  EXPECT_TRUE(other.allowed);
  EXPECT_EQ(other.limit, 20);
  node->limits().SetNodes(4);
  EXPECT_EQ(Read(*node, 4).limit, 10);
  node->limits().SetNodes(0);
  EXPECT_EQ(Read(*node, 5).limit, 40) << "it is there itself";
  // Writes are limited too.
  const Charge like{LimitAction::kLike, Address(1)};
  EXPECT_TRUE(Await(node->limits().Take({&like, 1}))->allowed);
  server.Start();
  EXPECT_TRUE(redis::Eventually(
      [&] {
        const LimitDecision back = Read(*node, 3);
        return back.limit == 40;
      },
      Millis(5'000)));
}

TEST(LocalShare, IsARollingWindow) {
  LimitTable table;
  LocalShare share(table, 10);
  LimitSubject subject;
  const Charge charge{LimitAction::kComment, subject};
  std::int64_t now_ms = 1'770'000'000'000 / 60'000 * 60'000;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(share.Take({&charge, 1}, now_ms).allowed);
  const LimitDecision refused = share.Take({&charge, 1}, now_ms);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after_s, 61 * 60);
  share.Refund({LimitAction::kComment, subject}, now_ms);
  EXPECT_TRUE(share.Take({&charge, 1}, now_ms).allowed);
  now_ms += 61 * 60'000 - 1;
  EXPECT_FALSE(share.Take({&charge, 1}, now_ms).allowed);
  now_ms += 1;
  EXPECT_EQ(share.Take({&charge, 1}, now_ms).remaining, 2);
  now_ms += 1'000 * 60'000;
  share.Prune(now_ms);
  EXPECT_EQ(share.Take({&charge, 1}, now_ms).remaining, 2);
}

TEST(LocalShare, TakesAllChargesOrNone) {
  LimitTable table;
  table.per_window[static_cast<std::size_t>(LimitAction::kSessionLike)] = 1;
  LocalShare share(table, 1);
  LimitSubject address, session;
  session.kind = LimitSubject::Kind::kSession;
  const std::vector<Charge> both{{LimitAction::kLike, address},
                                 {LimitAction::kSessionLike, session}};
  EXPECT_TRUE(share.Take(both, 1'000'000).allowed);
  EXPECT_FALSE(share.Take(both, 1'000'000).allowed);
  EXPECT_EQ(share.Take(std::span(both).first(1), 1'000'000).remaining, 98);
}

}  // namespace
}  // namespace popradio::store::distributed
