#include "store/distributed/mongo_moving.h"

#include <algorithm>

#include "store/distributed/keys.h"
#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_records.h"
#include "store/distributed/mongo_timeline.h"

namespace popradio::store::distributed {
namespace {

using mongo::Batch;
using mongo::Database;
using mongo::Document;
using mongo::FindOptions;
using mongo::List;
using mongo::View;

// Of the catalogue that is moved in: every node reads all of it.
constexpr std::int64_t kCarriedVersion = 1;
// Targets whose likers are counted by one command.
constexpr std::size_t kTargetsPerCount = 50;

// "song:<id>" < "song:<id>:<session>" < "song:<next id>".
std::string FirstLikerOf(const Target& target) { return TargetName(target).str(); }

Result<std::int64_t> CountAfter(Database& database, const char* collection, const char* field,
                                Instant after) {
  return database.Count(collection, Document{{field, Document{{"$gt", after}}}});
}

Result<void> WriteAll(Database& database, const char* collection, const Batch& batch) {
  if (batch.empty()) return {};
  if (auto written = database.Write(collection, batch); !written) return Fail(written.error());
  return {};
}

}  // namespace

Result<std::optional<CarryMark>> ReadCarryMark(Database& database) {
  const auto found = database.FindOne(kStation, Document{{"_id", kCarryMarkId}});
  if (!found) return Fail(found.error());
  if (!*found) return std::optional<CarryMark>();
  return CarryMark::FromText((*found)->view().Text("text"));
}

Result<void> WriteCarryMark(Database& database, const CarryMark& mark) {
  auto written = database.Update(kStation, Document{{"_id", kCarryMarkId}},
                                 Document{{"$set", Document{{"text", mark.ToText()}}}},
                                 /*upsert=*/true);
  if (!written) return Fail(written.error());
  return {};
}

Result<void> RemoveCarryMark(Database& database) {
  auto removed = database.DeleteMany(kStation, Document{{"_id", kCarryMarkId}});
  if (!removed) return Fail(removed.error());
  return {};
}

Result<void> RemoveStationDocuments(Database& database) {
  // Those that transactions write are emptied one by one: to drop them would wait for one that
  // died.
  for (const char* collection : {kSongs, kPlaylists, kTimeline}) {
    if (auto removed = database.DeleteMany(collection, Document()); !removed) {
      return Fail(removed.error());
    }
  }
  for (const char* collection : {kComments, kAnalytics, kForgottenComments, kLikers, kSessions}) {
    // A command that drops what is not there fails on older servers, and is right then too.
    const auto dropped = database.Command(Document{{"drop", collection}});
    if (!dropped && database.failure().message.find("ns not found") == std::string::npos) {
      return Fail(dropped.error());
    }
  }
  auto removed = database.DeleteMany(
      kStation, Document{{"_id", Document{{"$nin", List{kCarryMarkId, "schema"}}}}});
  if (!removed) return Fail(removed.error());
  return {};
}

Result<StationTally> CountDocuments(Database& database, Instant staying) {
  StationTally tally;
  Result<void> result;
  const auto put = [&](std::int64_t& number, const Result<std::int64_t>& counted) {
    if (counted) {
      number = *counted;
    } else if (result) {
      result = Fail(counted.error());
    }
  };
  const Document any{{"_id", Document{{"$gte", ObjectId()}}}};
  put(tally.songs, database.Count(kSongs, any));
  put(tally.playlists, database.Count(kPlaylists, any));
  put(tally.days, database.Count(kAnalytics, any));
  put(tally.comments, CountAfter(database, kComments, "expireAt", staying));
  put(tally.forgotten, CountAfter(database, kForgottenComments, "expireAt", staying));
  put(tally.sessions, CountAfter(database, kSessions, "lastActivity", staying - kSessionsKept));
  put(tally.slots, CountAfter(database, kTimeline, "endsAt", staying - kSlotsKept));
  if (!result) return Fail(result.error());
  return tally;
}

Result<std::map<Target, std::int64_t>> CountLikers(Database& database,
                                                   std::vector<Target> targets) {
  std::vector<std::string> bounds;
  for (const Target& target : targets) bounds.push_back(FirstLikerOf(target));
  std::sort(bounds.begin(), bounds.end());
  std::map<Target, std::int64_t> likers;
  std::string from;
  for (std::size_t at = 0; at <= bounds.size(); at += kTargetsPerCount) {
    // Up to the first of the next stretch; the last one is open, for targets that nobody knows.
    const std::size_t next = at + kTargetsPerCount;
    Document range{{"$gte", from}};
    if (next < bounds.size()) range.Add("$lt", bounds[next]);
    const Document group{{"_id", Document{{"type", "$type"}, {"target", "$target"}}},
                         {"likers", Document{{"$sum", 1}}}};
    auto done =
        database.Aggregate(kLikers,
                           List{Document{{"$match", Document{{"_id", range}, {"liked", true}}}},
                                Document{{"$group", group}}},
                           Document(), [&](View view) {
                             const View id = view.Sub("_id");
                             const auto type = ParseTargetType(id.Text("type"));
                             if (type) likers[{*type, id.Id("target")}] += view.Int("likers");
                           });
    if (!done) return Fail(done.error());
    if (next >= bounds.size()) break;
    from = bounds[next];
  }
  return likers;
}

Result<std::int64_t> SumOfVersions(Database& database) {
  std::int64_t sum = 0;
  FindOptions options;
  options.projection = Document{{"countsVersion", 1}};
  for (const char* collection : {kSongs, kPlaylists}) {
    auto done = database.Find(collection, Document{{"_id", Document{{"$gte", ObjectId()}}}},
                              options, [&](View view) { sum += view.Int("countsVersion"); });
    if (!done) return Fail(done.error());
  }
  return sum;
}

namespace {

// The highest place that a record of the collection has; 0: none.
Result<std::int64_t> LastPlace(Database& database, const char* collection) {
  std::int64_t last = 0;
  FindOptions options;
  options.projection = Document{{"catalogueOrder", 1}};
  auto done = database.Find(collection, Document{{"_id", Document{{"$gte", ObjectId()}}}}, options,
                            [&](View view) { last = std::max(last, view.Int("catalogueOrder")); });
  if (!done) return Fail(done.error());
  return last;
}

template <class Record, class Pipeline>
Result<void> WriteRecords(Database& database, const char* collection,
                          const std::vector<Record>& records, const Pipeline& pipeline) {
  if (records.empty()) return {};
  auto place = LastPlace(database, collection);
  if (!place) return Fail(place.error());
  Batch batch;
  for (const Record& record : records) {
    batch.Update(Document{{"_id", record.id}}, pipeline(record, kCarriedVersion, ++*place),
                 /*upsert=*/true);
  }
  // In order: what is there after a death in the middle are the first of them.
  if (auto written = database.Write(collection, batch, /*ordered=*/true); !written) {
    return Fail(written.error());
  }
  return {};
}

}  // namespace

Result<void> WriteCatalogue(Database& database, const std::vector<Song>& songs,
                            const std::vector<Playlist>& playlists) {
  if (auto done = WriteRecords(database, kSongs, songs, WriteSongPipeline); !done) return done;
  if (auto done = WriteRecords(database, kPlaylists, playlists, WritePlaylistPipeline); !done) {
    return done;
  }
  auto version = database.Update(kStation, Document{{"_id", "catalogue"}},
                                 Document{{"$set", Document{{"version", kCarriedVersion}}}},
                                 /*upsert=*/true);
  if (!version) return Fail(version.error());
  return {};
}

Result<CarriedStation> ReadCarriedStation(Database& database) {
  CarriedStation station;
  const auto timeline = database.FindOne(kStation, Document{{"_id", kTimelineId}});
  if (!timeline) return Fail(timeline.error());
  if (*timeline) {
    station.revision = (*timeline)->view().Int("revision");
    station.seed = static_cast<std::uint64_t>((*timeline)->view().Int("seed"));
  }
  const auto rotation = database.FindOne(kStation, Document{{"_id", kRotationId}});
  if (!rotation) return Fail(rotation.error());
  if (*rotation) station.rotation = ReadRotation((*rotation)->view());
  return station;
}

Result<void> WriteCarriedStation(Database& database, const CarriedStation& station) {
  const auto set = [&](const char* id, const Document& fields) -> Result<void> {
    auto written = database.Update(kStation, Document{{"_id", id}}, Document{{"$set", fields}},
                                   /*upsert=*/true);
    if (!written) return Fail(written.error());
    return {};
  };
  Result<void> done =
      set(kTimelineId, Document{{"revision", station.revision}, {"seed", station.seed}});
  if (done && !station.secret.empty()) {
    done = set("secret", Document{{"value", mongo::Binary{station.secret}}});
  }
  return done;
}

Result<std::vector<CarriedPlace>> ReadForgotten(Database& database, const ObjectId& after,
                                                std::size_t limit) {
  FindOptions options;
  options.sort = Document{{"_id", 1}};
  options.limit = static_cast<std::int64_t>(limit);
  std::vector<CarriedPlace> places;
  auto done = database.Find(
      kForgottenComments, Document{{"_id", Document{{"$gt", after}}}}, options, [&](View view) {
        places.push_back({view.Id("_id"), view.Date("createdAt"), view.Date("expireAt")});
      });
  if (!done) return Fail(done.error());
  return places;
}

Result<std::vector<Slot>> ReadSlots(Database& database, std::int64_t after, std::size_t limit) {
  FindOptions options;
  options.sort = Document{{"_id", 1}};
  options.limit = static_cast<std::int64_t>(limit);
  std::vector<Slot> slots;
  auto done = database.Find(kTimeline, Document{{"_id", Document{{"$gt", after}}}}, options,
                            [&](View view) { slots.push_back(ReadSlot(view)); });
  if (!done) return Fail(done.error());
  return slots;
}

Result<void> WriteForgotten(Database& database, const std::vector<CarriedPlace>& places) {
  Batch batch;
  for (const CarriedPlace& place : places) {
    batch.Insert(Document{
        {"_id", place.comment}, {"createdAt", place.created_at}, {"expireAt", place.expire_at}});
  }
  return WriteAll(database, kForgottenComments, batch);
}

Result<void> WriteSessions(Database& database, const std::vector<CarriedVisit>& visits) {
  Batch batch;
  for (const CarriedVisit& visit : visits) {
    batch.Insert(Document{{"_id", visit.session.ToString()},
                          {"createdAt", visit.first},
                          {"lastActivity", visit.last}});
  }
  return WriteAll(database, kSessions, batch);
}

Result<void> WriteSlots(Database& database, const std::vector<Slot>& slots) {
  Batch batch;
  for (const Slot& slot : slots) batch.Insert(SlotDocument(slot));
  return WriteAll(database, kTimeline, batch);
}

}  // namespace popradio::store::distributed
