#include "store/distributed/mongo/mongo_url.h"

#include <gtest/gtest.h>

namespace popradio::mongo {
namespace {

TEST(MongoUrlTest, TheDatabaseIsTheOneNamedOrPopradio) {
  EXPECT_EQ(ParseMongoUrl("mongodb://a").value().database, "popradio");
  EXPECT_EQ(ParseMongoUrl("mongodb://a/").value().database, "popradio");
  EXPECT_EQ(ParseMongoUrl("mongodb://a/other?tls=true").value().database, "other");
}

TEST(MongoUrlTest, HostsAreNamedForMessagesAndThePasswordIsKept) {
  const auto url = ParseMongoUrl("mongodb://radio:s%40crete@a:1,b:2/x?replicaSet=rs");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->hosts, "a:1, b:2");
  EXPECT_EQ(url->password, "s@crete");
}

TEST(MongoUrlTest, OurDeadlinesHoldUnlessTheAddressHasItsOwn) {
  const auto ours = ParseMongoUrl("mongodb://a");
  const auto theirs = ParseMongoUrl("mongodb://a/?serverSelectionTimeoutMS=77&socketTimeoutMS=88");
  const auto option = [](const auto& url, const char* name) {
    return mongoc_uri_get_option_as_int32(url->uri.get(), name, -1);
  };
  EXPECT_EQ(option(ours, MONGOC_URI_SERVERSELECTIONTIMEOUTMS), kServerSelectionMs);
  EXPECT_EQ(option(ours, MONGOC_URI_SOCKETTIMEOUTMS), kSocketMs);
  EXPECT_EQ(option(ours, MONGOC_URI_HEARTBEATFREQUENCYMS), kHeartbeatMs);
  EXPECT_EQ(option(theirs, MONGOC_URI_SERVERSELECTIONTIMEOUTMS), 77);
  EXPECT_EQ(option(theirs, MONGOC_URI_SOCKETTIMEOUTMS), 88);
}

TEST(MongoUrlTest, AnAddressCannotWeakenWhatIsPromised) {
  const auto url = ParseMongoUrl("mongodb://a/?w=1&journal=false&readPreference=nearest");
  ASSERT_TRUE(url);
  const mongoc_write_concern_t* writes = mongoc_uri_get_write_concern(url->uri.get());
  EXPECT_TRUE(mongoc_write_concern_get_wmajority(writes));
  EXPECT_TRUE(mongoc_write_concern_get_journal(writes));
  EXPECT_EQ(mongoc_read_prefs_get_mode(mongoc_uri_get_read_prefs_t(url->uri.get())),
            MONGOC_READ_PRIMARY);
}

TEST(MongoUrlTest, AServiceAddressIsUnderstood) {
  const auto url = ParseMongoUrl("mongodb+srv://u:p@cluster0.example.net/popradio");
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->hosts, "cluster0.example.net");
}

TEST(MongoUrlTest, WhatIsWrongIsSaidWithoutThePassword) {
  for (const char* text :
       {"", "popradio", "http://a", "mongodb://", "mongodb://radio:hunter2@", "redis://a:1",
        "mongodb://radio:hun/ter2@a/x", "mongodb://radio:hunter2@a:99999",
        "mongodb://a/?tls=maybe=", "mongodb://radio:hunter2@a/?directConnection=true&replicaSet"}) {
    const auto url = ParseMongoUrl(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidParameter) << text;
    EXPECT_NE(url.error().message.find("store.mongo"), std::string::npos) << text;
    EXPECT_EQ(url.error().message.find("hunter2"), std::string::npos) << url.error().message;
    EXPECT_EQ(url.error().message.find("ter2@"), std::string::npos) << url.error().message;
  }
}

}  // namespace
}  // namespace popradio::mongo
