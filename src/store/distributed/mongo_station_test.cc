#include "store/distributed/mongo_station.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;
using mongo::Database;
using mongo::Document;
using mongo::List;
using mongo::MongoServer;
using mongo::Pool;
using mongo::View;

std::multiset<std::string> IndexesOf(mongo::TestDatabase& database, const char* collection) {
  std::multiset<std::string> found;
  auto listed = database.Do<Document>([&](Database& db) {
    return db.Command(Document{{"listIndexes", collection}});
  });
  EXPECT_TRUE(listed);
  if (!listed) return found;
  for (const View index : listed->view().Sub("cursor").Subs("firstBatch")) {
    std::string text = index.Sub("key").Json();
    if (index.Has("expireAfterSeconds"))
      text += " expires after " + std::to_string(index.Int("expireAfterSeconds"));
    if (index.Bool("sparse")) text += " sparse";
    if (index.Has("partialFilterExpression"))
      text += " where " + index.Sub("partialFilterExpression").Json();
    found.insert(text);
  }
  return found;
}

// Typed from the document, not from the program.
TEST(MongoStationTest, TheIndexesAreTheDocumentsAndOurs) {
  MongoHarness harness;
  using Set = std::multiset<std::string>;
  const std::string id = R"({ "_id" : 1 })";
  EXPECT_EQ(IndexesOf(harness.database(), "songs"),
            (Set{id, R"({ "isActive" : 1, "createdAt" : -1 })", R"({ "genre" : 1 })",
                 R"({ "likes" : -1 })", R"({ "plays" : -1 })",
                 // ours
                 R"({ "catalogueVersion" : 1 })"}));
  EXPECT_EQ(
      IndexesOf(harness.database(), "playlists"),
      (Set{id, R"({ "isActive" : 1, "isFeatured" : -1, "createdAt" : -1 })", R"({ "likes" : -1 })",
           // ours
           R"({ "catalogueVersion" : 1 })"}));
  EXPECT_EQ(IndexesOf(harness.database(), "comments"),
            (Set{id, R"({ "targetType" : 1, "targetId" : 1, "createdAt" : -1 })",
                 R"({ "sessionId" : 1 })", R"({ "expireAt" : 1 } expires after 0)",
                 // ours
                 R"({ "targetType" : 1, "targetId" : 1, "createdAt" : -1, "_id" : -1 })",
                 R"({ "createdAt" : -1, "_id" : -1 })",
                 R"({ "targetType" : 1, "targetId" : 1, "atMs" : 1, "createdAt" : -1, "_id" : -1, )"
                 R"("expireAt" : 1, "isHidden" : 1 } where { "atMs" : { "$exists" : true } })"}));
  EXPECT_EQ(IndexesOf(harness.database(), "analytics"), (Set{id, R"({ "date" : -1 })"}));
  EXPECT_EQ(IndexesOf(harness.database(), "forgottenComments"),
            (Set{id, R"({ "expireAt" : 1 } expires after 0)"}));
  EXPECT_EQ(IndexesOf(harness.database(), "likers"),
            (Set{id, R"({ "removedAt" : 1 } expires after 86400 sparse)"}));
  EXPECT_EQ(IndexesOf(harness.database(), "timeline"),
            (Set{id, R"({ "endsAt" : 1 } expires after 7776000)"}));
  EXPECT_EQ(IndexesOf(harness.database(), "sessions"),
            (Set{id, R"({ "lastActivity" : 1 } expires after 2592000)"}));
  EXPECT_EQ(IndexesOf(harness.database(), "station"), (Set{id}));
}

TEST(MongoStationTest, TheSecretStaysAndIsTheSameOnEveryNode) {
  MongoHarness harness;
  const std::string secret = harness.node().station->secret();
  EXPECT_EQ(secret.size(), 32u);
  EXPECT_EQ(harness.Another().station->secret(), secret);
  harness.Restart();
  EXPECT_EQ(harness.node().station->secret(), secret);
  MongoHarness elsewhere;
  EXPECT_NE(elsewhere.node().station->secret(), secret);
}

TEST(MongoStationTest, NodesThatBeginAtOnceAgree) {
  mongo::TestDatabase database;
  const SystemClock clock;
  SystemRandom random;
  std::vector<std::string> secrets(4);
  std::vector<std::thread> nodes;
  for (std::string& secret : secrets) {
    nodes.emplace_back([&] {
      auto station = MongoStation::Open(database.pool(), clock, random);
      secret = station ? (*station)->secret() : station.error().message;
    });
  }
  for (std::thread& node : nodes) node.join();
  EXPECT_EQ(std::set<std::string>(secrets.begin(), secrets.end()).size(), 1u) << secrets[0];
  EXPECT_EQ(secrets[0].size(), 32u);
}

TEST(MongoStationTest, TheFactsAreTheServers) {
  MongoHarness harness;
  const SystemClock clock;
  const auto facts = AskMongo(harness.node().pool, clock);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->replica_set, "popradio");
  EXPECT_EQ(facts->members, 1);
  EXPECT_EQ(facts->schema, kMongoSchema);
  EXPECT_FALSE(facts->version.empty());
  EXPECT_LT(std::abs(facts->clock_ahead.count()), 1000);
  contract::ManualClock behind(clock.Now() - std::chrono::seconds(30));
  const Millis ahead = AskMongo(harness.node().pool, behind).value().clock_ahead;
  EXPECT_NEAR(static_cast<double>(ahead.count()), 30'000, 5'000);
}

// Everything that an operator can get wrong has a sentence of its own.
class WrongSetupTest : public testing::Test {
 protected:
  std::string Refusal(const std::string& address) {
    auto url = mongo::ParseMongoUrl(address);
    if (!url) return url.error().message;
    auto pool = Pool::Open(*std::move(url), {}, clock_);
    if (!pool) return pool.error().message;
    auto station = MongoStation::Open(**pool, clock_, random_);
    return station ? "none" : station.error().message;
  }
  static bool Says(const std::string& message, const std::string& words) {
    return message.find(words) != std::string::npos;
  }
  SystemClock clock_;
  SystemRandom random_;
};

TEST_F(WrongSetupTest, NobodyAnswers) {
  const std::string address = "127.0.0.1:" + std::to_string(process_testing::FreePort());
  const std::string said =
      Refusal("mongodb://u:hunter2@" + address + "/?serverSelectionTimeoutMS=300");
  EXPECT_TRUE(Says(said, "does not answer")) << said;
  EXPECT_TRUE(Says(said, address)) << said;
  EXPECT_FALSE(Says(said, "hunter2")) << said;
}

TEST_F(WrongSetupTest, AServerAlone) {
  MongoServer alone;
  const std::string said = Refusal("mongodb://" + alone.endpoint());
  EXPECT_TRUE(Says(said, "needs a replica set")) << said;
  EXPECT_TRUE(Says(said, "--replSet")) << said;
}

TEST_F(WrongSetupTest, AReplicaSetThatWasNeverInitiated) {
  MongoServer member({}, "popradio");
  const std::string said =
      Refusal("mongodb://" + member.endpoint() + "/?serverSelectionTimeoutMS=300");
  EXPECT_TRUE(Says(said, "rs.initiate()")) << said;
}

TEST_F(WrongSetupTest, AnotherReplicaSetsName) {
  const std::string said = Refusal("mongodb://" + mongo::SharedSet().member(0).endpoint() +
                                   "/?replicaSet=other&serverSelectionTimeoutMS=300");
  EXPECT_TRUE(Says(said, "replicaSet=")) << said;
}

TEST_F(WrongSetupTest, ANewerProgramsStation) {
  MongoHarness harness;
  ASSERT_TRUE(harness.database().Do<mongo::Written>([](Database& database) {
    return database.Update(kStation, Document{{"_id", "schema"}},
                           Document{{"$set", Document{{"version", 2}}}});
  }));
  const std::string said = Refusal(harness.database().url());
  EXPECT_TRUE(Says(said, "newer PopRadio")) << said;
  EXPECT_TRUE(Says(said, harness.database().name())) << said;
}

TEST_F(WrongSetupTest, OneHostOfTheSetIsEnough) {
  mongo::TestDatabase database;
  EXPECT_EQ(Refusal("mongodb://" + mongo::SharedSet().member(0).endpoint() + "/" + database.name()),
            "none");
}

TEST_F(WrongSetupTest, TheLogin) {
  mongo::TemporaryFolder folder;
  const std::string key = folder.path() + "/key";
  mongo::RunProgram({"sh", "-c", "openssl rand -base64 32 >" + key + " && chmod 600 " + key});
  MongoServer server({"--keyFile", key}, "popradio");
  // Until there is a user, somebody on the same machine may do this much.
  server.Ask(
      Document{{"replSetInitiate",
                Document{{"_id", "popradio"},
                         {"members", List{Document{{"_id", 0}, {"host", server.endpoint()}}}}}}});
  ASSERT_TRUE(mongo::Eventually([&] {
    return server.Ask(Document{{"hello", 1}}).view().Bool("isWritablePrimary");
  }));
  server.Ask(Document{{"createUser", "radio"},
                      {"pwd", "hunter2"},
                      {"roles", List{Document{{"role", "root"}, {"db", "admin"}}}}});
  const std::string host = server.endpoint();
  EXPECT_EQ(Refusal("mongodb://radio:hunter2@" + host + "/popradio?authSource=admin"), "none");
  for (const std::string& wrong :
       {"radio:wrongone@" + host + "/popradio?authSource=admin",
        "radio:hunter2@" + host + "/popradio", "nobody:hunter2@" + host + "/?authSource=admin",
        host + "/popradio"}) {
    const std::string said = Refusal("mongodb://" + wrong);
    EXPECT_TRUE(Says(said, "user or the password")) << said;
    EXPECT_FALSE(Says(said, "hunter2") || Says(said, "wrongone")) << said;
  }
}

TEST_F(WrongSetupTest, TheCertificate) {
  mongo::TemporaryFolder folder;
  const std::string f = folder.path();
  mongo::RunProgram(
      {"sh", "-c",
       "cd " + f +
           " && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout "
           "ca.key -out ca.pem && openssl req -newkey rsa:2048 -nodes -subj /CN=mongo -addext "
           "subjectAltName=IP:127.0.0.1 -keyout s.key -out s.csr && openssl x509 -req -days 2 -in "
           "s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -out s.crt && cat "
           "s.key s.crt >server.pem"});
  MongoServer server({"--tlsMode", "requireTLS", "--tlsCertificateKeyFile", f + "/server.pem",
                      "--tlsCAFile", f + "/ca.pem", "--tlsAllowConnectionsWithoutCertificates"},
                     "popradio");
  const std::string trusting = "&tls=true&tlsCAFile=" + f + "/ca.pem";
  server.Ask(
      Document{{"replSetInitiate",
                Document{{"_id", "popradio"},
                         {"members", List{Document{{"_id", 0}, {"host", server.endpoint()}}}}}}},
      trusting);
  ASSERT_TRUE(mongo::Eventually([&] {
    return server.Ask(Document{{"hello", 1}}, trusting).view().Bool("isWritablePrimary");
  }));
  const std::string address = "mongodb://" + server.endpoint() + "/?serverSelectionTimeoutMS=1000";
  EXPECT_EQ(Refusal(address + trusting), "none");
  const std::string distrusting = Refusal(address + "&tls=true");
  EXPECT_TRUE(Says(distrusting, "tlsCAFile")) << distrusting;
  const std::string plain = Refusal(address);
  EXPECT_TRUE(Says(plain, "tls=true")) << plain;
  const std::string missing = Refusal(address + "&tls=true&tlsCAFile=" + f + "/absent.pem");
  EXPECT_TRUE(Says(missing, "tlsCAFile")) << missing;
}

TEST(MongoStationTest, WhatAnotherProgramPutThereJoinsTheCatalogue) {
  mongo::TestDatabase database;
  const ObjectId song = *ObjectId::Parse("507f1f77bcf86cd799439011");
  const ObjectId list = *ObjectId::Parse("507f191e810c19729de860ea");
  ASSERT_TRUE(database.Do<void>([&](Database& db) -> Result<void> {
    auto done = db.Insert("songs", Document{{"_id", song},
                                            {"title", "Love Story"},
                                            {"artist", "Taylor Swift"},
                                            {"duration", 235.0},
                                            {"likes", 42},
                                            {"plays", 7.0},
                                            {"isActive", true}});
    if (!done) return done;
    return db.Insert(
        "playlists",
        Document{
            {"_id", list}, {"title", "Dreamy Pop Vibes"}, {"songs", List{song}}, {"views", 3}});
  }));
  contract::ManualClock clock(contract::Start());
  MongoNode node(database.pool(), clock);
  const CataloguePtr catalogue = node.catalogue.Current();
  ASSERT_EQ(catalogue->songs().size(), 1u);
  EXPECT_EQ(catalogue->songs()[0].duration_s, 235);
  EXPECT_EQ(catalogue->songs()[0].base_likes, 42);
  EXPECT_EQ(catalogue->songs()[0].base_plays, 7);
  ASSERT_EQ(catalogue->playlists().size(), 1u);
  EXPECT_EQ(catalogue->playlists()[0].base_views, 3);
  // Once.
  MongoNode again(database.pool(), clock);
  EXPECT_EQ(again.catalogue.stored_version(), node.catalogue.stored_version());
}

}  // namespace
}  // namespace popradio::store::distributed
