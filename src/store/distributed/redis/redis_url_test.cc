#include "store/distributed/redis/redis_url.h"

#include <gtest/gtest.h>

namespace popradio::redis {
namespace {

TEST(ParseRedisUrl, TakesAddressesApart) {
  struct Case {
    const char* text;
    bool tls;
    const char* user;
    const char* password;
    std::vector<Endpoint> hosts;
    int database;
    bool cluster;
    const char* ca_file;
  };
  const Case cases[] = {
      {"redis://localhost", false, "", "", {{"localhost", 6379}}, 0, false, ""},
      {"redis://localhost/", false, "", "", {{"localhost", 6379}}, 0, false, ""},
      {"redis://10.0.0.1:7000/3", false, "", "", {{"10.0.0.1", 7000}}, 3, false, ""},
      {"rediss://h:1", true, "", "", {{"h", 1}}, 0, false, ""},
      {"redis://:secret@h", false, "", "secret", {{"h", 6379}}, 0, false, ""},
      {"redis://ann:secret@h", false, "ann", "secret", {{"h", 6379}}, 0, false, ""},
      {"redis://ann:s%40%2F%3a%25@h", false, "ann", "s@/:%", {{"h", 6379}}, 0, false, ""},
      {"redis://ann:a:b@h", false, "ann", "a:b", {{"h", 6379}}, 0, false, ""},
      {"redis://ann:a@b@h", false, "ann", "a@b", {{"h", 6379}}, 0, false, ""},
      {"redis://[::1]:6380", false, "", "", {{"::1", 6380}}, 0, false, ""},
      {"redis://[::1]", false, "", "", {{"::1", 6379}}, 0, false, ""},
      {"redis://a:1,b,c:3", false, "", "", {{"a", 1}, {"b", 6379}, {"c", 3}}, 0, true, ""},
      {"redis://:p@a:1,b:2/0", false, "", "p", {{"a", 1}, {"b", 2}}, 0, true, ""},
      {"redis://:p@a:1,redis://:p@b:2", false, "", "p", {{"a", 1}, {"b", 2}}, 0, true, ""},
      {"redis://:p@a:1,redis://b:2", false, "", "p", {{"a", 1}, {"b", 2}}, 0, true, ""},
      {"redis://a?cluster=true", false, "", "", {{"a", 6379}}, 0, true, ""},
      {"rediss://a/2?ca_file=%2Fetc%2Fca.pem",
       true,
       "",
       "",
       {{"a", 6379}},
       2,
       false,
       "/etc/ca.pem"},
      {"rediss://a?cluster=true&ca_file=/x y", true, "", "", {{"a", 6379}}, 0, true, "/x y"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto url = ParseRedisUrl(c.text);
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->tls, c.tls);
    EXPECT_EQ(url->user, c.user);
    EXPECT_EQ(url->password, c.password);
    EXPECT_EQ(url->hosts, c.hosts);
    EXPECT_EQ(url->database, c.database);
    EXPECT_EQ(url->cluster, c.cluster);
    EXPECT_EQ(url->ca_file, c.ca_file);
  }
}

TEST(ParseRedisUrl, RefusesWithASentenceThatNeverHoldsThePassword) {
  struct Case {
    const char* text;
    const char* says;
  };
  const Case cases[] = {
      {"", "begins with neither"},
      {"http://h", "begins with neither"},
      {"h:6379", "begins with neither"},
      {"redis://", "names no host"},
      {"redis://:hunter2@", "names no host"},
      {"redis://:hunter2@h:port", "port for host h"},
      {"redis://:hunter2@h:0", "port for host h"},
      {"redis://:hunter2@h:65536", "port for host h"},
      {"redis://:hunter2@h:", "port for host h"},
      {"redis://:hunter2@a,,b", "names no host"},
      {"redis://:hunter2@h/x", "database"},
      {"redis://:hunter2@h/-1", "database"},
      {"redis://:hunter2@h/1024", "database"},
      {"redis://:hunter2@a,b/1", "only database 0"},
      {"redis://:hunter2@a?cluster=true/1", "not known"},
      {"redis://:hunt/er2@h", "percent-encode"},
      {"redis://user:hunter2?@h", "percent-encode"},
      {"redis://:hunter2%4@h", "%25"},
      {"redis://:hunter2%zz@h", "%25"},
      {"redis://ann@h", "user without a password"},
      {"redis://:hunter2@[::1", "bracket"},
      {"redis://:hunter2@[::1]x", "other than a port"},
      {"redis://:hunter2@::1", "without brackets"},
      {"redis://:hunter2@h h", "no host name has"},
      {"redis://:hunter2@h?colour=red", "colour"},
      {"redis://:hunter2@h?cluster=maybe", "cluster"},
      {"redis://h?ca_file=/x", "rediss://"},
      {"redis://:hunter2@a,redis://:other@b", "differ"},
      {"redis://:hunter2@a,rediss://:hunter2@b", "differ"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto url = ParseRedisUrl(c.text);
    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidParameter);
    EXPECT_NE(url.error().message.find(c.says), std::string::npos) << url.error().message;
    EXPECT_EQ(url.error().message.find("hunt"), std::string::npos) << url.error().message;
    EXPECT_TRUE(url.error().message.ends_with('.')) << url.error().message;
  }
}

TEST(ParseRedisUrl, BoundsTheListOfHosts) {
  std::string text = "redis://h";
  for (std::size_t i = 1; i < kMaxListedHosts; ++i) text += ",h";
  EXPECT_TRUE(ParseRedisUrl(text));
  EXPECT_FALSE(ParseRedisUrl(text + ",h"));
}

TEST(RedisUrl, DescribesItselfWithoutThePassword) {
  const auto url = ParseRedisUrl("rediss://ann:hunter2@[::1]:1,b:2");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->Describe(), "rediss://ann@[::1]:1,b:2");
  EXPECT_EQ(ParseRedisUrl("redis://:hunter2@h/4")->Describe(), "redis://h:6379/4");
}

}  // namespace
}  // namespace popradio::redis
