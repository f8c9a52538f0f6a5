// What happens to the sound after the instruments: room, echo, and the way to an even loudness.
#pragma once

#include "instruments.h"

namespace popradio::demo {

inline constexpr float kLoudnessLufs = -16.0f;
inline constexpr float kCeiling =
    0.82f;  // -1.7 dBFS: room for what the AAC encoder adds between samples

// A hall of eight crossed delay lines; `send` is what goes in, the return is added to `out`.
void add_reverb(const Track& send, Track& out);

// An echo that jumps from side to side every `seconds`.
void add_echo(const Track& send, double seconds, Track& out);

// The loudness of the whole track after ITU-R BS.1770-4, gates included.
float loudness_lufs(const Track& track);

// Gain to kLoudnessLufs through a limiter that looks ahead, so that no sample passes kCeiling.
void master(Track& track);

}  // namespace popradio::demo
