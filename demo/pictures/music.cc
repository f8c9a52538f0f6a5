#include "music.h"

#include <algorithm>
#include <cmath>

namespace popradio::demo {
namespace {

constexpr double kEnergyRate = 10.0;

const Note* last_of(const std::vector<Note>& notes, double t) {
  const auto after = std::upper_bound(notes.begin(), notes.end(), t,
                                      [](double x, const Note& n) { return x < n.at; });
  return after == notes.begin() ? nullptr : &*(after - 1);
}

}  // namespace

Music::Music(Performance performance) : song_(std::move(performance)) {
  std::vector<float> raw(std::size_t(song_.end * kEnergyRate) + 2);
  for (const Note& n : song_.notes) {
    const Voice& voice = song_.voices[std::size_t(n.voice)];
    by_voice_[voice.name].push_back(n);
    for (std::size_t k = std::size_t(n.at * kEnergyRate);
         k <= std::size_t((n.at + n.length) * kEnergyRate) && k < raw.size(); ++k)
      raw[k] += n.velocity * voice.gain;
  }
  energy_.resize(raw.size());
  float most = 1e-6f;
  for (std::size_t k = 0; k < raw.size(); ++k) {
    float sum = 0.0f;
    for (int j = -10; j <= 10; ++j)
      sum += raw[std::size_t(std::clamp(int(k) + j, 0, int(raw.size()) - 1))];
    most = std::max(most, energy_[k] = sum);
  }
  for (float& e : energy_) e /= most;
}

const Note* Music::last(const std::string& voice, double t) const {
  const auto found = by_voice_.find(voice);
  return found == by_voice_.end() ? nullptr : last_of(found->second, t);
}

const Note* Music::last(std::initializer_list<const char*> voices, double t) const {
  const Note* out = nullptr;
  for (const char* v : voices)
    if (const Note* n = last(v, t); n && (!out || n->at > out->at)) out = n;
  return out;
}

float Music::pulse(const std::string& voice, double t, double seconds) const {
  const Note* n = last(voice, t);
  return n ? float(std::exp(-(t - n->at) / seconds)) * n->velocity : 0.0f;
}

float Music::pulse(std::initializer_list<const char*> voices, double t, double seconds) const {
  const Note* n = last(voices, t);
  return n ? float(std::exp(-(t - n->at) / seconds)) * n->velocity : 0.0f;
}

float Music::pitch_pulse(std::initializer_list<const char*> voices, int pitch_class, double t,
                         double seconds) const {
  float out = 0.0f;
  for (const char* v : voices)
    for (const Numbered& n : between(v, t - 4.0 * seconds, t))
      if (n.note->pitch % 12 == pitch_class)
        out = std::max(out, float(std::exp(-(t - n.note->at) / seconds)) * n.note->velocity);
  return out;
}

std::vector<Music::Numbered> Music::between(const std::string& voice, double from,
                                            double to) const {
  std::vector<Numbered> out;
  const auto found = by_voice_.find(voice);
  if (found == by_voice_.end()) return out;
  const auto& notes = found->second;
  const auto first = std::lower_bound(notes.begin(), notes.end(), from,
                                      [](const Note& n, double x) { return n.at < x; });
  for (auto n = first; n != notes.end() && n->at <= to; ++n)
    out.push_back({&*n, int(n - notes.begin())});
  return out;
}

float Music::beats(double t) const {
  const auto& b = song_.beats;
  const auto after = std::upper_bound(b.begin(), b.end(), t,
                                      [](double x, const Beat& beat) { return x < beat.at; });
  if (after == b.begin()) return 0.0f;
  const std::size_t k = std::size_t(after - b.begin()) - 1;
  const double step = k + 1 < b.size() ? b[k + 1].at - b[k].at : b[k].at - b[k - 1].at;
  return float(double(k) + (t - b[k].at) / step);
}

float Music::energy(double t) const {
  const double at = std::clamp(t * kEnergyRate, 0.0, double(energy_.size()) - 1.001);
  const std::size_t k = std::size_t(at);
  const float part = float(at - double(k));
  return energy_[k] * (1.0f - part) + energy_[k + 1] * part;
}

const Section& Music::section(double t) const {
  for (const Section& s : song_.sections)
    if (t < s.end) return s;
  return song_.sections.back();
}

float Music::through(double t) const {
  const Section& s = section(t);
  return float(std::clamp((t - s.start) / (s.end - s.start), 0.0, 1.0));
}

}  // namespace popradio::demo
