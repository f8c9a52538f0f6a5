#include "store/distributed/mongo_timeline.h"

#include <algorithm>

#include "store/distributed/mongo_collections.h"

namespace popradio::store::distributed {
namespace {

using mongo::Database;
using mongo::Document;
using mongo::View;

// Newest first.
Result<std::vector<Slot>> NewestSlots(Database& database, std::int64_t before, std::size_t limit) {
  std::vector<Slot> slots;
  if (limit == 0) return slots;
  mongo::FindOptions options;
  options.sort = Document{{"_id", -1}};
  options.limit = static_cast<std::int64_t>(limit);
  auto done = database.Find(kTimeline, Document{{"_id", Document{{"$lt", before}}}}, options,
                            [&](View view) { slots.push_back(ReadSlot(view)); });
  if (!done) return Fail(done.error());
  return slots;
}

Result<void> ReadTimeline(Database& database, std::size_t most, Timeline* timeline) {
  *timeline = {};
  const auto state = database.FindOne(kStation, Document{{"_id", kTimelineId}});
  if (!state) return Fail(state.error());
  if (*state) {
    timeline->revision = (*state)->view().Int("revision");
    timeline->seed = static_cast<std::uint64_t>((*state)->view().Int("seed"));
  }
  auto slots = NewestSlots(database, INT64_MAX, most);
  if (!slots) return Fail(slots.error());
  timeline->slots = *std::move(slots);
  std::reverse(timeline->slots.begin(), timeline->slots.end());
  return {};
}

Result<void> WriteTimeline(Database& database, std::int64_t expected, std::uint64_t seed,
                           const ObjectId& token, const std::vector<Slot>& slots) {
  auto taken = database.Update(
      kStation, Document{{"_id", kTimelineId}, {"revision", expected}},
      Document{
          {"$set", Document{{"revision", expected + 1}, {"seed", seed}, {"changedBy", token}}}});
  if (!taken) return Fail(taken.error());
  if (taken->matched == 0) {
    return Fail(ErrorCode::kConflict, "The timeline has changed meanwhile. Load it again.");
  }
  if (slots.empty()) return {};
  auto dropped =
      database.DeleteMany(kTimeline, Document{{"_id", Document{{"$gte", slots.front().seq}}}});
  if (!dropped) return Fail(dropped.error());
  mongo::Batch batch;
  for (const Slot& slot : slots) batch.Insert(SlotDocument(slot));
  if (auto written = database.Write(kTimeline, batch, /*ordered=*/true); !written)
    return Fail(written.error());
  return {};
}

Document RotationDocument(const Rotation& rotation) {
  Document document{{"_id", kRotationId},
                    {"songWindow", rotation.song_window},
                    {"artistWindow", rotation.artist_window},
                    {"featuredWeight", rotation.featured_weight},
                    {"likesWeight", rotation.likes_weight},
                    {"freshWeight", rotation.fresh_weight}};
  if (rotation.playlist) document.Add("playlist", *rotation.playlist);
  if (rotation.skip) document.Add("skip", Code(*rotation.skip));
  return document;
}

}  // namespace

Document SlotDocument(const Slot& slot) {
  return Document{{"_id", slot.seq},        {"songId", slot.song},   {"startsAt", slot.starts_at},
                  {"endsAt", slot.ends_at}, {"why", Code(slot.why)}, {"skipped", slot.skipped}};
}

Slot ReadSlot(View view) {
  return {view.Int("_id"),
          view.Id("songId"),
          view.Date("startsAt"),
          view.Date("endsAt"),
          WhyFromCode(view.Text("why")),
          view.Bool("skipped")};
}

Rotation ReadRotation(View view) {
  Rotation rotation;
  rotation.song_window = static_cast<int>(view.Int("songWindow", rotation.song_window));
  rotation.artist_window = static_cast<int>(view.Int("artistWindow", rotation.artist_window));
  rotation.featured_weight = view.Real("featuredWeight", rotation.featured_weight);
  rotation.likes_weight = view.Real("likesWeight", rotation.likes_weight);
  rotation.fresh_weight = view.Real("freshWeight", rotation.fresh_weight);
  if (view.Has("playlist")) rotation.playlist = view.Id("playlist");
  if (view.Has("skip")) rotation.skip = ParseSkipPolicy(view.Text("skip"));
  return rotation;
}

Task<Result<Timeline>> MongoTimeline::Load(std::size_t most) {
  std::function<Result<Timeline>(Database&)> work = [most](Database& database) -> Result<Timeline> {
    // One snapshot: the revision belongs to the slots.
    Timeline timeline;
    auto done = database.Transact([&] { return ReadTimeline(database, most, &timeline); });
    if (!done) return Fail(done.error());
    return timeline;
  };
  co_return co_await pool_.Run<Timeline>(std::move(work));
}

Task<Result<void>> MongoTimeline::Replace(std::int64_t expected, std::uint64_t seed,
                                          std::vector<Slot> slots) {
  for (std::size_t i = 1; i < slots.size(); ++i) {
    if (slots[i].seq <= slots[i - 1].seq) {
      co_return Fail(ErrorCode::kInternal, "The timeline's slots must rise by their numbers.");
    }
  }
  std::function<Result<void>(Database&)> work = [&, this](Database& database) {
    return ReplaceNow(database, expected, seed, slots);
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

Result<void> MongoTimeline::ReplaceNow(Database& database, std::int64_t expected,
                                       std::uint64_t seed, const std::vector<Slot>& slots) {
  // Tells our own change from another node's when the outcome of the commit is not known.
  const ObjectId token = ObjectId::Make(clock_.Now(), random_);
  auto done =
      database.Transact([&] { return WriteTimeline(database, expected, seed, token, slots); });
  if (done || !database.uncertain()) return done;
  const auto state = database.FindOne(kStation, Document{{"_id", kTimelineId}});
  if (!state || !*state) return done;
  if ((*state)->view().Id("changedBy") == token) return {};
  // Somebody else came after us, or we never did: either way the caller loads it again.
  return Fail(ErrorCode::kConflict, "The timeline has changed meanwhile. Load it again.");
}

Task<Result<std::vector<Slot>>> MongoTimeline::History(std::optional<std::int64_t> before,
                                                       std::size_t limit) {
  std::function<Result<std::vector<Slot>>(Database&)> work = [before, limit](Database& database) {
    return NewestSlots(database, before.value_or(INT64_MAX), limit);
  };
  co_return co_await pool_.Run<std::vector<Slot>>(std::move(work));
}

Task<Result<Rotation>> MongoTimeline::LoadRotation() {
  std::function<Result<Rotation>(Database&)> work = [](Database& database) -> Result<Rotation> {
    auto found = database.FindOne(kStation, Document{{"_id", kRotationId}});
    if (!found) return Fail(found.error());
    return *found ? ReadRotation((*found)->view()) : Rotation();
  };
  co_return co_await pool_.Run<Rotation>(std::move(work));
}

Task<Result<void>> MongoTimeline::SaveRotation(Rotation rotation) {
  std::function<Result<void>(Database&)> work = [&rotation](Database& database) -> Result<void> {
    const Document whole{{"$literal", RotationDocument(rotation)}};
    auto saved = database.Update(kStation, Document{{"_id", kRotationId}},
                                 mongo::List{Document{{"$replaceWith", whole}}}, /*upsert=*/true);
    if (!saved) return Fail(saved.error());
    return {};
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

}  // namespace popradio::store::distributed
