#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <fstream>
#include <set>

#include "api/idempotency.h"
#include "api/json_body.h"
#include "api/limit_headers.h"
#include "api/origin_rules.h"
#include "api/paging.h"
#include "api/service.h"

namespace popradio::api {
namespace {

http::Query Parse(std::string_view raw) { return std::move(*http::Query::Parse(raw)); }

http::Request RequestWith(std::initializer_list<http::HeaderField> fields) {
  http::Request request;
  request.host = "radio.example";
  for (const auto& field : fields) request.fields[request.field_count++] = field;
  return request;
}

TEST(Paging, AnyRunOfDigitsIsAWholeNumber) {
  const std::string huge = "limit=1" + std::string(30, '0');
  EXPECT_EQ(*ReadLimit(Parse(huge)), 100);
  EXPECT_EQ(*ReadLimit(Parse("limit=007")), 7);
  EXPECT_EQ(*ReadLimit(Parse("")), 20);
  EXPECT_EQ(*ReadLimit(Parse("limit=101")), 100);
}

TEST(Paging, NamesTheParameterThatDoesNotFit) {
  for (const char* query : {"limit=0", "limit=-1", "limit=abc", "limit=1.5", "limit=", "limit=%2B5",
                            "limit=+5", "limit=1e3", "limit=0x1"}) {
    const auto result = ReadPageRequest(Parse(query), 'r');
    ASSERT_FALSE(result) << query;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidParameter);
    EXPECT_EQ(result.error().message, "limit must be a whole number from 1 on");
  }
  EXPECT_TRUE(ReadPageRequest(Parse("page=x"), 'r').error().message.starts_with("page "));
  EXPECT_TRUE(
      ReadPageRequest(Parse("cursor=nonsense"), 'r').error().message.starts_with("cursor "));
}

TEST(Paging, ACursorComesBackAsItWentAndBelongsToItsList) {
  const Cursor cursor{
      'p', 3, {42538, -1, 1'770'114'300'000, *ObjectId::Parse("507f1f77bcf86cd799439011")}};
  const std::string text = EncodeCursor(cursor);
  EXPECT_LE(text.size(), kMaxCursorBytes);
  EXPECT_EQ(DecodeCursor(text), cursor);
  EXPECT_TRUE(ReadPageRequest(Parse("cursor=" + text), 'p'));
  EXPECT_FALSE(ReadPageRequest(Parse("cursor=" + text), 'r'));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string broken = text;
    broken[i] = '~';
    EXPECT_FALSE(DecodeCursor(broken)) << i;
  }
  EXPECT_FALSE(DecodeCursor(text.substr(1)));
}

// A list that changes between the pages, against following the cursor: nothing twice, and nothing
// left out of what was there all the time.
TEST(Paging, FollowingCursorsNeitherRepeatsNorLosesWhatStays) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SeededRandom random(seed);
    std::vector<std::int64_t> keys(400);
    for (auto& key : keys) key = static_cast<std::int64_t>(random.Below(50));
    const auto key_of = [&](Catalogue::Index i) {
      std::array<std::uint8_t, 12> id{};
      id[10] = static_cast<std::uint8_t>(i >> 8);
      id[11] = static_cast<std::uint8_t>(i);
      return SortKey{keys[i], 0, 0, ObjectId(id)};
    };
    std::set<Catalogue::Index> always, here;
    for (Catalogue::Index i = 0; i < 400; ++i) {
      if (random.Below(4) != 0) always.insert(i);
      here.insert(i);
    }
    std::set<Catalogue::Index> seen;
    PageRequest request;
    request.limit = static_cast<std::int64_t>(1 + random.Below(40));
    std::int64_t expected_page = 1;
    for (;;) {
      std::vector<Catalogue::Index> list(here.begin(), here.end());
      std::sort(list.begin(), list.end(), [&](auto a, auto b) { return key_of(a) > key_of(b); });
      const Page page = Cut(list, request, 'r', key_of);
      EXPECT_EQ(page.number, expected_page++);
      for (std::size_t i = page.begin; i < page.end; ++i) {
        EXPECT_TRUE(seen.insert(list[i]).second) << "twice: " << list[i];
      }
      if (!page.next) break;
      request.cursor = DecodeCursor(EncodeCursor(*page.next));
      for (Catalogue::Index i = 0; i < 400; ++i) {
        if (!always.contains(i) && random.Below(3) == 0 && !here.erase(i)) here.insert(i);
      }
    }
    for (const auto i : always) EXPECT_TRUE(seen.contains(i)) << "lost: " << i;
  }
}

TEST(Paging, APageBehindTheEndIsEmpty) {
  const std::vector<Catalogue::Index> list(25);
  const auto key_of = [](Catalogue::Index) { return SortKey(); };
  for (const std::int64_t number : {std::int64_t{3}, std::int64_t{1000}, kHugeNumber}) {
    PageRequest request;
    request.page = number;
    const Page page = Cut(list, request, 'r', key_of);
    EXPECT_EQ(page.begin, page.end);
    EXPECT_FALSE(page.next);
    EXPECT_EQ(page.total, 25u);
  }
}

TEST(Paging, WritesTheDocumentsPagination) {
  Page page;
  page.total = 289;
  page.end = 20;
  std::string out;
  AppendPagination(out, page, "totalSongs");
  EXPECT_EQ(out,
            R"("pagination":{"currentPage":1,"totalPages":15,"totalSongs":289,"hasNext":false,)"
            R"("hasPrev":false,"limit":20,"nextCursor":null})");
}

TEST(JsonBody, TakesOneObjectAndNothingElse) {
  EXPECT_TRUE(ParseObject(R"({"text":"x","more":[{"text":1}],"null":null})"));
  for (const char* body :
       {"", "[]", "null", "\"x\"", "{", "{}x", "{}{}", "{'a':1}", "{\"a\":1,}", "{\"a\":01}",
        "{\"a\":1e400}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\xff\"}", "{\"a\":1 /* c */}"}) {
    const auto result = ParseObject(body);
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidJson) << body;
  }
}

TEST(JsonBody, RefusesANameGivenTwiceAtAnyDepth) {
  for (const char* body :
       {R"({"text":"a","text":"b"})", R"({"a":{"b":1,"b":2}})", R"({"a":[{"b":1,"\u0062":2}]})"}) {
    const auto result = ParseObject(body);
    ASSERT_FALSE(result) << body;
    EXPECT_NE(result.error().message.find("twice"), std::string::npos);
  }
  EXPECT_TRUE(ParseObject(R"({"a":{"b":1},"b":2})"));
}

TEST(JsonBody, RefusesWhatIsTooDeep) {
  const auto nested = [](int n) {
    return "{\"a\":" + std::string(n, '[') + std::string(n, ']') + "}";
  };
  EXPECT_TRUE(ParseObject(nested(10)));
  EXPECT_FALSE(ParseObject(nested(5000)));
}

TEST(JsonBody, ReadsFieldsStrictly) {
  const auto body = *ParseObject(
      R"({"n":235,"whole":235.0,"half":1.5,"big":1e30,"text":"x","yes":true,"nil":null})");
  EXPECT_EQ(**IntField(body, "n", 1, 300), 235);
  EXPECT_EQ(**IntField(body, "whole", 1, 300), 235);
  EXPECT_FALSE(*IntField(body, "missing", 1, 300));
  for (const char* name : {"half", "big", "text", "yes", "nil"})
    EXPECT_FALSE(IntField(body, name, 1, 300)) << name;
  EXPECT_EQ(IntField(body, "n", 1, 100).error().message,
            "n must be a whole number between 1 and 100");
  EXPECT_FALSE(TextField(body, "nil"));
  EXPECT_FALSE(BoolField(body, "n"));
  EXPECT_TRUE(IsNull(body, "nil"));
}

TEST(JsonBody, KnowsItsMediaType) {
  for (const char* type :
       {"application/json", "Application/JSON; charset=utf-8", "application/json ;x=y"}) {
    EXPECT_TRUE(IsJson(RequestWith({{"Content-Type", type}}))) << type;
  }
  for (const char* type :
       {"text/plain", "application/jsonp", "application/x-www-form-urlencoded", ""}) {
    EXPECT_FALSE(IsJson(RequestWith({{"content-type", type}}))) << type;
  }
  EXPECT_FALSE(IsJson(RequestWith({})));
}

TEST(IdempotencyKey, IsOneToTwoHundredVisibleCharacters) {
  EXPECT_FALSE(*ReadIdempotencyKey(RequestWith({})));
  const std::string longest(200, '~'), longer(201, '~');
  EXPECT_EQ(**ReadIdempotencyKey(RequestWith({{"Idempotency-Key", longest}})), longest);
  for (const std::string_view key : {std::string_view(""), std::string_view("a b"),
                                     std::string_view("caf\xc3\xa9"), std::string_view(longer)}) {
    EXPECT_FALSE(ReadIdempotencyKey(RequestWith({{"Idempotency-Key", key}}))) << key;
  }
}

TEST(OriginRules, TellWritesOfOtherSitesByFetchMetadata) {
  const OriginRules rules({"https://app.example"}, "https://public.example");
  struct Case {
    std::initializer_list<http::HeaderField> headers;
    bool cross_site;
  };
  const Case cases[] = {
      {{}, false},  // no browser
      {{{"Sec-Fetch-Site", "same-origin"}}, false},
      {{{"Sec-Fetch-Site", "same-site"}}, false},
      {{{"Sec-Fetch-Site", "none"}}, false},
      {{{"Sec-Fetch-Site", "cross-site"}}, true},
      {{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}}, true},
      {{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://app.example"}}, false},
      {{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://APP.example"}}, false},
      {{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://app.example.evil.example"}}, true},
      {{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://app.example"}}, true},
      {{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "null"}}, true},
      // A proxy rewrote Host, and the browser vouches for the page.
      {{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://outside.example"}}, false},
      // An old browser: Origin against Host.
      {{{"Origin", "http://radio.example"}}, false},
      {{{"Origin", "https://RADIO.example"}}, false},
      {{{"Origin", "https://evil.example"}}, true},
      {{{"Origin", "http://radio.example:8080"}}, true},
      {{{"Origin", "null"}}, true},
      {{{"Origin", "https://public.example"}}, false},
  };
  for (const Case& c : cases) {
    std::string what;
    for (const auto& field : c.headers)
      what.append(field.name).append(": ").append(field.value).append("; ");
    EXPECT_EQ(rules.IsCrossSiteWrite(RequestWith(c.headers)), c.cross_site) << what;
  }
}

TEST(OriginRules, LetNobodyInUnlessAsked) {
  http::Response response;
  const auto request = RequestWith({{"Origin", "https://app.example"}});
  OriginRules({}, "").AddHeaders(request, response);
  EXPECT_EQ(response.headers(), "");
  OriginRules({"https://app.example"}, "").AddHeaders(request, response);
  EXPECT_EQ(response.FindHeader("Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_EQ(response.FindHeader("Vary"), "Origin");
  response.Clear();
  OriginRules({"*"}, "").AddHeaders(request, response);
  EXPECT_EQ(response.FindHeader("Access-Control-Allow-Origin"), "https://app.example");
  response.Clear();
  OriginRules({"https://other.example"}, "").AddHeaders(request, response);
  EXPECT_EQ(response.FindHeader("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(response.FindHeader("Vary"), "Origin");
}

TEST(LimitHeaders, AreStructuredFields) {
  http::Response response;
  store::LimitDecision api, like;
  api.limit = 1000;
  api.remaining = 998;
  api.reset_s = 3540;
  like.action = store::LimitAction::kLike;
  like.limit = 100;
  like.remaining = 99;
  like.reset_s = 3600;
  AddLimitHeaders(std::nullopt, api, response);
  EXPECT_EQ(response.headers(),
            "RateLimit-Policy: \"api\";q=1000;w=3600\r\nRateLimit: \"api\";r=998;t=3540\r\n");
  response.Clear();
  AddLimitHeaders(like, api, response);
  EXPECT_EQ(response.FindHeader("RateLimit-Policy"),
            "\"like\";q=100;w=3600, \"api\";q=1000;w=3600");
  EXPECT_EQ(response.FindHeader("RateLimit"), "\"like\";r=99;t=3600, \"api\";r=998;t=3540");
  response.Clear();
  like.allowed = false;
  like.retry_after_s = 900;
  AddLimitHeaders(like, std::nullopt, response);
  EXPECT_EQ(response.FindHeader("RateLimit"), "\"like\";r=0;t=900");
  response.Clear();
  AddLimitHeaders(std::nullopt, store::LimitDecision(), response);
  EXPECT_EQ(response.headers(), "") << "what has no limit says nothing";
}

// Both ways: every route is described, and every description is served.
TEST(RouteTable, AgreesWithTheDescription) {
  std::ifstream file(std::string(POPRADIO_SOURCE_DIR) + "/api/openapi.yaml");
  ASSERT_TRUE(file);
  std::set<std::string> described;
  std::string line, path;
  bool in_paths = false;
  while (std::getline(file, line)) {
    if (!line.empty() && line[0] != ' ' && line[0] != '#') in_paths = line == "paths:";
    if (!in_paths) continue;
    if (line.starts_with("  /") && line.back() == ':') path = line.substr(2, line.size() - 3);
    for (const auto& [key, method] :
         {std::pair("get", "GET"), std::pair("post", "POST"), std::pair("patch", "PATCH"),
          std::pair("put", "PUT"), std::pair("delete", "DELETE")}) {
      if (line == std::string("    ") + key + ":")
        described.insert(std::string(method) + " " + path);
    }
  }
  std::set<std::string> served;
  const boost::json::value routes = boost::json::parse(RoutesAsJson());
  for (const auto& route : routes.as_array()) {
    served.insert(std::string(route.at("method").as_string()) + " " +
                  std::string(route.at("path").as_string()));
    EXPECT_FALSE(route.at("doc").as_string().empty());
  }
  EXPECT_GT(described.size(), 40u);
  EXPECT_EQ(served, described);
}

}  // namespace
}  // namespace popradio::api
