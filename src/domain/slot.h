#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace popradio {

// Why a song was chosen; the public codes stand in slot.cc and in api/openapi.yaml.
enum class Why : std::uint8_t {
  kRotation,       // its turn in the rotation
  kFeatured,       // in a featured playlist
  kLoved,          // listeners like it
  kFresh,          // newly added
  kPinned,         // the curator put it next
  kRelaxedArtist,  // too few artists: the same artist again
  kRelaxedSong,    // too few songs: the same song sooner than the station likes
  kOnlySong,       // the station has one song
};

// "rotation", "featured", …: the code in answers and in the store.
const char* Code(Why why);
// A sentence for people, in English; clients may translate by code.
const char* Sentence(Why why);
// The reverse of Code(); kRotation for what an older or newer version wrote.
Why WhyFromCode(std::string_view code);

// A song's place on the air. Slots follow each other without gap or overlap; `seq` rises by one.
struct Slot {
  std::int64_t seq = 0;
  ObjectId song;
  Instant starts_at;
  Instant ends_at;
  Why why = Why::kRotation;
  bool skipped = false;  // ended before its time, by vote or by the curator
  bool operator==(const Slot&) const = default;
};

// Who may end the playing song early.
enum class SkipPolicy : std::uint8_t { kOff, kCurator, kVote };
// "off", "curator", "vote": in settings, in answers and in the store.
const char* Code(SkipPolicy policy);
std::optional<SkipPolicy> ParseSkipPolicy(std::string_view code);

// The curator's knobs. Weights are relative; 0 switches a preference off.
struct Rotation {
  int song_window = 40;   // a song does not return within this many slots, where the library allows
  int artist_window = 4;  // nor an artist within this many
  double featured_weight = 2.0;  // factor for a song in a featured playlist
  double likes_weight = 1.0;     // strength of the likes' pull, capped (see rotation.h)
  double fresh_weight = 1.5;     // factor for a song added within the last 14 days
  std::optional<ObjectId> playlist =
      std::nullopt;                               // play this playlist only; none: all active songs
  std::optional<SkipPolicy> skip = std::nullopt;  // none: as the setting radio.skip says
  bool operator==(const Rotation&) const = default;
};

// What the station has to remember to go on where it was. `revision` is what compare-and-set
// compares.
struct Timeline {
  std::int64_t revision = 0;
  std::uint64_t seed = 0;  // state of the rotation's random numbers, stored so that nodes agree
  std::vector<Slot>
      slots;  // the latest ones, oldest first: played, playing, and what is known ahead
  bool operator==(const Timeline&) const = default;
};

}  // namespace popradio
