#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/comment.h"
#include "domain/song.h"

namespace popradio::media {

// What a catalogue file says, before it meets the station. Every reader (JSON, CSV, M3U) makes this
// one shape; import.h decides what it means. A field that is not given stays as the station has it.

// A record, or part of one, that does not fit.
struct Refusal {
  int line = 0;        // of the file, from 1
  std::string what;    // "song \"Love Story\""
  std::string reason;  // a sentence without a full stop
  bool operator==(const Refusal&) const = default;
};

struct ParsedSong {
  int line = 0;
  std::optional<ObjectId> id;
  std::optional<std::string> title, artist, album_art;
  // As written: an http(s) address, a path on the station, or a file's name; see resolve.h.
  std::optional<std::string> video_url, audio_url;
  std::optional<int> duration_s;
  std::optional<std::vector<std::string>> genre;
  std::optional<std::optional<int>> release_year;  // null says: unknown
  std::optional<std::int64_t> likes, plays;
  std::optional<Instant> created_at, updated_at;
  std::optional<bool> is_active;
  std::optional<SongMedia> media;  // files of ours, from an export or as resolve.h found them
};

// A song of a playlist: by id, or by its position among the file's songs (M3U).
struct ParsedEntry {
  int line = 0;
  std::variant<ObjectId, std::size_t> song;
};

struct ParsedPlaylist {
  int line = 0;
  std::optional<ObjectId> id;
  std::optional<std::string> title, description, cover_image, cover_path;
  std::optional<std::vector<ParsedEntry>> songs;
  std::optional<std::int64_t> likes, views;
  std::optional<Instant> created_at, updated_at;
  std::optional<bool> is_active, is_featured;
};

struct ParsedComment {
  int line = 0;
  std::optional<ObjectId> id;
  Target target;
  std::optional<SessionId> session;
  std::string author;  // the public name; empty: the session makes it
  std::string fingerprint;
  std::string text;
  std::optional<Instant> created_at, expire_at;
  std::optional<std::int64_t> at_ms;
  bool is_hidden = false;
};

struct ParsedCatalogue {
  std::vector<ParsedSong> songs;
  std::vector<ParsedPlaylist> playlists;
  std::vector<ParsedComment> comments;
  std::vector<Refusal> refused;       // records that are not even records
  std::vector<std::string> warnings;  // sentences; nothing was lost
  std::vector<std::string>
      library_roots;  // folders of files of ours that were found: AddLibraryRoot them
};

// Limits of a catalogue file, whatever its format.
inline constexpr std::size_t kMaxCatalogueBytes = 128 << 20;
inline constexpr std::size_t kMaxCatalogueRecords = 1'000'000;

}  // namespace popradio::media
