#include "store/distributed/redis/retry.h"

#include <gtest/gtest.h>

namespace popradio::redis {
namespace {

TEST(Judge, RepeatsWhatWasNotExecutedAndNothingElse) {
  struct Case {
    Outcome outcome;
    Advice never, safe;
  };
  const Case cases[] = {
      {Reply::Status("OK"), Advice::kFinal, Advice::kFinal},
      {Reply(), Advice::kFinal, Advice::kFinal},
      {Reply::MakeError("ERR wrong"), Advice::kFinal, Advice::kFinal},
      {Reply::MakeError("WRONGTYPE x"), Advice::kFinal, Advice::kFinal},
      {Reply::MakeError("OOM x"), Advice::kFinal, Advice::kFinal},
      {Reply::MakeError("CROSSSLOT x"), Advice::kFinal, Advice::kFinal},
      {Reply::MakeError("MOVED 1 a:2"), Advice::kMoved, Advice::kMoved},
      {Reply::MakeError("ASK 1 a:2"), Advice::kAsk, Advice::kAsk},
      {Reply::MakeError("TRYAGAIN x"), Advice::kLater, Advice::kLater},
      {Reply::MakeError("LOADING x"), Advice::kLater, Advice::kLater},
      {Reply::MakeError("CLUSTERDOWN x"), Advice::kReconnect, Advice::kReconnect},
      {Reply::MakeError("READONLY x"), Advice::kReconnect, Advice::kReconnect},
      // A text that only looks like one.
      {Reply::String("MOVED 1 a:2"), Advice::kFinal, Advice::kFinal},
      {Failed(FailureKind::kNeverSent, false, "x"), Advice::kReconnect, Advice::kReconnect},
      {Failed(FailureKind::kConnectionLost, true, "x"), Advice::kFinal, Advice::kReconnect},
      {Failed(FailureKind::kTimeout, true, "x"), Advice::kFinal, Advice::kReconnect},
      {Failed(FailureKind::kTimeout, false, "x"), Advice::kReconnect, Advice::kReconnect},
      {Failed(FailureKind::kUnavailable, true, "x"), Advice::kFinal, Advice::kFinal},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.outcome ? std::string(c.outcome->text()) : c.outcome.error().sentence);
    EXPECT_EQ(Judge(c.outcome, Repeat::kNever), c.never);
    EXPECT_EQ(Judge(c.outcome, Repeat::kSafe), c.safe);
  }
}

TEST(ParseRedirect, ReadsWhereTheSlotIs) {
  const Endpoint asked{"asked", 9};
  const auto moved = ParseRedirect("MOVED 3999 127.0.0.1:6381", asked);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->slot, 3999);
  EXPECT_EQ(moved->node, (Endpoint{"127.0.0.1", 6381}));
  EXPECT_EQ(ParseRedirect("ASK 1 ::1:7", asked)->node, (Endpoint{"::1", 7}));
  EXPECT_EQ(ParseRedirect("MOVED 1 :7", asked)->node, (Endpoint{"asked", 7}));
  for (const char* bad :
       {"MOVED", "MOVED ", "MOVED x a:1", "MOVED 16384 a:1", "MOVED 1", "MOVED 1 ", "MOVED 1 a",
        "MOVED 1 a:", "MOVED 1 a:0", "MOVED 1 a:65536", "MOVED 1 a:1x", "MOVED -1 a:1"}) {
    EXPECT_FALSE(ParseRedirect(bad, asked)) << bad;
  }
}

TEST(Backoff, DoublesUpToItsMostAndSpreads) {
  SeededRandom random(5);
  const Millis first(20), most(1000);
  for (int failures = 1; failures < 100; ++failures) {
    const std::int64_t full =
        failures > 6 ? 1000 : std::min<std::int64_t>(20LL << (failures - 1), 1000);
    std::int64_t least = INT64_MAX, greatest = 0;
    for (int i = 0; i < 200; ++i) {
      const std::int64_t pause = Backoff(failures, first, most, random).count();
      least = std::min(least, pause);
      greatest = std::max(greatest, pause);
    }
    EXPECT_GE(least, full / 2);
    EXPECT_LE(greatest, full);
    EXPECT_LT(least, greatest);
  }
}

}  // namespace
}  // namespace popradio::redis
