// What a scene asks the music: everything is a function of the time, so that any frame can be drawn
// alone.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "../performance.h"

namespace popradio::demo {

class Music {
 public:
  explicit Music(Performance performance);

  const Performance& song() const { return song_; }
  // The voice's last note that began at or before t, or nullptr.
  const Note* last(const std::string& voice, double t) const;
  const Note* last(std::initializer_list<const char*> voices, double t) const;
  // 1 when the voice strikes, falling by e every `seconds`; 0 before its first note.
  float pulse(const std::string& voice, double t, double seconds) const;
  float pulse(std::initializer_list<const char*> voices, double t, double seconds) const;
  // The same for one pitch class (0 = C) of a voice, whatever the octave.
  float pitch_pulse(std::initializer_list<const char*> voices, int pitch_class, double t,
                    double seconds) const;
  // The voice's notes that began in [from, to], with their number in the song.
  struct Numbered {
    const Note* note;
    int number;
  };
  std::vector<Numbered> between(const std::string& voice, double from, double to) const;
  float beats(double t) const;   // beats since the start, with their parts
  float energy(double t) const;  // 0 ... 1: how much is going on, taken over two seconds
  const Section& section(double t) const;
  // How far into the section, 0 ... 1.
  float through(double t) const;

 private:
  Performance song_;
  std::map<std::string, std::vector<Note>> by_voice_;
  std::vector<float> energy_;  // ten a second
};

}  // namespace popradio::demo
