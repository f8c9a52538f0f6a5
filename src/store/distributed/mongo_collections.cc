#include "store/distributed/mongo_collections.h"

namespace popradio::store::distributed {
namespace {

using mongo::Document;

// With the name that MongoDB itself would give it: "likes_-1".
IndexSpec Index(const char* collection, const Document& key, Document options = {}) {
  std::string name;
  for (const auto& [field, type] : key.view().Fields()) {
    name += (name.empty() ? "" : "_") + field + "_" + std::to_string(key.view().Int(field));
  }
  Document index{{"key", key}, {"name", name}};
  bson_concat(index.get(), options.get());
  return {collection, std::move(index)};
}

Document Expires(std::chrono::seconds after) {
  return Document{{"expireAfterSeconds", static_cast<std::int32_t>(after.count())}};
}

}  // namespace

Document TargetPageIndex() {
  return Document{{"targetType", 1}, {"targetId", 1}, {"createdAt", -1}, {"_id", -1}};
}
Document PageIndex() { return Document{{"createdAt", -1}, {"_id", -1}}; }
Document MomentIndex() {
  return Document{{"targetType", 1}, {"targetId", 1}, {"atMs", 1},    {"createdAt", -1},
                  {"_id", -1},       {"expireAt", 1}, {"isHidden", 1}};
}

std::vector<IndexSpec> Indexes() {
  return {
      // The document's.
      Index(kSongs, {{"isActive", 1}, {"createdAt", -1}}),
      Index(kSongs, {{"genre", 1}}),
      Index(kSongs, {{"likes", -1}}),
      Index(kSongs, {{"plays", -1}}),
      Index(kPlaylists, {{"isActive", 1}, {"isFeatured", -1}, {"createdAt", -1}}),
      Index(kPlaylists, {{"likes", -1}}),
      Index(kComments, {{"targetType", 1}, {"targetId", 1}, {"createdAt", -1}}),
      Index(kComments, {{"sessionId", 1}}),
      Index(kComments, {{"expireAt", 1}}, Expires(std::chrono::seconds(0))),
      Index(kAnalytics, {{"date", -1}}),
      // What changed since a version: how nodes keep up with the curator.
      Index(kSongs, {{"catalogueVersion", 1}}),
      Index(kPlaylists, {{"catalogueVersion", 1}}),
      // Pages, which several comments of one millisecond must not confuse.
      Index(kComments, TargetPageIndex()),
      Index(kComments, PageIndex()),
      // The newest of a stretch of a song, chosen without reading the others.
      Index(kComments, MomentIndex(),
            Document{{"partialFilterExpression", Document{{"atMs", Document{{"$exists", true}}}}}}),
      Index(kForgottenComments, {{"expireAt", 1}}, Expires(std::chrono::seconds(0))),
      Index(kLikers, {{"removedAt", 1}}, Expires(kTakenBackLikesKept).Add("sparse", true)),
      Index(kTimeline, {{"endsAt", 1}}, Expires(kSlotsKept)),
      Index(kSessions, {{"lastActivity", 1}}, Expires(kSessionsKept)),
  };
}

}  // namespace popradio::store::distributed
