#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "domain/catalogue.h"
#include "domain/slot.h"

namespace popradio::radio {

inline constexpr int kFreshDays = 14;
inline constexpr int kMaxWindow = 150;  // of Rotation::song_window and artist_window

// What may be played, taken from a catalogue at one moment.
struct Candidate {
  ObjectId id;
  std::uint32_t artist = 0;  // equal numbers: the same artist, however it is spelled
  Millis duration{0};
  std::int64_t likes = 0;
  Instant created_at;
  bool featured = false;
};

// The active songs (of Rotation::playlist, if it names an active one with songs), in catalogue
// order. Immutable once made; belongs to one decision.
class Library {
 public:
  // `likes` is asked once per song.
  Library(const Catalogue& catalogue, const Rotation& rotation,
          const std::function<std::int64_t(const ObjectId&)>& likes);

  std::span<const Candidate> candidates() const { return candidates_; }
  bool empty() const { return candidates_.empty(); }
  // Also for songs outside the rotation's playlist, so that what is queued or pinned may finish;
  // none for inactive or unknown ones.
  const Candidate* Find(const ObjectId& song) const;
  std::size_t artists() const { return artists_; }

 private:
  std::vector<Candidate> candidates_;
  std::vector<Candidate> others_;  // active, but not in the rotation's playlist
  std::unordered_map<ObjectId, std::pair<bool, std::uint32_t>> index_;
  std::size_t artists_ = 0;
};

struct Choice {
  ObjectId song;
  Why why = Why::kRotation;
};

// How far back a song or an artist is looked for in a library of `count`: what the curator asks
// for, but at most two thirds of what there is, so that chance keeps a say. None for a single one.
int AdaptedWindow(int wanted, std::size_t count);

// Picks the song that follows `before` (oldest first). Hard rules first: not the same song within
// the adapted song window, nor the same artist within the adapted artist window. When nothing
// qualifies the rules relax in this order: artist window 1, artist rule off (relaxed_artist), song
// window halved until something qualifies (relaxed_song). Among what qualifies a draw by weight:
// featured, likes (with the logarithm of likes relative to the most liked, so at most 1 + 2 x
// likes_weight), fresh (only while less than half of the library is fresh). None only for an empty
// library.
std::optional<Choice> Choose(const Library& library, const Rotation& rotation,
                             std::span<const Slot> before, Instant now, Random& random);

// A rotation a curator sent, with every number brought within its bounds; the message names the
// first that is not.
std::optional<std::string> InvalidRotation(const Rotation& rotation);

}  // namespace popradio::radio
