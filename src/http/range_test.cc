#include "http/range.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "http/conditional.h"
#include "http/http_testing.h"

namespace popradio::http {
namespace {

TEST(ParseRange, ReadsOneRange) {
  struct Case {
    const char* value;
    std::uint64_t size;
    RangeKind kind;
    std::uint64_t first, length;
  };
  const Case cases[] = {
      {"bytes=0-99", 1000, RangeKind::kPart, 0, 100},
      {"bytes=0-0", 1000, RangeKind::kPart, 0, 1},
      {"bytes=990-2000", 1000, RangeKind::kPart, 990, 10},
      {"bytes=500-", 1000, RangeKind::kPart, 500, 500},
      {"bytes=-1", 1000, RangeKind::kPart, 999, 1},
      {"bytes=-5000", 1000, RangeKind::kPart, 0, 1000},
      {"Bytes=0-", 1000, RangeKind::kPart, 0, 1000},
      {"bytes=0-99999999999999999999999", 1000, RangeKind::kPart, 0, 1000},
      {"bytes=1000-", 1000, RangeKind::kUnsatisfiable, 0, 0},
      {"bytes=99999999999999999999999-", 1000, RangeKind::kUnsatisfiable, 0, 0},
      {"bytes=-0", 1000, RangeKind::kUnsatisfiable, 0, 0},
      {"bytes=0-", 0, RangeKind::kUnsatisfiable, 0, 0},
      {"bytes=0-1,5-6", 1000, RangeKind::kWhole, 0, 0},
      {"bytes=5-4", 1000, RangeKind::kWhole, 0, 0},
      {"bytes=", 1000, RangeKind::kWhole, 0, 0},
      {"bytes=-", 1000, RangeKind::kWhole, 0, 0},
      {"bytes=a-b", 1000, RangeKind::kWhole, 0, 0},
      {"bytes= 0-1", 1000, RangeKind::kWhole, 0, 0},
      {"items=0-1", 1000, RangeKind::kWhole, 0, 0},
      {"", 1000, RangeKind::kWhole, 0, 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.value);
    ByteRange range;
    ASSERT_EQ(ParseRange(c.value, c.size, range), c.kind);
    if (c.kind != RangeKind::kPart) continue;
    EXPECT_EQ(range.first, c.first);
    EXPECT_EQ(range.length, c.length);
  }
}

ServableFile File() {
  return {FileHandle(::open("/dev/null", O_RDONLY)), 1000, "\"v1\"",
          ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), "video/mp4"};
}

Response Serve(std::initializer_list<HeaderField> fields, Method method = Method::kGet) {
  Response response;
  ServeFile(File(), MakeRequest(method, fields), response);
  return response;
}

TEST(ServeFile, AnswersWithTheWholeFile) {
  const Response response = Serve({});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.BodySize(), 1000u);
  EXPECT_EQ(response.FindHeader("accept-ranges"), "bytes");
  EXPECT_EQ(response.FindHeader("etag"), "\"v1\"");
  EXPECT_EQ(response.FindHeader("last-modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(ServeFile, AnswersWithAPart) {
  Response response = Serve({{"Range", "bytes=100-199"}});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.FindHeader("content-range"), "bytes 100-199/1000");
  EXPECT_EQ(response.file().offset, 100u);
  EXPECT_EQ(response.BodySize(), 100u);
}

TEST(ServeFile, SaysWhatCouldBeHad) {
  const Response response = Serve({{"Range", "bytes=1000-"}});
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response.FindHeader("content-range"), "bytes */1000");
  EXPECT_EQ(response.BodySize(), 0u);
}

TEST(ServeFile, HonoursConditions) {
  EXPECT_EQ(Serve({{"If-None-Match", "\"v1\""}}).status, 304);
  EXPECT_EQ(Serve({{"If-None-Match", "\"v0\""}}).status, 200);
  EXPECT_EQ(Serve({{"If-Match", "\"v0\""}}).status, 412);
  EXPECT_EQ(Serve({{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}).status, 304);
  EXPECT_EQ(Serve({{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT"}}).status, 200);
  EXPECT_EQ(Serve({{"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:36 GMT"}}).status, 412);
  EXPECT_EQ(
      Serve({{"If-None-Match", "\"v0\""}, {"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}})
          .status,
      200);
}

TEST(ServeFile, IgnoresARangeOfAnotherContent) {
  EXPECT_EQ(Serve({{"Range", "bytes=0-1"}, {"If-Range", "\"v1\""}}).status, 206);
  EXPECT_EQ(Serve({{"Range", "bytes=0-1"}, {"If-Range", "\"v0\""}}).status, 200);
  EXPECT_EQ(Serve({{"Range", "bytes=0-1"}, {"If-Range", "W/\"v1\""}}).status, 200);
  EXPECT_EQ(Serve({{"Range", "bytes=0-1"}, {"If-Range", "Sun, 06 Nov 1994 08:49:37 GMT"}}).status,
            206);
  EXPECT_EQ(Serve({{"Range", "bytes=0-1"}, {"If-Range", "Sun, 06 Nov 1994 08:49:38 GMT"}}).status,
            200);
  EXPECT_EQ(Serve({{"Range", "bytes=0-1"}}, Method::kHead).status, 200);
}

TEST(EtagListed, ComparesWeaklyAndStrongly) {
  EXPECT_TRUE(EtagListed("\"a\"", "\"a\"", true));
  EXPECT_TRUE(EtagListed("W/\"a\"", "\"a\"", true));
  EXPECT_FALSE(EtagListed("W/\"a\"", "\"a\"", false));
  EXPECT_FALSE(EtagListed("W/\"a\"", "W/\"a\"", false));
  EXPECT_TRUE(EtagListed("\"x\", W/\"a,b\" ,\"c\"", "\"c\"", true));
  EXPECT_TRUE(EtagListed("\"x\",W/\"a,b\"", "\"a,b\"", true));
  EXPECT_TRUE(EtagListed("*", "\"a\"", false));
  EXPECT_FALSE(EtagListed("a", "a", true));
  EXPECT_FALSE(EtagListed("\"a", "\"a\"", true));
  EXPECT_FALSE(EtagListed("", "\"a\"", true));
}

TEST(HttpDate, GoesThereAndBack) {
  const char* const text = "Sun, 06 Nov 1994 08:49:37 GMT";
  EXPECT_EQ(FormatHttpDate(std::chrono::sys_seconds(std::chrono::seconds(784111777))), text);
  EXPECT_EQ(ParseHttpDate(text)->time_since_epoch().count(), 784111777);
  for (const char* bad : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                          "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(ParseHttpDate(bad)) << bad;
  }
}

TEST(MakeEtag, DependsOnTheBytes) {
  EXPECT_EQ(MakeEtag("abc"), "\"ba7816bf8f01cfea\"");
  EXPECT_NE(MakeEtag("abd"), MakeEtag("abc"));
  EXPECT_EQ(MakeEtag("abc", "-gz"), "\"ba7816bf8f01cfea-gz\"");
}

}  // namespace
}  // namespace popradio::http
