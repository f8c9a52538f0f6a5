#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "store/distributed/mongo/document.h"
#include "store/session_store.h"

// What lies in MongoDB: docs/data.md describes every collection, field and index.
namespace popradio::store::distributed {

// The document's.
inline constexpr char kSongs[] = "songs";
inline constexpr char kPlaylists[] = "playlists";
inline constexpr char kComments[] = "comments";
inline constexpr char kAnalytics[] = "analytics";
// Ours.
inline constexpr char kForgottenComments[] = "forgottenComments";
inline constexpr char kLikers[] = "likers";
inline constexpr char kTimeline[] = "timeline";
inline constexpr char kSessions[] = "sessions";
inline constexpr char kStation[] = "station";
// In `station` while a station is being moved in: see CarryMark.
inline constexpr char kCarryMarkId[] = "carry";

// How long what is over is kept; MongoDB removes it by itself.
inline constexpr std::chrono::seconds kTakenBackLikesKept = std::chrono::days(1);
inline constexpr std::chrono::seconds kSlotsKept = std::chrono::days(90);
inline constexpr std::chrono::seconds kSessionsKept = std::chrono::days(kSessionDays);

struct IndexSpec {
  const char* collection;
  mongo::Document index;  // as createIndexes takes it: key, name, options
};
// The index that the newest comments of a target, of all targets, and those on moments of a song
// are read by. Named with each read, so that the server need not choose.
mongo::Document TargetPageIndex();
mongo::Document PageIndex();
mongo::Document MomentIndex();

// Every index beside those on _id; those of the document first.
std::vector<IndexSpec> Indexes();

}  // namespace popradio::store::distributed
