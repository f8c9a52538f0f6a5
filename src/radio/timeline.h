#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "domain/slot.h"
#include "radio/rotation.h"

namespace popradio::radio {

// Slots kept ready after the playing one. More than the five that are shown, so that at the very
// moment of a change the next five are known already.
inline constexpr std::size_t kAhead = 8;
// Slots kept in memory: the longest window, and what is ahead.
inline constexpr std::size_t kRemembered = kMaxWindow + kAhead + 2;

// Index of the slot that covers `now`; none before the first, after the last, or in a hole.
std::optional<std::size_t> Playing(const std::vector<Slot>& slots, Instant now);

// All of these are pure: (timeline, library, now) in, timeline out; randomness comes from the
// timeline's own seed, so that every node makes the same of the same. Afterwards, while the library
// has a song: some slot covers `now`, kAhead more follow it, no gap, no overlap, seq without a
// hole.

// Brings a timeline into agreement with the library and the clock. Slots that were known stay, in
// order, but for: songs no longer active (a playing one ends now), changed durations (what follows
// moves), a clock that was set back (the playing song begins anew at `now`), and the time the
// station was off (a new slot begins at `now`; the past is not filled in).
Timeline Reconcile(Timeline timeline, const Library& library, const Rotation& rotation,
                   Instant now);

// The clock jumped by `by` while the station played: what plays and what follows moves with it, so
// that the music goes on at the same place.
Timeline MoveWithClock(Timeline timeline, Instant now_before_jump, Millis by);

// Ends the playing slot now.
Timeline SkipPlaying(Timeline timeline, const Library& library, const Rotation& rotation,
                     Instant now);

// Puts `song` (in the library) right after the playing slot; if it was known ahead, it moves.
Timeline PinAfterPlaying(Timeline timeline, const Library& library, const Rotation& rotation,
                         Instant now, const ObjectId& song);

// What must be written so that `stored` becomes `wanted`: the slots from the first that differs on.
// Empty: nothing differs.
std::vector<Slot> Difference(const std::vector<Slot>& stored, const std::vector<Slot>& wanted);

}  // namespace popradio::radio
