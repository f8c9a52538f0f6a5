#include "base/random.h"

#include <gtest/gtest.h>

#include <array>

namespace popradio {
namespace {

TEST(SeededRandom, GivesTheReferenceNumbersOfSplitMix64) {
  SeededRandom random(1234567);
  EXPECT_EQ(random.Next(), 6457827717110365317ULL);
  EXPECT_EQ(random.Next(), 3203168211198807973ULL);
}

TEST(Random, BelowIsEvenAndNeverReachesItsBound) {
  SeededRandom random(9);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts[random.Below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Random, UnitStaysBelowOne) {
  SystemRandom random;
  for (int i = 0; i < 10'000; ++i) {
    const double value = random.Unit();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
  }
}

}  // namespace
}  // namespace popradio
