#include "base/json_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/random.h"

namespace popradio {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(AppendJsonString, EscapesWhatMustBeAndWhatAPageCouldMistake) {
  EXPECT_EQ(Quoted("Love Story"), R"("Love Story")");
  EXPECT_EQ(Quoted("a\"b\\c\nd\te\x01"), R"("a\"b\\c\nd\te\u0001")");
  EXPECT_EQ(Quoted("</script>"), R"("\u003c/script>")");
  EXPECT_EQ(Quoted("💕✨é"), "\"💕✨é\"");
}

TEST(AppendJsonString, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(Quoted("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(Quoted("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
  EXPECT_EQ(Quoted("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // surrogate
  EXPECT_EQ(Quoted("\xF0\x9F\x92"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // cut off
}

TEST(AppendJsonString, IsAlwaysReadBackByAJsonParser) {
  SeededRandom random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::uint64_t n = random.Below(24); n > 0; --n)
      text += static_cast<char>(random.Below(256));
    boost::system::error_code error;
    const auto value = boost::json::parse(Quoted(text), error);
    ASSERT_FALSE(error) << Quoted(text);
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
    if (ascii) {
      EXPECT_EQ(value.as_string(), text);
    }
  }
}

TEST(AppendInt, WritesTheWholeRange) {
  std::string out;
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
    AppendInt(out, n);
    out += ' ';
  }
  EXPECT_EQ(out, "0 -1 -9223372036854775808 9223372036854775807 ");
}

}  // namespace
}  // namespace popradio
