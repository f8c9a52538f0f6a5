#include "store/embedded/timeline.h"

#include <algorithm>
#include <boost/json.hpp>

namespace popradio::embedded {
namespace {

constexpr char kReadTimeline[] = "SELECT revision, seed FROM timeline WHERE id = 1";
constexpr char kWriteTimeline[] = "UPDATE timeline SET revision = ?, seed = ? WHERE id = 1";
constexpr char kReadSlots[] =
    "SELECT seq, song, starts_at, ends_at, why, skipped FROM slots WHERE seq < ? ORDER BY seq DESC "
    "LIMIT ?";
constexpr char kDropSlots[] = "DELETE FROM slots WHERE seq >= ?";
constexpr char kInsertSlot[] =
    "INSERT INTO slots (seq, song, starts_at, ends_at, why, skipped) VALUES (?, ?, ?, ?, ?, ?)";

// Newest first.
std::vector<Slot> ReadSlots(Database& database, std::int64_t before, std::size_t limit) {
  Query rows = database.Prepare(kReadSlots);
  rows.Bind(before).Bind(static_cast<std::int64_t>(limit));
  std::vector<Slot> slots;
  while (rows.Step()) {
    slots.push_back({rows.Int(0), rows.Id(1), rows.Time(2), rows.Time(3), WhyFromCode(rows.Text(4)),
                     rows.Int(5) != 0});
  }
  return slots;
}

}  // namespace

std::string RotationToJson(const Rotation& rotation) {
  boost::json::object object{{"song_window", rotation.song_window},
                             {"artist_window", rotation.artist_window},
                             {"featured_weight", rotation.featured_weight},
                             {"likes_weight", rotation.likes_weight},
                             {"fresh_weight", rotation.fresh_weight}};
  if (rotation.playlist) object["playlist"] = rotation.playlist->ToHex();
  if (rotation.skip) object["skip"] = Code(*rotation.skip);
  return boost::json::serialize(object);
}

Rotation RotationFromJson(const std::string& text) {
  Rotation rotation;
  boost::json::error_code failure;
  const boost::json::value parsed = boost::json::parse(text, failure);
  const boost::json::object* object = failure ? nullptr : parsed.if_object();
  if (object == nullptr) return rotation;
  const auto whole = [&](const char* name, int& out) {
    const boost::json::value* value = object->if_contains(name);
    if (value != nullptr && value->is_int64()) out = static_cast<int>(value->get_int64());
  };
  const auto real = [&](const char* name, double& out) {
    const boost::json::value* value = object->if_contains(name);
    if (value != nullptr && value->is_number()) out = value->to_number<double>();
  };
  whole("song_window", rotation.song_window);
  whole("artist_window", rotation.artist_window);
  real("featured_weight", rotation.featured_weight);
  real("likes_weight", rotation.likes_weight);
  real("fresh_weight", rotation.fresh_weight);
  const boost::json::value* playlist = object->if_contains("playlist");
  if (playlist != nullptr && playlist->is_string())
    rotation.playlist = ObjectId::Parse(playlist->get_string());
  const boost::json::value* skip = object->if_contains("skip");
  if (skip != nullptr && skip->is_string()) rotation.skip = ParseSkipPolicy(skip->get_string());
  return rotation;
}

Task<Result<Timeline>> TimelineTable::Load(std::size_t most) {
  std::function<Result<Timeline>(Database&)> read = [most](Database& database) -> Result<Timeline> {
    // One read transaction: the revision belongs to the slots.
    SQLite::Transaction snapshot(database.connection());
    Timeline timeline;
    {
      Query row = database.Prepare(kReadTimeline);
      if (row.Step()) {
        timeline.revision = row.Int(0);
        timeline.seed = static_cast<std::uint64_t>(row.Int(1));
      }
    }
    timeline.slots = ReadSlots(database, INT64_MAX, most);
    std::reverse(timeline.slots.begin(), timeline.slots.end());
    return timeline;
  };
  co_return co_await reads_.Run<Timeline>(std::move(read));
}

Task<Result<void>> TimelineTable::Replace(std::int64_t expected, std::uint64_t seed,
                                          std::vector<Slot> slots) {
  FunctionWrite<void> operation([&](Transaction& transaction) -> Result<void> {
    std::int64_t revision = 0;
    {
      Query row = transaction.read().Prepare(kReadTimeline);
      if (row.Step()) revision = row.Int(0);
    }
    if (revision != expected) {
      return Fail(ErrorCode::kConflict, "The timeline has changed meanwhile. Load it again.");
    }
    Database& database = transaction.db();
    if (!slots.empty()) database.Prepare(kDropSlots).Bind(slots.front().seq).Run();
    for (const Slot& slot : slots) {
      database.Prepare(kInsertSlot)
          .Bind(slot.seq)
          .Bind(slot.song)
          .Bind(slot.starts_at)
          .Bind(slot.ends_at)
          .Bind(Code(slot.why))
          .Bind(slot.skipped)
          .Run();
    }
    database.Prepare(kWriteTimeline).Bind(expected + 1).Bind(static_cast<std::int64_t>(seed)).Run();
    return {};
  });
  // Slots that do not rise would break a constraint half-way through several statements.
  for (std::size_t i = 1; i < slots.size(); ++i) {
    if (slots[i].seq <= slots[i - 1].seq) {
      co_return Fail(ErrorCode::kInternal, "The timeline's slots must rise by their numbers.");
    }
  }
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

Task<Result<std::vector<Slot>>> TimelineTable::History(std::optional<std::int64_t> before,
                                                       std::size_t limit) {
  std::function<Result<std::vector<Slot>>(Database&)> read =
      [before, limit](Database& database) -> Result<std::vector<Slot>> {
    return ReadSlots(database, before.value_or(INT64_MAX), limit);
  };
  co_return co_await reads_.Run<std::vector<Slot>>(std::move(read));
}

Task<Result<Rotation>> TimelineTable::LoadRotation() {
  std::function<Result<Rotation>(Database&)> read = [](Database& database) -> Result<Rotation> {
    const std::optional<std::string> text = database.Meta(kRotationKey);
    return text ? RotationFromJson(*text) : Rotation();
  };
  co_return co_await reads_.Run<Rotation>(std::move(read));
}

Task<Result<void>> TimelineTable::SaveRotation(Rotation rotation) {
  FunctionWrite<void> operation([&rotation](Transaction& transaction) -> Result<void> {
    transaction.db().SetMeta(kRotationKey, RotationToJson(rotation));
    return {};
  });
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

}  // namespace popradio::embedded
