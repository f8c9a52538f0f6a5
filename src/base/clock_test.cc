#include "base/clock.h"

#include <gtest/gtest.h>

namespace popradio {
namespace {

TEST(Iso8601, WritesMillisecondsInUtc) {
  EXPECT_EQ(FormatIso8601(FromEpochMs(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatIso8601(FromEpochMs(1770114300007)), "2026-02-03T10:25:00.007Z");
  EXPECT_EQ(FormatIso8601(FromEpochMs(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Iso8601, ReadsWhatItWritesAndTheCommonForms) {
  for (const std::int64_t ms : {0LL, 951'782'400'123LL, 1'770'114'300'007LL, 4'102'444'799'999LL}) {
    EXPECT_EQ(ToEpochMs(*ParseIso8601(FormatIso8601(FromEpochMs(ms)))), ms);
  }
  const Instant expected = FromEpochMs(1770114300000);
  for (const char* text : {"2026-02-03T10:25:00Z", "2026-02-03 10:25:00Z",
                           "2026-02-03T12:25:00+02:00", "2026-02-03T05:25:00.0000-05:00"}) {
    EXPECT_EQ(ParseIso8601(text), expected) << text;
  }
  EXPECT_EQ(ParseIso8601("2026-02-03"), FromEpochMs(1770076800000));
}

TEST(Iso8601, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026", "2026-13-01", "2026-02-30", "2026-02-03T25:00:00Z", "2026-02-03T10:25:00",
        "2026-02-03T10:25:00+2", "2026/02/03", "2026-02-03T10:25:00Zx"}) {
    EXPECT_FALSE(ParseIso8601(text)) << text;
  }
}

}  // namespace
}  // namespace popradio
