#include "http/static_files.h"

#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "http/compress.h"
#include "http/http_testing.h"

namespace popradio::http {
namespace {

constexpr StaticFile kFiles[] = {
    {"/index.html", "text/html; charset=utf-8", "\"i\"", "identity", "gz", "br", false},
    {"/assets/a-1234.js", "text/javascript", "\"j\"", "script", "", "", true},
};

Response Serve(const StaticFile& file, std::initializer_list<HeaderField> fields,
               Method method = Method::kGet) {
  Response response;
  ServeStatic(file, MakeRequest(method, fields), response);
  return response;
}

TEST(StaticFiles, FindsOnlyWhatIsInTheTable) {
  const StaticFiles files(kFiles);
  EXPECT_EQ(files.size(), 2u);
  EXPECT_EQ(files.Find("/index.html"), &kFiles[0]);
  for (const char* path :
       {"", "/", "/index.html/", "/assets/../index.html", "/%69ndex.html", "/etc/passwd"}) {
    EXPECT_EQ(files.Find(path), nullptr) << path;
  }
}

TEST(ServeStatic, PicksTheCodingThatTheClientLikesBest) {
  struct Case {
    const char* accept;
    const char* body;
    const char* coding;
    const char* etag;
  };
  const Case cases[] = {
      {"", "identity", "", "\"i\""},
      {"gzip, deflate, br", "br", "br", "\"i-br\""},
      {"gzip", "gz", "gzip", "\"i-gzip\""},
      {"gzip;q=1.0, br;q=0.5", "gz", "gzip", "\"i-gzip\""},
      {"br;q=0, gzip;q=0.1", "gz", "gzip", "\"i-gzip\""},
      {"*", "br", "br", "\"i-br\""},
      {"br;q=0, *", "gz", "gzip", "\"i-gzip\""},
      {"gzip;q=0", "identity", "", "\"i\""},
      {"identity;q=0.5, gzip;q=0.2", "identity", "", "\"i\""},
      {"identity", "identity", "", "\"i\""},
      {"GZIP ; Q=0.5", "gz", "gzip", "\"i-gzip\""},
      {"gzip;q=nonsense", "identity", "", "\"i\""},
      {"deflate, zstd", "identity", "", "\"i\""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.accept);
    const Response response = Serve(kFiles[0], {{"Accept-Encoding", c.accept}});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.BodyView(), c.body);
    EXPECT_EQ(response.FindHeader("content-encoding"), c.coding);
    EXPECT_EQ(response.FindHeader("etag"), c.etag);
    EXPECT_EQ(response.FindHeader("vary"), "Accept-Encoding");
  }
}

TEST(ServeStatic, AnswersConditionsAndMethods) {
  EXPECT_EQ(Serve(kFiles[0], {{"If-None-Match", "\"i\""}}).status, 304);
  EXPECT_EQ(Serve(kFiles[0], {{"If-None-Match", "\"i-br\""}, {"Accept-Encoding", "br"}}).status,
            304);
  EXPECT_EQ(Serve(kFiles[0], {{"If-None-Match", "\"i\""}, {"Accept-Encoding", "br"}}).status, 200);
  EXPECT_EQ(Serve(kFiles[0], {}, Method::kHead).status, 200);
  const Response refused = Serve(kFiles[0], {}, Method::kPost);
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.FindHeader("allow"), "GET, HEAD");
}

TEST(ServeStatic, LetsOnlyHashedNamesBeKept) {
  EXPECT_EQ(Serve(kFiles[0], {}).FindHeader("cache-control"), "no-cache");
  EXPECT_EQ(Serve(kFiles[1], {}).FindHeader("cache-control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(Serve(kFiles[1], {{"Accept-Encoding", "gzip, br"}}).BodyView(), "script");
}

std::string Text() {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "{\"title\":\"Song " + std::to_string(i) + "\"},";
  return text;
}

TEST(CompressBody, MakesWhatTheClientCanRead) {
  const std::string text = Text();
  Response response;
  response.body = text;
  CompressBody(MakeRequest(Method::kGet, {{"Accept-Encoding", "gzip"}}), response);
  EXPECT_EQ(response.FindHeader("content-encoding"), "gzip");
  EXPECT_LT(response.BodySize(), text.size() / 3);
  std::string plain(text.size(), '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(response.body.data());
  stream.avail_in = static_cast<uInt>(response.body.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  EXPECT_EQ(plain, text);

  Response brotli;
  brotli.SetStatic(text);
  CompressBody(MakeRequest(Method::kGet, {{"Accept-Encoding", "br"}}), brotli);
  EXPECT_EQ(brotli.FindHeader("content-encoding"), "br");
  std::size_t size = plain.size();
  ASSERT_EQ(BrotliDecoderDecompress(brotli.body.size(),
                                    reinterpret_cast<const std::uint8_t*>(brotli.body.data()),
                                    &size, reinterpret_cast<std::uint8_t*>(plain.data())),
            BROTLI_DECODER_RESULT_SUCCESS);
  EXPECT_EQ(plain.substr(0, size), text);
}

TEST(CompressBody, LeavesAloneWhatIsNotWorthIt) {
  Response small;
  small.body = std::string(kMinCompressedBody - 1, 'a');
  CompressBody(MakeRequest(Method::kGet, {{"Accept-Encoding", "gzip"}}), small);
  EXPECT_EQ(small.FindHeader("content-encoding"), "");
  EXPECT_EQ(small.FindHeader("vary"), "Accept-Encoding");

  Response unwanted;
  unwanted.body = Text();
  CompressBody(MakeRequest(Method::kGet), unwanted);
  EXPECT_EQ(unwanted.body, Text());

  Response noise;  // does not get smaller
  std::uint64_t state = 1;
  for (int i = 0; i < 2000; ++i)
    noise.body += static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
  CompressBody(MakeRequest(Method::kGet, {{"Accept-Encoding", "gzip"}}), noise);
  EXPECT_EQ(noise.FindHeader("content-encoding"), "");
  EXPECT_EQ(noise.body.size(), 2000u);
}

}  // namespace
}  // namespace popradio::http
