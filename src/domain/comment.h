#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace popradio {

enum class TargetType : std::uint8_t { kSong, kPlaylist };

// What can be liked, counted and commented.
struct Target {
  TargetType type = TargetType::kSong;
  ObjectId id;
  auto operator<=>(const Target&) const = default;
};

inline const char* Name(TargetType type) { return type == TargetType::kSong ? "song" : "playlist"; }

struct Comment {
  ObjectId id;
  Target target;
  SessionId session;        // never shown to anybody but its owner
  std::string fingerprint;  // the document's userFingerprint: stored, never shown
  std::string text;         // as cleaned by comment_text.h
  Instant created_at;
  Instant expire_at;
  bool is_hidden = false;
  bool operator==(const Comment&) const = default;
};

inline constexpr std::size_t kMaxFingerprintBytes = 256;

}  // namespace popradio

template <>
struct std::hash<popradio::Target> {
  std::size_t operator()(const popradio::Target& t) const {
    return popradio::ObjectIdHash()(t.id) ^
           (t.type == popradio::TargetType::kPlaylist ? 0x9e3779b97f4a7c15ULL : 0);
  }
};
