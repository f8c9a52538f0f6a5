#include "http/query.h"

#include <gtest/gtest.h>

namespace popradio::http {
namespace {

TEST(Query, DecodesNamesAndValues) {
  struct Case {
    const char* raw;
    const char* name;
    const char* value;
  };
  const Case cases[] = {
      {"page=2", "page", "2"},       {"a=1&page=2&b=3", "page", "2"}, {"page", "page", ""},
      {"page=", "page", ""},         {"&&page=2&&", "page", "2"},     {"q=a+b%2Bc", "q", "a b+c"},
      {"q=%C3%A4", "q", "ä"},        {"q=a=b", "q", "a=b"},           {"%70age=%32", "page", "2"},
      {"q=\xc3\xa4", "q", "ä"},      {"x=1&x=2&q=3", "q", "3"},       {"=5", "", "5"},
      {"q=%e2%82%AC%26", "q", "€&"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.raw);
    const auto query = Query::Parse(c.raw);
    ASSERT_TRUE(query.has_value());
    const auto value = query->Get(c.name);
    ASSERT_TRUE(value.has_value());
    ASSERT_TRUE(value->has_value());
    EXPECT_EQ(**value, c.value);
  }
}

TEST(Query, SaysThatAParameterIsMissing) {
  const auto query = Query::Parse("a=1");
  ASSERT_TRUE(query.has_value());
  const auto value = query->Get("b");
  ASSERT_TRUE(value.has_value());
  EXPECT_FALSE(value->has_value());
}

TEST(Query, RefusesWhatIsNoText) {
  for (const std::string_view raw :
       {"a=%", "a=%4", "a=%4g", "%=1", "a=%00", "a=%ff", "a=%c3", "a=%ed%a0%80", "a=%c0%80",
        "a=%f4%90%80%80", "a=\xff", "a=%e2%82", "a=%80"}) {
    SCOPED_TRACE(raw);
    const auto query = Query::Parse(raw);
    ASSERT_FALSE(query.has_value());
    EXPECT_EQ(query.error().code, ErrorCode::kInvalidParameter);
  }
}

TEST(Query, RefusesAParameterGivenTwiceByName) {
  const auto query = Query::Parse("page=1&%70age=1");
  ASSERT_TRUE(query.has_value());
  const auto value = query->Get("page");
  ASSERT_FALSE(value.has_value());
  EXPECT_NE(value.error().message.find("\"page\""), std::string::npos);
}

TEST(Query, TakesNoMoreParametersThanTheLimit) {
  std::string raw;
  for (std::size_t i = 0; i < kMaxQueryParameters; ++i) raw += "a" + std::to_string(i) + "=&";
  EXPECT_TRUE(Query::Parse(raw).has_value());
  EXPECT_FALSE(Query::Parse(raw + "b=").has_value());
}

TEST(Query, KeepsItsViewsWhenItMoves) {
  auto parsed = Query::Parse("q=%41");
  const Query query = std::move(*parsed);
  EXPECT_EQ(**query.Get("q"), "A");
}

TEST(PercentDecode, DecodesPathSegments) {
  EXPECT_EQ(PercentDecode("a%20b+c"), "a b+c");
  EXPECT_EQ(PercentDecode("%zz"), std::nullopt);
  EXPECT_EQ(PercentDecode("%00"), std::nullopt);
  EXPECT_EQ(PercentDecode("%fe"), std::nullopt);
}

}  // namespace
}  // namespace popradio::http
