#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace popradio {
namespace {

TEST(ObjectId, ReadsExactly24HexDigits) {
  const auto id = ObjectId::Parse("507f1f77bcf86cd799439011");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->ToHex(), "507f1f77bcf86cd799439011");
  EXPECT_EQ(ObjectId::Parse("507F1F77BCF86CD799439011"), id);
  for (const char* bad :
       {"", "507f1f77bcf86cd79943901", "507f1f77bcf86cd7994390111", "507f1f77bcf86cd79943901g",
        "507f1f77 cf86cd799439011", "-07f1f77bcf86cd799439011"}) {
    EXPECT_FALSE(ObjectId::Parse(bad)) << bad;
  }
}

TEST(ObjectId, SortsByTheSecondItWasMade) {
  SeededRandom random(1);
  const Instant then = *ParseIso8601("2026-02-03T10:25:00Z");
  EXPECT_LT(ObjectId::Make(then, random), ObjectId::Make(then + std::chrono::seconds(1), random));
  EXPECT_NE(ObjectId::Make(then, random), ObjectId::Make(then, random));
}

TEST(SessionId, ReadsAnyUuidAndNothingElse) {
  const auto id = SessionId::Parse("A1B2C3D4-e5f6-4789-8abc-def012345678");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->ToString(), "a1b2c3d4-e5f6-4789-8abc-def012345678");
  EXPECT_EQ(id->Short(), "a1b2c3d4…");
  for (const char* bad :
       {"", "a1b2c3d4e5f6g7h8", "a1b2c3d4-e5f6-4789-8abc-def01234567",
        "a1b2c3d4-e5f6-4789-8abc-def01234567g", "a1b2c3d4_e5f6-4789-8abc-def012345678",
        "{a1b2c3d4-e5f6-4789-8abc-def01234567}"}) {
    EXPECT_FALSE(SessionId::Parse(bad)) << bad;
  }
}

TEST(SessionId, IsARandomUuidOfVersionFour) {
  SystemRandom random;
  std::set<SessionId> seen;
  for (int i = 0; i < 1000; ++i) {
    const SessionId id = SessionId::Make(random);
    const std::string text = id.ToString();
    EXPECT_EQ(text[14], '4');
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
    EXPECT_EQ(SessionId::Parse(text), id);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

}  // namespace
}  // namespace popradio
