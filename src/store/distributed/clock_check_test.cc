#include "store/distributed/clock_check.h"

#include <gtest/gtest.h>

namespace popradio::store::distributed {
namespace {

TEST(ClockCheckTest, TellsAgreementFromDriftFromAClockThatNobodyKeeps) {
  EXPECT_FALSE(LookAtClock("Redis", Millis(500)));
  EXPECT_FALSE(LookAtClock("Redis", Millis(-500)));
  EXPECT_FALSE(LookAtClock("Redis", Millis(1'300))->error);
  const auto ahead = LookAtClock("Redis at a:1", Millis(61'250));
  EXPECT_TRUE(ahead->error);
  EXPECT_NE(ahead->sentence.find("Redis at a:1 is 61.2 s ahead of this machine's"),
            std::string::npos)
      << ahead->sentence;
  const auto behind = LookAtClock("Redis", Millis(-2'001));
  EXPECT_TRUE(behind->error);
  EXPECT_NE(behind->sentence.find("2.0 s behind"), std::string::npos) << behind->sentence;
}

}  // namespace
}  // namespace popradio::store::distributed
