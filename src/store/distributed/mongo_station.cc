#include "store/distributed/mongo_station.h"

#include "base/log.h"
#include "store/distributed/mongo_collections.h"

namespace popradio::store::distributed {
namespace {

using mongo::Database;
using mongo::Document;
using mongo::List;
using mongo::View;

constexpr std::size_t kStationSecretBytes = 32;
// MongoDB 4.4, by the number of its protocol: updates by pipelines, transactions, `hello`.
constexpr std::int64_t kOldestWireVersion = 9;

std::string RandomBytes(std::size_t size, Random& random) {
  std::string bytes;
  while (bytes.size() < size) {
    const std::uint64_t bits = random.Next();
    bytes.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  }
  bytes.resize(size);
  return bytes;
}

Result<MongoFacts> ReadFacts(Database& database, const mongo::Pool& pool, const Clock& clock) {
  const auto failed = [&] {
    Error error = mongo::ForOperators(database.failure(), pool.hosts());
    error.message = pool.Clean(error.message);
    return Fail(std::move(error));
  };
  const Millis asked = clock.Steady();
  const Result<Document> hello = database.AdminCommand(Document{{"hello", 1}});
  if (!hello) return failed();
  const View view = hello->view();
  MongoFacts facts;
  const Millis took = clock.Steady() - asked;
  facts.clock_ahead = view.Date("localTime") - clock.Now() + took / 2;
  facts.replica_set = view.Text("setName");
  facts.members = static_cast<int>(view.Texts("hosts").size());
  if (view.Int("maxWireVersion") < kOldestWireVersion) {
    return Fail(ErrorCode::kInvalidParameter, "MongoDB at " + pool.hosts() +
                                                  " is too old. PopRadio needs version 4.4 or "
                                                  "newer: update the servers.");
  }
  if (facts.replica_set.empty()) {
    return Fail(ErrorCode::kInvalidParameter,
                "MongoDB at " + pool.hosts() +
                    " is a server alone. PopRadio needs a replica set, even of one member: start "
                    "mongod with --replSet popradio, and call rs.initiate() once.");
  }
  const Result<Document> build = database.AdminCommand(Document{{"buildInfo", 1}});
  if (!build) return failed();
  facts.version = build->view().Text("version");
  const auto schema = database.FindOne(kStation, Document{{"_id", "schema"}});
  if (!schema) return failed();
  if (*schema) facts.schema = (*schema)->view().Int("version");
  const auto carried = database.FindOne(kStation, Document{{"_id", kCarryMarkId}});
  if (!carried) return failed();
  facts.moving_in = carried->has_value();
  if (facts.schema > kMongoSchema) {
    return Fail(ErrorCode::kInvalidParameter,
                "The database " + pool.database() + " at " + pool.hosts() +
                    " was written by a newer PopRadio (schema " + std::to_string(facts.schema) +
                    ", this one knows up to " + std::to_string(kMongoSchema) +
                    "). Start the newer program, or name another database in store.mongo.");
  }
  return facts;
}

// Puts a document there unless there is one.
Result<void> Ensure(Database& database, const char* id, const Document& fields) {
  auto ensured =
      database.Update(kStation, Document{{"_id", id}}, Document{{"$setOnInsert", fields}},
                      /*upsert=*/true);
  // Of two nodes that begin at the same moment one may hear that the other was faster.
  if (!ensured && ensured.error().code != ErrorCode::kConflict) return Fail(ensured.error());
  return {};
}

Result<std::int64_t> AdoptFrom(Database& database, const char* collection, const char* plays,
                               const char* base_plays, std::int64_t version) {
  const std::string plays_field = std::string("$") + plays;
  const auto whole = [](const std::string& field) {
    return Document{{"$toLong", Document{{"$ifNull", List{field, 0}}}}};
  };
  const Document set{
      {"likes", whole("$likes")},         {plays, whole(plays_field)},
      {"baseLikes", whole("$likes")},     {base_plays, whole(plays_field)},
      {"countsVersion", std::int64_t{0}}, {"media", Document{{"$literal", Document()}}},
      {"catalogueVersion", version},      {"catalogueOrder", version << 20}};
  auto adopted = database.UpdateMany(collection, Document{{"catalogueVersion", nullptr}},
                                     List{Document{{"$set", set}}});
  if (!adopted) return Fail(adopted.error());
  return adopted->modified;
}

// Songs and playlists that another program put there in the document's fields join the catalogue:
// what they have been counted to is what counting starts from.
Result<void> Adopt(Database& database) {
  const Document foreign{{"catalogueVersion", nullptr}};
  return database.Transact([&]() -> Result<void> {
    auto song = database.FindOne(kSongs, foreign);
    if (!song) return Fail(song.error());
    auto playlist = database.FindOne(kPlaylists, foreign);
    if (!playlist) return Fail(playlist.error());
    if (!*song && !*playlist) return {};
    auto station =
        database.FindAndUpdate(kStation, Document{{"_id", "catalogue"}},
                               Document{{"$inc", Document{{"version", std::int64_t{1}}}}},
                               /*upsert=*/true);
    if (!station) return Fail(station.error());
    const std::int64_t version = (*station)->view().Int("version");
    auto songs = AdoptFrom(database, kSongs, "plays", "basePlays", version);
    if (!songs) return Fail(songs.error());
    auto playlists = AdoptFrom(database, kPlaylists, "views", "baseViews", version);
    if (!playlists) return Fail(playlists.error());
    Log(LogLevel::kInfo, "songs and playlists of another program joined the catalogue",
        {{"songs", *songs}, {"playlists", *playlists}});
    return {};
  });
}

Result<std::string> Prepare(Database& database, Random& random) {
  for (const IndexSpec& spec : Indexes()) {
    if (auto made = database.MakeIndex(spec.collection, spec.index); !made)
      return Fail(made.error());
  }
  const std::int64_t zero = 0;
  Result<void> done = Ensure(database, "catalogue", {{"version", zero}});
  if (done) done = Adopt(database);
  if (done) done = Ensure(database, "timeline", {{"revision", zero}, {"seed", zero}});
  const std::string fresh = RandomBytes(kStationSecretBytes, random);
  if (done) done = Ensure(database, "secret", {{"value", mongo::Binary{fresh}}});
  if (done) done = Ensure(database, "schema", {{"version", kMongoSchema}});
  if (!done) return Fail(done.error());
  auto secret = database.FindOne(kStation, Document{{"_id", "secret"}});
  if (!secret) return Fail(secret.error());
  std::string bytes = *secret ? (*secret)->view().Bytes("value") : "";
  if (bytes.size() != kStationSecretBytes) {
    return Fail(ErrorCode::kInvalidParameter,
                "The station's secret in the collection `station` is damaged. Put the document "
                "`secret` back from a backup, or remove it: then authors get new names.");
  }
  return bytes;
}

}  // namespace

Result<MongoFacts> AskMongo(mongo::Pool& pool, const Clock& clock) {
  return pool.RunHere<MongoFacts>(
      [&](Database& database) { return ReadFacts(database, pool, clock); });
}

Result<std::unique_ptr<MongoStation>> MongoStation::Open(mongo::Pool& pool, const Clock& clock,
                                                         Random& random, bool moving_in) {
  Result<MongoFacts> facts = AskMongo(pool, clock);
  if (!facts) return Fail(facts.error());
  if (facts->moving_in && !moving_in) {
    return Fail(ErrorCode::kInvalidParameter,
                "A station is being moved into the database " + pool.database() + " at " +
                    pool.hosts() +
                    ", and not all of it is there. Run the same 'popradio migrate' again: it goes "
                    "on where it stopped.");
  }
  Result<std::string> secret = pool.RunHere<std::string>([&](Database& database) {
    Result<std::string> prepared = Prepare(database, random);
    if (!prepared && prepared.error().code == ErrorCode::kUnavailable) {
      Error error = mongo::ForOperators(database.failure(), pool.hosts());
      error.message = pool.Clean(error.message);
      return Result<std::string>(Fail(std::move(error)));
    }
    return prepared;
  });
  if (!secret) return Fail(secret.error());
  return std::unique_ptr<MongoStation>(new MongoStation(*std::move(facts), *std::move(secret)));
}

}  // namespace popradio::store::distributed
