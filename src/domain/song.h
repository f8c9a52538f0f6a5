#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace popradio {

// Files of ours behind a song, found by `scan` or shipped with the demo. Paths are absolute; empty
// means there is none. The request path opens them by song id only, beneath the library folders.
struct SongMedia {
  std::string video_path;
  std::string audio_path;
  std::string art_path;
  std::string art_type;  // "image/jpeg", "image/webp", "image/png"
  std::string
      fingerprint;  // 128-bit content hash, hex: what a song is recognised by when its file moves
  std::int64_t file_bytes =
      0;  // size and modification time as last scanned: what has not changed is
  std::int64_t file_mtime_ms = 0;  // not probed again
  bool operator==(const SongMedia&) const = default;
};

// One song of the station, in the document's fields. A value; copies are independent.
struct Song {
  ObjectId id;
  std::string title;
  std::string artist;
  std::string album_art;  // as given; empty: our art file, else a generated cover
  std::string video_url;  // as given; empty: our video file, if there is one
  std::string audio_url;
  int duration_s = 0;  // whole seconds, 1 to kMaxDurationS
  std::vector<std::string> genre;
  std::optional<int> release_year;
  // What counting starts from: likes shown = base_likes + likers.
  std::int64_t base_likes = 0;
  std::int64_t base_plays = 0;
  Instant created_at;
  Instant updated_at;
  bool is_active = true;
  SongMedia media;
  bool operator==(const Song&) const = default;
};

struct Playlist {
  ObjectId id;
  std::string title;
  std::string description;
  std::string cover_image;      // as given; empty: our file, else a generated cover
  std::string cover_path;       // a file of ours
  std::vector<ObjectId> songs;  // in order; may name inactive songs, never unknown ones
  std::int64_t base_likes = 0;
  std::int64_t base_views = 0;
  Instant created_at;
  Instant updated_at;
  bool is_active = true;
  bool is_featured = false;
  bool operator==(const Playlist&) const = default;
};

// Limits of the fields, for every way in (REST, import, scan).
inline constexpr std::size_t kMaxTitleBytes = 400;
inline constexpr std::size_t kMaxDescriptionBytes = 4000;
inline constexpr std::size_t kMaxUrlBytes = 2048;
inline constexpr std::size_t kMaxGenres = 16;
inline constexpr std::size_t kMaxGenreBytes = 60;
inline constexpr int kMaxDurationS = 24 * 3600;
inline constexpr int kMinYear = 1000;
inline constexpr int kMaxYear = 3000;
inline constexpr std::size_t kMaxPlaylistSongs = 5000;
inline constexpr std::int64_t kMaxBaseCount = 1'000'000'000'000;

}  // namespace popradio
