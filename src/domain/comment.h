#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/song.h"

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
  std::string author;       // the public name it came with from another station; else empty, and
                            // the session makes the name: see author_name.h
  std::string fingerprint;  // the document's userFingerprint: stored, never shown
  std::string text;         // as cleaned by comment_text.h
  Instant created_at;
  Instant expire_at;
  // The moment of the song that it is about, in milliseconds from its start; on songs only.
  std::optional<std::int64_t> at_ms;
  bool is_hidden = false;
  bool operator==(const Comment&) const = default;
};

inline constexpr std::size_t kMaxFingerprintBytes = 256;
inline constexpr std::size_t kMaxAuthorBytes = 100;
inline constexpr std::int64_t kMaxMomentMs = std::int64_t{kMaxDurationS} * 1000;
// What is shown again at the same place of the song: the comments on moments this far either side.
inline constexpr std::int64_t kMomentReachMs = 15'000;

}  // namespace popradio

template <>
struct std::hash<popradio::Target> {
  std::size_t operator()(const popradio::Target& t) const {
    return popradio::ObjectIdHash()(t.id) ^
           (t.type == popradio::TargetType::kPlaylist ? 0x9e3779b97f4a7c15ULL : 0);
  }
};
