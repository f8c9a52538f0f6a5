// What the contract does not ask of every backend: clocks, bounds, and the window by itself.
#include "store/embedded/rate_limits.h"

#include <gtest/gtest.h>

#include "store/embedded/embedded_testing.h"

namespace popradio::embedded {
namespace {

using store::Charge;
using store::LimitAction;
using store::LimitSubject;
using store::contract::ManualClock;
using store::contract::Start;

constexpr int kMinute = 60'000;

LimitSubject Subject(std::uint32_t number) {
  LimitSubject subject;
  std::memcpy(subject.bytes.data(), &number, sizeof number);
  return subject;
}

TEST(RateWindowTest, ARefundInABucketsFirstSecondsKeepsTheNewerCount) {
  RateWindow window(60);
  window.Take(0);
  window.Take(kMinute);
  window.Refund(kMinute + 5'000);
  EXPECT_EQ(window.Taken(61 * kMinute), 1) << "the older one gave way";
  window.Take(kMinute + 20'000);
  window.Refund(kMinute + 20'000);
  EXPECT_EQ(window.Taken(61 * kMinute), 1);
  window.Refund(kMinute + 20'000);
  window.Refund(kMinute + 20'000);
  EXPECT_TRUE(window.empty());
}

TEST(RateWindowTest, ALoweredLimitWaitsForAsManyAsAreTooMany) {
  RateWindow window(60);
  for (int minute = 0; minute < 10; ++minute) window.Take(minute * kMinute);
  EXPECT_EQ(window.SecondsUntilBelow(11, 9 * kMinute), 0);
  EXPECT_EQ(window.SecondsUntilBelow(10, 9 * kMinute), (61 - 9) * 60);
  EXPECT_EQ(window.SecondsUntilBelow(3, 9 * kMinute), (61 + 7 - 9) * 60);
}

TEST(RateWindowTest, BytesThatDoNotFitGiveAnEmptyWindow) {
  RateWindow window(60), other(60);
  for (int minute = 0; minute < 61; ++minute) window.Take(minute * kMinute);
  other.Deserialise(window.Serialise());
  EXPECT_EQ(other.Taken(60 * kMinute), 61);
  other.Deserialise("seven b");
  EXPECT_TRUE(other.empty());
  other.Deserialise(std::string(8 * 62, 'x'));
  EXPECT_TRUE(other.empty());
}

class RateLimitsTest : public testing::Test {
 protected:
  bool Take(std::uint32_t number = 1) {
    const Charge charge{LimitAction::kComment, Subject(number)};
    return limits_.TakeNow({&charge, 1})->allowed;
  }
  ManualClock clock_{Start()};
  RateLimits limits_{store::LimitTable(), clock_};
};

TEST_F(RateLimitsTest, SettingTheClockNeitherUnlocksNorLocks) {
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(Take());
  for (const auto jump :
       {std::chrono::hours(-1), std::chrono::hours(2), std::chrono::hours(24 * 365)}) {
    clock_.SetWall(Start() + jump);
    EXPECT_FALSE(Take());
  }
  clock_.Advance(std::chrono::minutes(60));
  EXPECT_FALSE(Take());
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_TRUE(Take());
}

TEST_F(RateLimitsTest, AFloodOfSubjectsIsBoundedAndForgetsTheEmptiestFirst) {
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(Take(1));
  const auto flood = static_cast<std::uint32_t>(kMaxLimitSubjects + kMaxLimitSubjects / 10);
  for (std::uint32_t number = 2; number < flood; ++number) ASSERT_TRUE(Take(number));
  EXPECT_LE(limits_.Subjects(), kMaxLimitSubjects);
  EXPECT_FALSE(Take(1));
}

TEST(RateLimitsRestartTest, AClockSetBackWhileNothingRanDoesNotLockForLonger) {
  EmbeddedHarness harness;
  const Charge charge{LimitAction::kComment, Subject(1)};
  for (int i = 0; i < 30; ++i)
    ASSERT_TRUE(harness.backend().limits().TakeNow({&charge, 1})->allowed);
  harness.Close();
  harness.clock().SetWall(Start() - std::chrono::hours(24 * 30));
  harness.Open();
  const auto refused = harness.backend().limits().TakeNow({&charge, 1});
  EXPECT_FALSE(refused->allowed);
  EXPECT_LE(refused->retry_after_s, 3660);
  harness.clock().Advance(std::chrono::minutes(61));
  EXPECT_TRUE(harness.backend().limits().TakeNow({&charge, 1})->allowed);
}

}  // namespace
}  // namespace popradio::embedded
