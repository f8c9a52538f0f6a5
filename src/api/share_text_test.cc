#include "api/share_text.h"

#include <gtest/gtest.h>

namespace popradio::api {
namespace {

http::Request Ask(std::string_view host, std::string_view proto, std::string_view peer) {
  http::Request request;
  request.host = host;
  request.peer = boost::asio::ip::make_address(peer);
  if (!proto.empty()) request.fields[request.field_count++] = {"X-Forwarded-Proto", proto};
  return request;
}

TEST(ShareText, LeavesNoWayOutOfTextAndAttributes) {
  EXPECT_EQ(Html(R"(</title><script>alert("1")</script>)"),
            "&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
  EXPECT_EQ(Html("Tom & Jerry's"), "Tom &amp; Jerry&#39;s");
  EXPECT_EQ(Html("&amp;"), "&amp;amp;") << "what looks escaped is text, too";
  EXPECT_EQ(Html(std::string_view("a\0b\x01\x7f", 5)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(Html("米津玄師 ♥"), "米津玄師 ♥");
}

TEST(ShareText, LeavesNoWayOutOfABlockOfData) {
  std::string out;
  AppendJsonData(out, R"({"name":"</script><!--<script>&amp;"})");
  EXPECT_EQ(out, R"({"name":"\u003c/script\u003e\u003c!--\u003cscript\u003e\u0026amp;"})");
}

TEST(ShareText, EncodesWhatMeansSomethingInAQuery) {
  EXPECT_EQ(UrlEncoded("https://r.example/a?b=c&d#e"),
            "https%3A%2F%2Fr.example%2Fa%3Fb%3Dc%26d%23e");
  EXPECT_EQ(UrlEncoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(UrlEncoded("é +"), "%C3%A9%20%2B");
}

TEST(ShareText, CutsBetweenWordsAndNeverWithinACharacter) {
  EXPECT_EQ(OneLine("  one\r\n\n two\tthree ", 100), "one two three");
  EXPECT_EQ(OneLine("one two three", 12), "one two…");
  EXPECT_EQ(OneLine("", 10), "");
  for (std::size_t most = 3; most < 30; ++most) {
    const std::string cut = OneLine("ありがとうございました", most);
    EXPECT_LE(cut.size(), most);
    EXPECT_EQ(cut.size() % 3, 0u) << cut;
    EXPECT_TRUE(cut.ends_with("…"));
  }
}

TEST(ShareText, WritesDurations) {
  EXPECT_EQ(IsoDuration(235), "PT3M55S");
  EXPECT_EQ(IsoDuration(9), "PT9S");
  EXPECT_EQ(IsoDuration(3605), "PT1H0M5S");
  EXPECT_EQ(ClockDuration(235), "3:55");
  EXPECT_EQ(ClockDuration(9), "0:09");
  EXPECT_EQ(ClockDuration(3605), "1:00:05");
}

TEST(ShareText, KnowsWhereTheStationIs) {
  const std::string texts[] = {"10.0.0.0/8"};
  const auto proxies = http::TrustedProxies::Parse(texts);
  ASSERT_TRUE(proxies);
  struct {
    const char *setting, *host, *proto, *peer, *address;
  } const cases[] = {
      {"", "radio.example", "", "203.0.113.7", "http://radio.example"},
      {"", "radio.example:8080", "", "203.0.113.7", "http://radio.example:8080"},
      {"", "radio.example", "https", "10.1.2.3", "https://radio.example"},
      {"", "radio.example", "https", "::ffff:10.1.2.3", "https://radio.example"},
      {"", "radio.example", "HTTPS , http", "10.1.2.3", "https://radio.example"},
      {"", "radio.example", "http, https", "10.1.2.3", "http://radio.example"},
      {"", "radio.example", "javascript", "10.1.2.3", "http://radio.example"},
      {"", "radio.example", "https", "203.0.113.7", "http://radio.example"},  // nobody's proxy
      {"https://pop.example", "evil.example", "http", "10.1.2.3", "https://pop.example"},
      {"", "", "https", "10.1.2.3", ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(PublicAddress(c.setting, Ask(c.host, c.proto, c.peer), *proxies), c.address)
        << c.host << " " << c.proto << " " << c.peer;
  }
}

}  // namespace
}  // namespace popradio::api
