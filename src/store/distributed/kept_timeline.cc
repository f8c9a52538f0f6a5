#include "store/distributed/kept_timeline.h"

#include <algorithm>
#include <boost/json.hpp>

#include "store/distributed/cached_json.h"

namespace popradio::store::distributed {
namespace {

namespace json = boost::json;

// The rotation's longest window and what is known ahead: who has these chooses as the others do.
constexpr std::size_t kKeptSlots = 160;

json::object SlotObject(const Slot& slot) {
  return {{"seq", slot.seq},
          {"songId", slot.song.ToHex()},
          {"startsAt", ToEpochMs(slot.starts_at)},
          {"endsAt", ToEpochMs(slot.ends_at)},
          {"why", Code(slot.why)},
          {"skipped", slot.skipped}};
}

json::object RotationObject(const Rotation& rotation) {
  json::object out{{"songWindow", rotation.song_window},
                   {"artistWindow", rotation.artist_window},
                   {"featuredWeight", rotation.featured_weight},
                   {"likesWeight", rotation.likes_weight},
                   {"freshWeight", rotation.fresh_weight}};
  if (rotation.playlist) out["playlist"] = rotation.playlist->ToHex();
  if (rotation.skip) out["skip"] = Code(*rotation.skip);
  return out;
}

Slot ReadSlot(const json::object& from) {
  return {Int(from, "seq"),
          ObjectId::Parse(Text(from, "songId")).value(),
          FromEpochMs(Int(from, "startsAt")),
          FromEpochMs(Int(from, "endsAt")),
          WhyFromCode(Text(from, "why")),
          from.at("skipped").as_bool()};
}

Rotation ReadRotation(const json::object& from) {
  Rotation rotation;
  rotation.song_window = from.at("songWindow").to_number<int>();
  rotation.artist_window = from.at("artistWindow").to_number<int>();
  rotation.featured_weight = from.at("featuredWeight").to_number<double>();
  rotation.likes_weight = from.at("likesWeight").to_number<double>();
  rotation.fresh_weight = from.at("freshWeight").to_number<double>();
  if (from.contains("playlist")) rotation.playlist = ObjectId::Parse(Text(from, "playlist"));
  if (from.contains("skip")) rotation.skip = ParseSkipPolicy(Text(from, "skip"));
  return rotation;
}

}  // namespace

std::string TimelineToJson(const RememberedTimeline& remembered) {
  json::array slots;
  const std::vector<Slot>& all = remembered.timeline.slots;
  const std::size_t skipped = all.size() > kKeptSlots ? all.size() - kKeptSlots : 0;
  for (std::size_t i = skipped; i < all.size(); ++i) slots.emplace_back(SlotObject(all[i]));
  // The seed uses all of its 64 bits.
  const json::object out{{"revision", remembered.timeline.revision},
                         {"seed", std::to_string(remembered.timeline.seed)},
                         {"rotation", RotationObject(remembered.rotation)},
                         {"slots", std::move(slots)}};
  return json::serialize(out);
}

std::optional<RememberedTimeline> TimelineFromJson(std::string_view text) {
  try {
    const json::value parsed = json::parse(text);
    const json::object& from = parsed.as_object();
    RememberedTimeline remembered;
    remembered.timeline.revision = Int(from, "revision");
    remembered.timeline.seed = std::stoull(Text(from, "seed"));
    for (const json::value& slot : from.at("slots").as_array()) {
      remembered.timeline.slots.push_back(ReadSlot(slot.as_object()));
    }
    remembered.rotation = ReadRotation(from.at("rotation").as_object());
    return remembered;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void KeptTimeline::Remember(RememberedTimeline remembered) {
  const std::lock_guard lock(mutex_);
  remembered_ = std::move(remembered.timeline);
  remembered_rotation_ = remembered.rotation;
}

void KeptTimeline::KeepNow() {
  if (timeline_known_ && rotation_known_) keep_(TimelineToJson(known_));
}

void KeptTimeline::KeepAgain() {
  const std::lock_guard lock(mutex_);
  KeepNow();
}

Task<Result<Timeline>> KeptTimeline::Load(std::size_t most) {
  auto loaded = co_await store_.Load(most);
  const std::lock_guard lock(mutex_);
  if (loaded) {
    remembered_.reset();
    const bool news = !timeline_known_ || loaded->revision != known_.timeline.revision;
    known_.timeline = *loaded;
    timeline_known_ = true;
    if (news) KeepNow();
    co_return loaded;
  }
  if (loaded.error().code != ErrorCode::kUnavailable || !remembered_) co_return loaded;
  // Once: later it would put back what has been made of it.
  known_.timeline = *remembered_;
  timeline_known_ = true;
  remembered_.reset();
  co_return known_.timeline;
}

Task<Result<void>> KeptTimeline::Replace(std::int64_t expected, std::uint64_t seed,
                                         std::vector<Slot> slots) {
  std::vector<Slot> copy = slots;
  auto replaced = co_await store_.Replace(expected, seed, std::move(slots));
  if (!replaced) co_return replaced;
  const std::lock_guard lock(mutex_);
  // Otherwise the next Load() brings it.
  if (timeline_known_ && known_.timeline.revision == expected) {
    std::vector<Slot>& known = known_.timeline.slots;
    if (!copy.empty()) {
      std::erase_if(known, [&](const Slot& slot) { return slot.seq >= copy.front().seq; });
    }
    known.insert(known.end(), copy.begin(), copy.end());
    if (known.size() > kKeptSlots) {
      known.erase(known.begin(), known.end() - static_cast<std::ptrdiff_t>(kKeptSlots));
    }
    known_.timeline.seed = seed;
    known_.timeline.revision = expected + 1;
    KeepNow();
  }
  co_return replaced;
}

Task<Result<Rotation>> KeptTimeline::LoadRotation() {
  auto loaded = co_await store_.LoadRotation();
  const std::lock_guard lock(mutex_);
  if (loaded) {
    remembered_rotation_.reset();
    const bool news = !rotation_known_ || *loaded != known_.rotation;
    known_.rotation = *loaded;
    rotation_known_ = true;
    if (news) KeepNow();
    co_return loaded;
  }
  if (loaded.error().code != ErrorCode::kUnavailable || !remembered_rotation_) co_return loaded;
  known_.rotation = *remembered_rotation_;
  rotation_known_ = true;
  remembered_rotation_.reset();
  co_return known_.rotation;
}

Task<Result<void>> KeptTimeline::SaveRotation(Rotation rotation) {
  auto saved = co_await store_.SaveRotation(rotation);
  if (!saved) co_return saved;
  const std::lock_guard lock(mutex_);
  known_.rotation = rotation;
  rotation_known_ = true;
  KeepNow();
  co_return saved;
}

}  // namespace popradio::store::distributed
