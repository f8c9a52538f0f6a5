#include "http/parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace popradio::http {
namespace {

using Outcome = RequestParser::Outcome;

struct Parsed {
  Outcome outcome = Outcome::kNeedMore;
  int status = 0;  // after an error
  std::string body;
  std::size_t used = 0;  // head and body
  std::string path, query, method;
  bool keep_alive = false;
};

// Feeds `bytes` in two pieces, cut at `cut`, the way a connection would.
Parsed Parse(const std::string& bytes, std::size_t cut, std::uint64_t max_body = 1024) {
  RequestParser parser;
  Request request;
  Parsed parsed;
  std::string buffer;
  std::size_t body_at = 0;
  bool head_done = false;
  for (const std::string& piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    buffer += piece;
    buffer.shrink_to_fit();  // so that a stale view is a fault under ASan
    if (!head_done) {
      parsed.outcome = parser.ParseHead(buffer, request);
      if (parsed.outcome == Outcome::kError) break;
      if (parsed.outcome == Outcome::kNeedMore) continue;
      head_done = true;
      body_at = parser.head_size();
      parsed.method = request.method_name;
      parsed.path = request.path;
      parsed.query = request.query;
      parsed.keep_alive = request.keep_alive;
    }
    if (parser.chunked()) {
      std::size_t consumed = 0;
      parsed.outcome = parser.DecodeChunks(std::string_view(buffer).substr(body_at), max_body,
                                           parsed.body, consumed);
      body_at += consumed;
      if (parsed.outcome != Outcome::kNeedMore) break;
    } else {
      const auto length = static_cast<std::size_t>(parser.content_length());
      parsed.outcome = buffer.size() - body_at >= length ? Outcome::kDone : Outcome::kNeedMore;
      if (parsed.outcome == Outcome::kDone) {
        parsed.body = buffer.substr(body_at, length);
        body_at += length;
        break;
      }
    }
  }
  parsed.used = body_at;
  if (parsed.outcome == Outcome::kError) parsed.status = parser.error().status;
  return parsed;
}

std::string Repeat(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string GetWith(const std::string& lines) { return "GET / HTTP/1.1\r\n" + lines + "\r\n"; }

struct RefusedCase {
  const char* name;
  std::string bytes;
  int status;
};

void PrintTo(const RefusedCase& c, std::ostream* out) { *out << c.name; }

class MalformedRequest : public testing::TestWithParam<RefusedCase> {};

TEST_P(MalformedRequest, IsRefusedWithTheSameStatusHoweverItIsCut) {
  const RefusedCase& c = GetParam();
  // Long ones are cut at every byte near their ends and at every 97th between.
  for (std::size_t cut = 0; cut <= c.bytes.size(); ++cut) {
    if (cut > 300 && cut + 300 < c.bytes.size() && cut % 97 != 0) continue;
    const Parsed parsed = Parse(c.bytes, cut);
    ASSERT_EQ(parsed.outcome, Outcome::kError) << "cut at " << cut;
    ASSERT_EQ(parsed.status, c.status) << "cut at " << cut;
  }
}

const std::string kHostField = "Host: a\r\n";
const std::string kPost = "POST /x HTTP/1.1\r\nHost: a\r\n";
const std::string kChunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";

INSTANTIATE_TEST_SUITE_P(
    Table, MalformedRequest,
    testing::Values(
        RefusedCase{"BareLineFeeds", "GET / HTTP/1.1\nHost: a\n\n", 400},
        RefusedCase{"BareLineFeedAfterTheRequestLine", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
        RefusedCase{"BareLineFeedAfterAField", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
        RefusedCase{"BareLineFeedAtTheEnd", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
        RefusedCase{"BareCarriageReturnInAValue", GetWith("Host: a\rb\r\n"), 400},
        RefusedCase{"TwoCarriageReturns", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"FoldedField", GetWith(kHostField + "X: a\r\n b\r\n"), 400},
        RefusedCase{"FoldedWithATab", GetWith(kHostField + "X: a\r\n\tb\r\n"), 400},
        RefusedCase{"FoldedFirstField", GetWith(" Host: a\r\n"), 400},
        RefusedCase{"BlankBeforeTheColon", GetWith("Host : a\r\n"), 400},
        RefusedCase{"FieldWithoutAName", GetWith(kHostField + ": a\r\n"), 400},
        RefusedCase{"FieldWithoutAColon", GetWith(kHostField + "nonsense\r\n"), 400},
        RefusedCase{"FieldNameWithABracket", GetWith(kHostField + "X[]: a\r\n"), 400},
        RefusedCase{"NulInAValue", GetWith(kHostField + "X: a" + std::string(1, '\0') + "b\r\n"),
                    400},
        RefusedCase{"EscapeInAValue", GetWith(kHostField + "X: a\x1b[0m\r\n"), 400},
        RefusedCase{"DeleteInAValue", GetWith(kHostField + "X: a\x7f\r\n"), 400},
        RefusedCase{"NoHost", GetWith(""), 400},
        RefusedCase{"TwoHosts", GetWith("Host: a\r\nHost: a\r\n"), 400},
        RefusedCase{"TwoHostsIn10", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        RefusedCase{"EmptyHost", GetWith("Host:\r\n"), 400},
        RefusedCase{"HostWithASlash", GetWith("Host: a/b\r\n"), 400},
        RefusedCase{"HostWithAnAt", GetWith("Host: u@a\r\n"), 400},
        RefusedCase{"HostWithABlank", GetWith("Host: a b\r\n"), 400},
        RefusedCase{"HostWithAComma", GetWith("Host: a,b\r\n"), 400},
        RefusedCase{"HostWithABadPort", GetWith("Host: a:8x\r\n"), 400},
        RefusedCase{"HostWithAnOpenBracket", GetWith("Host: [::1\r\n"), 400},
        RefusedCase{"LengthTwiceEqual", kPost + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                    400},
        RefusedCase{"LengthTwiceDifferent",
                    kPost + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
        RefusedCase{"LengthList", kPost + "Content-Length: 3, 3\r\n\r\nabc", 400},
        RefusedCase{"LengthWithASign", kPost + "Content-Length: +3\r\n\r\nabc", 400},
        RefusedCase{"LengthNegative", kPost + "Content-Length: -3\r\n\r\nabc", 400},
        RefusedCase{"LengthHexadecimal", kPost + "Content-Length: 0x3\r\n\r\nabc", 400},
        RefusedCase{"LengthEmpty", kPost + "Content-Length:\r\n\r\n", 400},
        RefusedCase{"LengthWithAFraction", kPost + "Content-Length: 3.0\r\n\r\nabc", 400},
        RefusedCase{"LengthBeyond64Bits", kPost + "Content-Length: 18446744073709551617\r\n\r\na",
                    400},
        RefusedCase{"LengthThenChunked",
                    kPost + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    400},
        RefusedCase{"ChunkedThenLength",
                    kPost + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
                    400},
        RefusedCase{
            "ChunkedTwice",
            kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400},
        RefusedCase{
            "ChunkedThenIdentity",
            kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            400},
        RefusedCase{"GzipThenChunked", kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                    501},
        RefusedCase{"IdentityCoding", kPost + "Transfer-Encoding: identity\r\n\r\n", 501},
        RefusedCase{"MisspeltCoding", kPost + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
        RefusedCase{"CodingWithAParameter",
                    kPost + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", 501},
        RefusedCase{"ChunkedIn10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    400},
        RefusedCase{"UnreadableConnection", GetWith(kHostField + "Connection: a b\r\n"), 400},
        RefusedCase{"MethodWithABracket", "GE[T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"NoMethod", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"TlsGreeting", std::string("\x16\x03\x01\x02\x00\x01", 6), 400},
        RefusedCase{"Http09", "GET /\r\n\r\n", 400},
        RefusedCase{"TwoBlanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"BlankAfterTheVersion", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
        RefusedCase{"TabInTheRequestLine", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"LowerCaseProtocol", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        RefusedCase{"Http3", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
        RefusedCase{"Http12", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
        RefusedCase{"VersionOfTwoDigits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"PathWithoutASlash", "GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"StarForGet", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"Connect", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400},
        RefusedCase{"Fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"NulInThePath",
                    "GET /a" + std::string(1, '\0') + " HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"AnotherHostInTheTarget", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"AnotherScheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"UserInTheTarget", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        RefusedCase{"FiveEmptyLines", Repeat("\r\n", 5) + GetWith(kHostField), 400},
        RefusedCase{"EmptyLineOfLf", "\n" + GetWith(kHostField), 400},
        RefusedCase{"LongRequestLine",
                    "GET /" + std::string(kMaxRequestLine, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
                    414},
        RefusedCase{"EndlessRequestLine", "GET /" + std::string(kMaxRequestLine + 100, 'a'), 414},
        RefusedCase{"LargeField",
                    GetWith(kHostField + "X: " + std::string(kMaxHeaderBlock, 'a') + "\r\n"), 431},
        RefusedCase{"EndlessField", "GET / HTTP/1.1\r\nX: " + std::string(kMaxHeaderBlock + 1, 'a'),
                    431},
        RefusedCase{"ManyFields", GetWith(kHostField + Repeat("a: b\r\n", kMaxHeaderFields)), 431},
        RefusedCase{"ChunkSizeMissing", kChunked + "\r\nabc\r\n0\r\n\r\n", 400},
        RefusedCase{"ChunkSizeNegative", kChunked + "-1\r\nabc\r\n0\r\n\r\n", 400},
        RefusedCase{"ChunkSizeWithPrefix", kChunked + "0x3\r\nabc\r\n0\r\n\r\n", 400},
        RefusedCase{"ChunkSizeWithABlank", kChunked + "3 \r\nabc\r\n0\r\n\r\n", 400},
        RefusedCase{"ChunkSizeBeyond64Bits", kChunked + "10000000000000003\r\nabc\r\n0\r\n\r\n",
                    400},
        RefusedCase{"ChunkLineEndsWithLf", kChunked + "3\nabc\r\n0\r\n\r\n", 400},
        RefusedCase{"ChunkLongerThanSaid", kChunked + "3\r\nabcd\r\n0\r\n\r\n", 400},
        RefusedCase{"ChunkEndsWithLf", kChunked + "3\r\nabc\n0\r\n\r\n", 400},
        RefusedCase{"ChunkExtensionWithoutAName", kChunked + "3;\r\nabc\r\n0\r\n\r\n", 400},
        RefusedCase{"ChunkExtensionWithALineFeed", kChunked + "3;a=\"\n\"\r\nabc\r\n0\r\n\r\n",
                    400},
        RefusedCase{
            "ChunkExtensionsTooLong",
            kChunked + Repeat("1;a=" + std::string(1000, 'b') + "\r\nx\r\n", 5) + "0\r\n\r\n", 400},
        RefusedCase{"ChunkLineWithoutEnd", kChunked + std::string(10'000, '0'), 400},
        RefusedCase{"TrailersTooLong",
                    kChunked + "0\r\nX: " + std::string(kMaxTrailers, 'a') + "\r\n\r\n", 400},
        RefusedCase{"TrailerWithALength", kChunked + "0\r\nContent-Length: 5\r\n\r\n", 400},
        RefusedCase{"ChunksOverTheLimit",
                    kChunked + Repeat("100\r\n" + std::string(256, 'a') + "\r\n", 5), 413}),
    [](const auto& test) { return std::string(test.param.name); });

struct AcceptedCase {
  const char* name;
  std::string bytes;
  std::string path, query, body;
  bool keep_alive = true;
};

void PrintTo(const AcceptedCase& c, std::ostream* out) { *out << c.name; }

class WellFormedRequest : public testing::TestWithParam<AcceptedCase> {};

TEST_P(WellFormedRequest, IsReadTheSameHoweverItIsCut) {
  const AcceptedCase& c = GetParam();
  const std::string bytes = c.bytes + "NEXT";  // what belongs to the next request is left alone
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    if (cut > 300 && cut + 300 < bytes.size() && cut % 97 != 0) continue;
    const Parsed parsed = Parse(bytes, cut);
    ASSERT_EQ(parsed.outcome, Outcome::kDone) << "cut at " << cut << ": " << parsed.status;
    ASSERT_EQ(parsed.path, c.path);
    ASSERT_EQ(parsed.query, c.query);
    ASSERT_EQ(parsed.body, c.body) << "cut at " << cut;
    ASSERT_EQ(parsed.keep_alive, c.keep_alive);
    ASSERT_EQ(parsed.used, c.bytes.size()) << "cut at " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, WellFormedRequest,
    testing::Values(
        AcceptedCase{"Plain", GetWith(kHostField), "/", "", ""},
        AcceptedCase{"WithAQuery", "GET /a/b?c=d?e HTTP/1.1\r\nhost: a\r\n\r\n", "/a/b", "c=d?e",
                     ""},
        AcceptedCase{"NeverDecoded", "GET /a%2Fb%00/../c HTTP/1.1\r\nHost: a\r\n\r\n",
                     "/a%2Fb%00/../c", "", ""},
        AcceptedCase{"EmptyLinesBefore", "\r\n\r\n\r\n\r\n" + GetWith(kHostField), "/", "", ""},
        AcceptedCase{"BlanksAroundAValue", GetWith("Host: \t a \t\r\n"), "/", "", ""},
        AcceptedCase{"HostWithAPort", GetWith("Host: example.org:8080\r\n"), "/", "", ""},
        AcceptedCase{"HostInBrackets", GetWith("Host: [::1]:8080\r\n"), "/", "", ""},
        AcceptedCase{"AbsoluteTarget", "GET http://A:80/x?y HTTP/1.1\r\nHost: a\r\n\r\n", "/x", "y",
                     ""},
        AcceptedCase{"AbsoluteTargetWithoutAPath", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "/",
                     "", ""},
        AcceptedCase{"AbsoluteTargetWithAQueryOnly", "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n",
                     "/", "b", ""},
        AcceptedCase{"StarForOptions", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*", "", ""},
        AcceptedCase{"UnknownMethod", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", "/pot", "", ""},
        AcceptedCase{"Http10", "GET / HTTP/1.0\r\n\r\n", "/", "", "", false},
        AcceptedCase{"Http10KeepAlive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "/", "",
                     ""},
        AcceptedCase{"CloseIn11", GetWith(kHostField + "Connection: TE, Close\r\n"), "/", "", "",
                     false},
        AcceptedCase{"Length", kPost + "Content-Length: 3\r\n\r\nabc", "/x", "", "abc"},
        AcceptedCase{"LengthZero", kPost + "Content-Length: 0\r\n\r\n", "/x", "", ""},
        AcceptedCase{"LengthWithZeros", kPost + "Content-Length: 003\r\n\r\nabc", "/x", "", "abc"},
        AcceptedCase{"Chunks", kChunked + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", "/x", "",
                     "abc0123456789"},
        AcceptedCase{"ChunkedInCapitals",
                     kPost + "Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "/x", "",
                     "a"},
        AcceptedCase{"NoChunks", kChunked + "0\r\n\r\n", "/x", "", ""},
        AcceptedCase{"ChunkOfLineEnds", kChunked + "6\r\n\r\n\r\n\r\n\r\n000\r\n\r\n", "/x", "",
                     "\r\n\r\n\r\n"},
        AcceptedCase{"ChunkExtensions", kChunked + "3;a;b=c;d=\"e;f\"\r\nabc\r\n0;x\r\n\r\n", "/x",
                     "", "abc"},
        AcceptedCase{"Trailers", kChunked + "3\r\nabc\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n", "/x", "",
                     "abc"},
        AcceptedCase{
            "LongestRequestLine",
            "GET /" + std::string(kMaxRequestLine - 14, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "/" + std::string(kMaxRequestLine - 14, 'a'), "", ""},
        AcceptedCase{"MostFields", GetWith(kHostField + Repeat("a: b\r\n", kMaxHeaderFields - 1)),
                     "/", "", ""},
        AcceptedCase{"LargestHeaders",
                     GetWith(kHostField + "X: " + std::string(kMaxHeaderBlock - 16, 'a') + "\r\n"),
                     "/", "", ""}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(RequestParser, ReadsByteByByte) {
  RequestParser parser;
  Request request;
  const std::string bytes = "GET /songs HTTP/1.1\r\nHost: a\r\nX-Session-Id:  7 \r\n\r\n";
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    ASSERT_EQ(parser.ParseHead({bytes.data(), n}, request), Outcome::kNeedMore) << n;
  }
  ASSERT_EQ(parser.ParseHead(bytes, request), Outcome::kDone);
  EXPECT_EQ(request.Header("x-session-id"), "7");
  EXPECT_EQ(request.Header("X-SESSION-ID"), "7");
  EXPECT_TRUE(request.HasHeader("host"));
  EXPECT_FALSE(request.HasHeader("x-session"));
  EXPECT_EQ(request.Header("x-session"), "");
  EXPECT_EQ(request.headers().size(), 2u);
}

TEST(RequestParser, DecodesChunksByteByByte) {
  for (const std::string chunks :
       {"0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", "3;x=\"y\"\r\nabc\r\n0\r\nA: b\r\n\r\n"}) {
    RequestParser parser;
    Request request;
    ASSERT_EQ(parser.ParseHead(kChunked, request), Outcome::kDone);
    std::string body, pending;
    Outcome outcome = Outcome::kNeedMore;
    for (const char c : chunks) {
      ASSERT_EQ(outcome, Outcome::kNeedMore);
      pending += c;
      std::size_t consumed = 0;
      outcome = parser.DecodeChunks(pending, 100, body, consumed);
      pending.erase(0, consumed);
    }
    EXPECT_EQ(outcome, Outcome::kDone) << chunks;
    EXPECT_EQ(body, chunks[0] == '0' ? "" : "abc");
  }
}

TEST(RequestParser, IsReusedForTheNextRequest) {
  RequestParser parser;
  Request request;
  const std::string first = kPost + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n";
  ASSERT_EQ(parser.ParseHead(first, request), Outcome::kDone);
  EXPECT_EQ(parser.expectation(), RequestParser::Expectation::kContinue);
  EXPECT_TRUE(parser.has_body());
  parser.Reset();
  ASSERT_EQ(parser.ParseHead("HEAD / HTTP/1.1\r\nHost: b\r\n\r\n", request), Outcome::kDone);
  EXPECT_EQ(request.method, Method::kHead);
  EXPECT_EQ(request.host, "b");
  EXPECT_EQ(parser.expectation(), RequestParser::Expectation::kNone);
  EXPECT_FALSE(parser.has_body());
}

TEST(RequestParser, TellsExpectationsApart) {
  RequestParser parser;
  Request request;
  ASSERT_EQ(parser.ParseHead(kPost + "Expect: coffee\r\n\r\n", request), Outcome::kDone);
  EXPECT_EQ(parser.expectation(), RequestParser::Expectation::kUnknown);
}

}  // namespace
}  // namespace popradio::http
