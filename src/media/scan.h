#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "domain/catalogue.h"
#include "media/ffmpeg.h"
#include "store/catalogue_store.h"

namespace popradio::media {

inline constexpr unsigned kParallelProbes = 2;   // child processes at a time
inline constexpr std::size_t kScanChunk = 32;    // files looked into between two writes
inline constexpr int kDefaultMinDurationS = 20;  // shorter is a jingle or a sound effect
inline constexpr Millis kProgressInterval{200};

struct ScanOptions {
  std::string dir;       // the curator's folder; nothing in it is ever written
  std::string data_dir;  // art, converted media and the scan's own memory; may lie inside `dir`
  int min_duration_s = kDefaultMinDurationS;
};

struct ScanProgress {
  std::size_t done = 0;
  std::size_t total = 0;  // media files in the folder
  double files_per_s = 0;
  std::optional<double> seconds_left;  // unknown in the first second
  std::string current;                 // the file that was looked at last
  std::optional<double> converting;    // 0 to 1 while that file is being encoded
};

// Something to tell the curator about one file.
struct ScanNote {
  enum class Kind {
    kAdded,
    kChanged,    // new content, tags or NFO
    kMoved,      // text: where it was
    kDuplicate,  // text: of what
    kTooShort,   // text: how long it is
    kBroken,     // text: why
    kConverted,  // text: why it could not be played as it is
    kVanished,   // the song was taken off the air
    kReturned,   // and is back
    kWarning,
  };
  Kind kind;
  std::string path;
  std::string text;
};

struct ScanEvents {
  // Takes songs to write, at most a few dozen at a time; a failure stops the scan.
  std::function<Result<void>(store::CatalogueChange)> write;
  // At most every kProgressInterval, and at the end. May be called on another thread, never on two
  // at once.
  std::function<void(const ScanProgress&)> progress;
  std::function<void(const ScanNote&)> note;
  // Asked between chunks: true ends the scan after what is in hand. What was written stays.
  std::function<bool()> stopped;
};

struct ScanReport {
  std::size_t files = 0;
  std::size_t added = 0, changed = 0, moved = 0, unchanged = 0, returned = 0;
  std::size_t duplicates = 0, too_short = 0, broken = 0, vanished = 0, converted = 0;
  std::size_t probed = 0;  // files that ffprobe was asked about
  double seconds = 0;
  bool stopped = false;
};

// Makes songs of the media files in a folder, and keeps them in step with it when called again.
//
// - What a song is called: the NFO beside it, else its tags, else the names of file and folders.
// - Which song a file is: its path with unchanged size and time is the same song, not looked into
// at all;
//   else its fingerprint (fingerprint.h), so that a moved or renamed file keeps its id and likes;
//   else its path, if title and artist or the length stayed: then it was tagged or encoded anew. A
//   second file of the same content is a duplicate and no song.
// - Art goes to <data>/art/<id>.jpg; what browsers cannot play is copied or encoded once into
//   <data>/media/<id>.mp4 (playability.h).
// - A song whose file is gone is taken off the air, never deleted, and comes back with the file.
// What the
//   curator took off the air stays off.
// - Files too short or broken are noted each time and looked into once.
//
// Memory does not grow with what the files are, only by some 100 bytes a file. `catalogue` is the
// station before; changes are whole records made from it, so a writer that may meet newer ones
// calls Rebase. Adds the folder to the library roots. Blocks until done. Fails with a sentence: the
// folder cannot be read, ffprobe is not installed, `write` failed.
Result<ScanReport> Scan(const ScanOptions& options, const Catalogue& catalogue, const Clock& clock,
                        Random& random, MediaTool& tool, const ScanEvents& events);

// The change carried over to a catalogue that went on meanwhile: of each song, only the fields in
// which the change differs from `before` are taken.
store::CatalogueChange Rebase(const store::CatalogueChange& change, const Catalogue& before,
                              const Catalogue& now);

}  // namespace popradio::media
