#include "store/distributed/mongo_likers.h"

#include <string>
#include <unordered_map>

#include "store/distributed/keys.h"
#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_records.h"

namespace popradio::store::distributed {
namespace {

using mongo::Batch;
using mongo::Database;
using mongo::Document;
using mongo::FindOptions;
using mongo::List;
using mongo::View;

// "song:<id>:<session>"; those of one target stand together, in the order of the sessions.
std::string LikerId(const Target& target, const SessionId& session) {
  return Key().Add(target).Add(":").Add(session).str();
}

// Everything of one target lies between these two: ';' follows ':'.
Document OfTarget(const Target& target, const std::optional<SessionId>& after) {
  const std::string name = TargetName(target).str();
  return Document{{"$gt", after ? LikerId(target, *after) : name + ":"}, {"$lt", name + ";"}};
}

Document LikerDocument(const LikerChange& change, const std::string& id) {
  Document document{{"_id", id},
                    {"type", Name(change.target.type)},
                    {"target", change.target.id},
                    {"session", change.session.ToString()},
                    {"liked", change.liked},
                    {"at", change.at},
                    {"version", change.version}};
  if (!change.liked) document.Add("removedAt", change.at);
  return document;
}

LikerChange ReadLiker(View view) {
  LikerChange change;
  change.target = {ParseTargetType(view.Text("type")).value_or(TargetType::kSong),
                   view.Id("target")};
  change.session = SessionId::Parse(view.Text("session")).value_or(SessionId());
  change.liked = view.Bool("liked");
  change.at = view.Date("at");
  change.version = view.Int("version");
  return change;
}

// The newer of what stands there and what is given.
List NewerLiker(const Document& document, std::int64_t version) {
  const Document stays{
      {"$gte", List{Document{{"$ifNull", List{"$version", std::int64_t{-1}}}}, version}}};
  const Document literal{{"$literal", document}};
  return List{Document{{"$replaceWith", Document{{"$cond", List{stays, "$$ROOT", literal}}}}}};
}

// Most likes are new: inserting is several times cheaper than an update that may insert. Only what
// turns out to be there already is compared by version.
Result<void> WriteLikers(Database& database, const std::vector<LikerChange>& changes) {
  std::unordered_map<std::string, const LikerChange*> latest;
  for (const LikerChange& change : changes) {
    const LikerChange*& kept = latest[LikerId(change.target, change.session)];
    if (kept == nullptr || kept->version <= change.version) kept = &change;
  }
  Batch inserts, updates;
  std::vector<std::pair<const std::string*, const LikerChange*>> inserted;
  const auto update = [&](const std::string& id, const LikerChange& change) {
    updates.Update(Document{{"_id", id}}, NewerLiker(LikerDocument(change, id), change.version),
                   /*upsert=*/true);
  };
  for (const auto& [id, change] : latest) {
    if (change->liked) {
      inserts.Insert(LikerDocument(*change, id));
      inserted.emplace_back(&id, change);
    } else {
      update(id, *change);
    }
  }
  auto first = database.Write(kLikers, inserts);
  if (!first) return Fail(first.error());
  for (const std::size_t index : first->duplicates) {
    update(*inserted[index].first, *inserted[index].second);
  }
  auto second = database.Write(kLikers, updates);
  if (!second) return Fail(second.error());
  // Two writers that insert the same one at the same moment: the server refuses one of them.
  if (!second->duplicates.empty()) {
    return Fail(ErrorCode::kUnavailable, "Another writer was faster. Please repeat.", 1);
  }
  return {};
}

struct CountFields {
  const char* collection;
  const char* plays;
  const char* base_plays;
};
CountFields FieldsOf(TargetType type) {
  return type == TargetType::kSong ? CountFields{kSongs, "plays", "basePlays"}
                                   : CountFields{kPlaylists, "views", "baseViews"};
}

List CountsPipeline(const TargetCounts& counts, const CountFields& fields) {
  const auto sum = [](const std::string& base, std::int64_t counted) {
    return Document{
        {"$toLong", Document{{"$add", List{Document{{"$ifNull", List{"$" + base, 0}}}, counted}}}}};
  };
  return List{Document{{"$set", Document{{"likes", sum("baseLikes", counts.likes)},
                                         {fields.plays, sum(fields.base_plays, counts.plays)},
                                         {"countsVersion", counts.version}}}}};
}

Result<std::size_t> WriteAllCounts(Database& database, const std::vector<TargetCounts>& all) {
  std::size_t newer = 0;
  for (const TargetType type : {TargetType::kSong, TargetType::kPlaylist}) {
    const CountFields fields = FieldsOf(type);
    Batch batch;
    for (const TargetCounts& counts : all) {
      if (counts.target.type != type) continue;
      batch.Update(
          Document{{"_id", counts.target.id}, {"countsVersion", Document{{"$lt", counts.version}}}},
          CountsPipeline(counts, fields));
    }
    auto written = database.Write(fields.collection, batch);
    if (!written) return Fail(written.error());
    newer += static_cast<std::size_t>(written->matched);
  }
  return newer;
}

Result<std::vector<TargetCounts>> ReadAllCounts(Database& database,
                                                const std::vector<Target>& targets) {
  std::unordered_map<Target, TargetCounts> found;
  for (const TargetType type : {TargetType::kSong, TargetType::kPlaylist}) {
    const CountFields fields = FieldsOf(type);
    std::vector<ObjectId> ids;
    for (const Target& target : targets) {
      if (target.type == type) ids.push_back(target.id);
    }
    if (ids.empty()) continue;
    FindOptions options;
    options.projection = Document{{"likes", 1},
                                  {"baseLikes", 1},
                                  {fields.plays, 1},
                                  {fields.base_plays, 1},
                                  {"countsVersion", 1}};
    auto done =
        database.Find(fields.collection, Document{{"_id", Document{{"$in", List::Of(ids)}}}},
                      options, [&](View view) {
                        const Target target{type, view.Id("_id")};
                        found[target] = {target, view.Int("likes") - view.Int("baseLikes"),
                                         view.Int(fields.plays) - view.Int(fields.base_plays),
                                         view.Int("countsVersion")};
                      });
    if (!done) return Fail(done.error());
  }
  std::vector<TargetCounts> counts;
  for (const Target& target : targets) {
    const auto at = found.find(target);
    counts.push_back(at == found.end() ? TargetCounts{target, 0, 0, 0} : at->second);
  }
  return counts;
}

}  // namespace

Task<Result<void>> MongoLikers::Write(std::vector<LikerChange> changes) {
  std::function<Result<void>(Database&)> work = [&changes](Database& database) {
    return WriteLikers(database, changes);
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

Task<Result<std::vector<Liker>>> MongoLikers::Read(Target target, std::optional<SessionId> after,
                                                   std::size_t limit) {
  std::function<Result<std::vector<Liker>>(Database&)> work =
      [target, after, limit](Database& database) -> Result<std::vector<Liker>> {
    FindOptions options;
    options.sort = Document{{"_id", 1}};
    options.limit = static_cast<std::int64_t>(limit);
    options.projection = Document{{"session", 1}, {"at", 1}};
    std::vector<Liker> likers;
    auto done = database.Find(
        kLikers, Document{{"_id", OfTarget(target, after)}, {"liked", true}}, options,
        [&](View view) {
          likers.push_back(
              {SessionId::Parse(view.Text("session")).value_or(SessionId()), view.Date("at")});
        });
    if (!done) return Fail(done.error());
    return likers;
  };
  co_return co_await pool_.Run<std::vector<Liker>>(std::move(work));
}

Task<Result<std::int64_t>> MongoLikers::Count(Target target) {
  std::function<Result<std::int64_t>(Database&)> work = [target](Database& database) {
    return database.Count(kLikers,
                          Document{{"_id", OfTarget(target, std::nullopt)}, {"liked", true}});
  };
  co_return co_await pool_.Run<std::int64_t>(std::move(work));
}

Task<Result<std::optional<LikerChange>>> MongoLikers::Find(Target target, SessionId session) {
  std::function<Result<std::optional<LikerChange>>(Database&)> work =
      [target, session](Database& database) -> Result<std::optional<LikerChange>> {
    auto found = database.FindOne(kLikers, Document{{"_id", LikerId(target, session)}});
    if (!found) return Fail(found.error());
    if (!*found) return std::optional<LikerChange>();
    return std::optional<LikerChange>(ReadLiker((*found)->view()));
  };
  co_return co_await pool_.Run<std::optional<LikerChange>>(std::move(work));
}

Task<Result<std::vector<LikerChange>>> MongoLikers::Dump(std::optional<LikerChange> after,
                                                         std::size_t limit) {
  std::function<Result<std::vector<LikerChange>>(Database&)> work =
      [after, limit](Database& database) -> Result<std::vector<LikerChange>> {
    FindOptions options;
    options.sort = Document{{"_id", 1}};
    options.limit = static_cast<std::int64_t>(limit);
    const std::string from = after ? LikerId(after->target, after->session) : std::string();
    std::vector<LikerChange> likers;
    auto done = database.Find(kLikers, Document{{"_id", Document{{"$gt", from}}}, {"liked", true}},
                              options, [&](View view) { likers.push_back(ReadLiker(view)); });
    if (!done) return Fail(done.error());
    return likers;
  };
  co_return co_await pool_.Run<std::vector<LikerChange>>(std::move(work));
}

Task<Result<std::int64_t>> MongoLikers::CountAll() {
  std::function<Result<std::int64_t>(Database&)> work = [](Database& database) {
    return database.Count(kLikers, Document{{"_id", Document{{"$gt", ""}}}, {"liked", true}});
  };
  co_return co_await pool_.Run<std::int64_t>(std::move(work));
}

Task<Result<bool>> MongoLikers::BeingMovedIn() {
  std::function<Result<bool>(Database&)> work = [](Database& database) -> Result<bool> {
    const auto mark = database.FindOne(kStation, Document{{"_id", kCarryMarkId}});
    if (!mark) return Fail(mark.error());
    return mark->has_value();
  };
  co_return co_await pool_.Run<bool>(std::move(work));
}

Task<Result<std::int64_t>> MongoLikers::HighestVersion(Target target) {
  std::function<Result<std::int64_t>(Database&)> work =
      [target](Database& database) -> Result<std::int64_t> {
    std::int64_t highest = 0;
    auto done = database.Aggregate(
        kLikers,
        List{Document{{"$match", Document{{"_id", OfTarget(target, std::nullopt)}}}},
             Document{{"$group",
                       Document{{"_id", nullptr}, {"highest", Document{{"$max", "$version"}}}}}}},
        Document(), [&](View view) { highest = view.Int("highest"); });
    if (!done) return Fail(done.error());
    return highest;
  };
  co_return co_await pool_.Run<std::int64_t>(std::move(work));
}

Task<Result<std::size_t>> MongoLikers::WriteCounts(std::vector<TargetCounts> counts) {
  std::function<Result<std::size_t>(Database&)> work = [&counts](Database& database) {
    return WriteAllCounts(database, counts);
  };
  co_return co_await pool_.Run<std::size_t>(std::move(work));
}

Task<Result<std::vector<TargetCounts>>> MongoLikers::ReadCounts(std::vector<Target> targets) {
  std::function<Result<std::vector<TargetCounts>>(Database&)> work =
      [&targets](Database& database) { return ReadAllCounts(database, targets); };
  co_return co_await pool_.Run<std::vector<TargetCounts>>(std::move(work));
}

}  // namespace popradio::store::distributed
