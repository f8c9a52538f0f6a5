#pragma once

#include <deque>

#include "store/contract/harness.h"

namespace popradio::store::contract {

class RateLimitContract : public ContractTest {
 protected:
  static LimitSubject Address(std::uint8_t last) {
    LimitSubject subject;
    subject.bytes[15] = last;
    return subject;
  }
  LimitDecision Take(LimitAction action, const LimitSubject& subject) {
    const Charge charge{action, subject};
    return Await(backend().limits().Take({&charge, 1})).value();
  }
  void Refund(LimitAction action, const LimitSubject& subject) {
    const Charge charge{action, subject};
    backend().limits().Refund({&charge, 1});
  }
};

TEST_P(RateLimitContract, ABurstGetsExactlyTheLimit) {
  for (int i = 0; i < 30; ++i) {
    const LimitDecision decision = Take(LimitAction::kComment, Address(1));
    ASSERT_TRUE(decision.allowed);
    EXPECT_EQ(decision.limit, 30);
    EXPECT_EQ(decision.remaining, 29 - i);
    EXPECT_EQ(decision.retry_after_s, 0);
  }
  const LimitDecision refused = Take(LimitAction::kComment, Address(1));
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.action, LimitAction::kComment);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_EQ(refused.retry_after_s, 61 * 60) << "the clock stands at the beginning of a minute";
  EXPECT_TRUE(Take(LimitAction::kComment, Address(2)).allowed);
  EXPECT_TRUE(Take(LimitAction::kLike, Address(1)).allowed);
}

TEST_P(RateLimitContract, RetryAfterIsWhenOneReallyPasses) {
  clock().Advance(Millis(12'345));
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(Take(LimitAction::kComment, Address(1)).allowed);
  clock().Advance(std::chrono::minutes(7));
  const int wait_s = Take(LimitAction::kComment, Address(1)).retry_after_s;
  clock().Advance(std::chrono::seconds(wait_s) - std::chrono::seconds(1));
  EXPECT_FALSE(Take(LimitAction::kComment, Address(1)).allowed);
  clock().Advance(std::chrono::seconds(1));
  EXPECT_TRUE(Take(LimitAction::kComment, Address(1)).allowed);
}

TEST_P(RateLimitContract, TheCuratorsTriesAreCountedByTheMinute) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Take(LimitAction::kAdminTry, Address(1)).allowed);
  const LimitDecision refused = Take(LimitAction::kAdminTry, Address(1));
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after_s, 61);
  clock().Advance(std::chrono::seconds(61));
  EXPECT_TRUE(Take(LimitAction::kAdminTry, Address(1)).allowed);
}

TEST_P(RateLimitContract, AllChargesAreTakenOrNone) {
  LimitTable table;
  table.per_window[static_cast<std::size_t>(LimitAction::kSessionLike)] = 2;
  Open(table);
  LimitSubject session = Address(9);
  session.kind = LimitSubject::Kind::kSession;
  const std::vector<Charge> both = {{LimitAction::kLike, Address(1)},
                                    {LimitAction::kSessionLike, session}};
  for (int i = 0; i < 2; ++i) {
    const LimitDecision decision = Await(backend().limits().Take(both)).value();
    ASSERT_TRUE(decision.allowed);
    EXPECT_EQ(decision.action, LimitAction::kSessionLike) << "told by the one that leaves least";
    EXPECT_EQ(decision.remaining, 1 - i);
  }
  for (int i = 0; i < 5; ++i) {
    const LimitDecision refused = Await(backend().limits().Take(both)).value();
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.action, LimitAction::kSessionLike);
  }
  EXPECT_EQ(Take(LimitAction::kLike, Address(1)).remaining, 97);
}

TEST_P(RateLimitContract, ARefundGivesOneBack) {
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(Take(LimitAction::kComment, Address(1)).allowed);
  Refund(LimitAction::kComment, Address(1));
  EXPECT_TRUE(Take(LimitAction::kComment, Address(1)).allowed);
  EXPECT_FALSE(Take(LimitAction::kComment, Address(1)).allowed);
  Refund(LimitAction::kComment, Address(3));  // nothing was taken: nothing to give back
  EXPECT_EQ(Take(LimitAction::kComment, Address(3)).remaining, 29);
}

TEST_P(RateLimitContract, ZeroMeansNoLimit) {
  LimitTable table;
  table.per_window[static_cast<std::size_t>(LimitAction::kComment)] = 0;
  Open(table);
  for (int i = 0; i < 100; ++i) {
    const LimitDecision decision = Take(LimitAction::kComment, Address(1));
    ASSERT_TRUE(decision.allowed);
    EXPECT_EQ(decision.limit, 0);
  }
}

TEST_P(RateLimitContract, CountsSurviveARestart) {
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(Take(LimitAction::kComment, Address(1)).allowed);
  clock().Advance(std::chrono::minutes(5));
  Restart();
  const LimitDecision refused = Take(LimitAction::kComment, Address(1));
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after_s, 56 * 60);
  clock().Advance(std::chrono::minutes(56));
  EXPECT_TRUE(Take(LimitAction::kComment, Address(1)).allowed);
}

TEST_P(RateLimitContract, ConcurrentTakesNeverPassTheLimitTogether) {
  const Charge charge{LimitAction::kComment, Address(1)};
  std::vector<Task<Result<LimitDecision>>> tasks;
  for (int i = 0; i < 100; ++i) tasks.push_back(backend().limits().Take({&charge, 1}));
  int allowed = 0;
  for (const auto& decision : AwaitAll(std::move(tasks))) allowed += decision->allowed ? 1 : 0;
  EXPECT_EQ(allowed, 30);
}

// Against an exact log: never more than the limit in any sixty minutes; never refused when the
// log's window of sixty-one minutes is not full; and what retry_after promises is exact.
TEST_P(RateLimitContract, AgreesWithAnExactLog) {
  constexpr int kLimit = 30;
  const std::int64_t hour_ms = 3'600'000, bucket_ms = 60'000;
  std::deque<std::int64_t> log;
  const auto now_ms = [&] { return ToEpochMs(clock().Now()); };
  int refusals = 0;
  for (int step = 0; step < 3000; ++step) {
    // Bursts, pauses within a minute, pauses of minutes, and rarely of hours.
    const std::uint64_t kind = random_.Below(100);
    const std::uint64_t pause_ms = kind < 60   ? 0
                                   : kind < 80 ? random_.Below(30'000)
                                   : kind < 98 ? random_.Below(600'000)
                                               : random_.Below(5'000'000);
    clock().Advance(Millis(static_cast<std::int64_t>(pause_ms)));
    const LimitDecision decision = Take(LimitAction::kComment, Address(1));
    const std::int64_t oldest_bucket = now_ms() / bucket_ms - kLimitBuckets;
    while (!log.empty() && log.front() / bucket_ms < oldest_bucket) log.pop_front();
    ASSERT_EQ(decision.allowed, log.size() < kLimit) << "step " << step;
    if (decision.allowed) {
      log.push_back(now_ms());
      ASSERT_EQ(decision.remaining, kLimit - static_cast<int>(log.size()));
      std::size_t in_hour = 0;
      for (const std::int64_t taken : log) in_hour += taken > now_ms() - hour_ms ? 1 : 0;
      ASSERT_LE(in_hour, static_cast<std::size_t>(kLimit));
      // In a bucket's first seconds a refund may be taken from the one before.
      if (now_ms() % bucket_ms >= 10'000 && random_.Below(4) == 0) {
        Refund(LimitAction::kComment, Address(1));
        log.pop_back();
      }
      continue;
    }
    ++refusals;
    const std::int64_t passes_ms = (log.front() / bucket_ms + kLimitBuckets + 1) * bucket_ms;
    ASSERT_EQ(decision.retry_after_s, (passes_ms - now_ms() + 999) / 1000);
    ASSERT_GE(decision.retry_after_s, 1);
    ASSERT_LE(decision.retry_after_s, 3660);
    if (random_.Below(4) == 0) clock().Advance(std::chrono::seconds(decision.retry_after_s));
  }
  EXPECT_GT(refusals, 100);
}

}  // namespace popradio::store::contract
