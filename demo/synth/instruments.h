// The demo station's instruments: one note at a time, added to a stereo track.
#pragma once

#include <string>
#include <vector>

#include "../performance.h"

namespace popradio::demo {

inline constexpr int kSampleRate = 48000;

struct Track {
  std::vector<float> left;
  std::vector<float> right;
  explicit Track(std::size_t size) : left(size), right(size) {}
};

bool is_drum(const std::string& instrument);

// Adds the note to the track at its own time, cut where the track ends. Deterministic: the noise is
// seeded by the note. An instrument without a name here throws std::runtime_error.
void play(const std::string& instrument, const Note& note, Track& track);

}  // namespace popradio::demo
