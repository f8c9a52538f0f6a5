// A song on the clock: what score.py prints and both programs of the demo station read.
#pragma once

#include <istream>
#include <string>
#include <vector>

namespace popradio::demo {

struct Voice {
  std::string name;
  std::string instrument;
  float gain = 0.7f;
  float pan = 0.0f;  // -1 left ... 1 right
  float reverb = 0.0f;
  float delay = 0.0f;
  float duck = 0.0f;  // how far the kick pushes it down, 0 ... 1
};

struct Note {
  int voice = 0;
  double at = 0.0;  // seconds
  double length = 0.0;
  int pitch = 0;  // MIDI number; 0 for a drum
  float velocity = 0.0f;
};

struct Beat {
  double at = 0.0;
  bool downbeat = false;
};

struct Section {
  std::string name;
  double start = 0.0;
  double end = 0.0;
  float open_from = 1.0f;  // the low-pass filter over everything but the drums: 0 shut ... 1 open
  float open_to = 1.0f;
};

struct Performance {
  std::string song;
  std::string title;
  std::string artist;
  std::string tune;
  double tempo = 120.0;
  double end = 0.0;
  std::vector<Voice> voices;
  std::vector<Note> notes;  // in order of time
  std::vector<Beat> beats;
  std::vector<Section> sections;
};

// Throws std::runtime_error naming the line that it cannot read: a broken performance is our own
// bug.
Performance read_performance(std::istream& in);

}  // namespace popradio::demo
