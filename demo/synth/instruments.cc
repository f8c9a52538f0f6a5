#include "instruments.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <stdexcept>

#include "dsp.h"

namespace popradio::demo {
namespace {

constexpr float kRate = float(kSampleRate);

float hertz_of(int pitch) { return 440.0f * std::exp2((float(pitch) - 69.0f) / 12.0f); }

// Attack, decay to a level, release after the note's end; all in seconds.
struct Envelope {
  float attack, decay, sustain, release;
  float at(float t, float length) const {
    const float held = std::min(t, length);
    float level = held < attack
                      ? held / attack
                      : sustain + (1.0f - sustain) * std::exp(-(held - attack) / (decay * 0.35f));
    if (t > length) level *= std::exp(-(t - length) / (release * 0.28f));
    return level;
  }
};

struct Frame {
  float left, right;
};

// Calls `make(t)` for each sample of the note and its release.
template <typename Make>
void lay(const Note& note, Track& track, float release, Make make) {
  const std::size_t begin = std::size_t(note.at * kRate);
  const std::size_t size = std::size_t((note.length + release) * kRate);
  const std::size_t fade = 240;  // five milliseconds, so that no release ends in a click
  for (std::size_t k = 0; k < size && begin + k < track.left.size(); ++k) {
    const Frame f = make(float(k) / kRate);
    const float tail = size - k < fade ? float(size - k) / float(fade) : 1.0f;
    track.left[begin + k] += f.left * tail * note.velocity;
    track.right[begin + k] += f.right * tail * note.velocity;
  }
}

// Vibrato that arrives late, as a player's does.
float vibrato(float t, float cents, float speed = 5.4f) {
  const float depth = std::clamp((t - 0.18f) * 3.0f, 0.0f, 1.0f);
  return std::exp2(depth * cents / 1200.0f * std::sin(kTau * speed * t));
}

void pulse(const Note& note, Track& track) {
  const Envelope env{0.004f, 0.5f, 0.62f, 0.12f};
  const float hertz = hertz_of(note.pitch);
  Oscillator a, b;
  Filter soft;
  soft.set(7800.0f, 0.7f, kRate);
  lay(note, track, 0.12f, [&](float t) {
    const float step = hertz / kRate * vibrato(t, 14.0f);
    const float width = 0.32f + 0.14f * std::sin(kTau * 0.7f * (t + float(note.at)));
    const float s = soft.low(0.7f * a.pulse(step, width) + 0.3f * b.pulse(step * 1.004f, 0.5f));
    const float v = 0.36f * s * env.at(t, float(note.length));
    return Frame{v, v};
  });
}

void square(const Note& note, Track& track) {
  const Envelope env{0.002f, 0.22f, 0.35f, 0.05f};
  const float step = hertz_of(note.pitch) / kRate;
  Oscillator a;
  lay(note, track, 0.05f, [&](float t) {
    const float v = 0.25f * a.pulse(step, 0.5f) * env.at(t, float(note.length));
    return Frame{v, v};
  });
}

// Sixteen steps up, sixteen down, as the first game consoles had it.
void triangle(const Note& note, Track& track) {
  const Envelope env{0.003f, 0.4f, 0.85f, 0.05f};
  const float step = hertz_of(note.pitch) / kRate;
  float phase = 0.0f;
  Filter soft;
  soft.set(5200.0f, 0.7f, kRate);
  lay(note, track, 0.05f, [&](float t) {
    phase += step;
    phase -= std::floor(phase);
    const float tri = 4.0f * std::fabs(phase - 0.5f) - 1.0f;
    const float v = 0.42f * soft.low(std::round(tri * 8.0f) / 8.0f) * env.at(t, float(note.length));
    return Frame{v, v};
  });
}

// Detuned saws, spread from left to right, through a filter that opens with the attack.
void saw_stack(const Note& note, Track& track, const Envelope& env, float cents, float low,
               float high, float fall, float level, float wobble) {
  constexpr std::array<float, 7> kPlaces{-1.0f, -0.66f, -0.29f, 0.0f, 0.31f, 0.64f, 1.0f};
  const float hertz = hertz_of(note.pitch);
  std::array<Oscillator, 7> saws;
  Noise start(std::uint32_t(note.pitch * 131 + int(note.at * 97)));
  for (auto& s : saws) s.phase = 0.5f + 0.5f * start.next();
  Filter left, right;
  lay(note, track, env.release, [&](float t) {
    const float bend = wobble > 0.0f ? vibrato(t, wobble, 5.1f) : 1.0f;
    float l = 0.0f, r = 0.0f;
    for (std::size_t k = 0; k < saws.size(); ++k) {
      const float step = hertz * bend * (1.0f + kPlaces[k] * cents * 0.000578f) / kRate;
      const float s = saws[k].saw(step);
      l += s * (1.0f - kPlaces[k] * 0.8f);
      r += s * (1.0f + kPlaces[k] * 0.8f);
    }
    const float cutoff = low + (high - low) * std::exp(-t / fall);
    left.set(std::max(cutoff, hertz * 1.2f), 0.8f, kRate);
    right.set(std::max(cutoff, hertz * 1.2f), 0.8f, kRate);
    const float e = level * env.at(t, float(note.length));
    return Frame{left.low(l) * e, right.low(r) * e};
  });
}

void saws(const Note& n, Track& t) {
  saw_stack(n, t, {0.006f, 0.6f, 0.72f, 0.22f}, 16.0f, 3600.0f, 8800.0f, 0.16f, 0.085f, 6.0f);
}
void pad(const Note& n, Track& t) {
  saw_stack(n, t, {0.28f, 1.2f, 0.85f, 0.9f}, 11.0f, 2100.0f, 1100.0f, 0.9f, 0.040f, 0.0f);
}
void strings(const Note& n, Track& t) {
  saw_stack(n, t, {0.07f, 1.0f, 0.85f, 0.4f}, 8.0f, 3900.0f, 2000.0f, 0.3f, 0.072f, 12.0f);
}

void lead(const Note& note, Track& track) {
  const Envelope env{0.008f, 0.7f, 0.7f, 0.16f};
  const float hertz = hertz_of(note.pitch);
  Oscillator a, b, c;
  b.phase = 0.33f;
  Filter filter;
  lay(note, track, 0.16f, [&](float t) {
    const float step = hertz / kRate * vibrato(t, 16.0f);
    const float s =
        0.45f * a.saw(step * 0.9975f) + 0.45f * b.saw(step * 1.0025f) + 0.3f * c.pulse(step, 0.38f);
    filter.set(2600.0f + 5200.0f * std::exp(-t / 0.12f), 1.3f, kRate);
    const float v = 0.36f * filter.low(s) * env.at(t, float(note.length));
    return Frame{v, v};
  });
}

void pluck(const Note& note, Track& track) {
  const Envelope env{0.002f, 0.55f, 0.0f, 0.16f};
  const float hertz = hertz_of(note.pitch);
  Oscillator a, b, c;
  b.phase = 0.4f;
  Filter left, right;
  lay(note, track, 0.3f, [&](float t) {
    const float step = hertz / kRate;
    const float mid = 0.5f * c.pulse(step, 0.5f);
    const float l = a.saw(step * 0.9965f) + mid, r = b.saw(step * 1.0035f) + mid;
    const float cutoff = std::max(hertz * 1.1f, 500.0f + 6200.0f * std::exp(-t / 0.085f));
    left.set(cutoff, 1.6f, kRate);
    right.set(cutoff, 1.6f, kRate);
    const float e = 0.33f * env.at(t, float(note.length));
    return Frame{left.low(l) * e, right.low(r) * e};
  });
}

// Two sines in frequency modulation with a ratio that is no whole number: glass.
void bell(const Note& note, Track& track) {
  const float hertz = hertz_of(note.pitch);
  lay(note, track, 1.1f, [&](float t) {
    const float body = std::exp(-t / 0.55f), strike = std::exp(-t / 0.16f);
    const float w = kTau * hertz * t;
    const float v = body * std::sin(w + 2.1f * strike * std::sin(3.5f * w)) +
                    0.35f * strike * std::sin(2.0f * w + 1.2f * strike * std::sin(7.01f * w));
    const float turn = 0.18f * std::sin(kTau * 3.1f * t);
    return Frame{0.28f * v * (1.0f + turn), 0.28f * v * (1.0f - turn)};
  });
}

void keys(const Note& note, Track& track) {
  const Envelope env{0.003f, 2.6f, 0.12f, 0.35f};
  const float hertz = hertz_of(note.pitch);
  lay(note, track, 0.35f, [&](float t) {
    const float w = kTau * hertz * t;
    const float index = (0.5f + 1.1f * note.velocity) * std::exp(-t / 0.5f);
    const float tine = 0.16f * std::exp(-t / 0.06f) * std::sin(14.0f * w);
    const float l = std::sin(w * 0.9992f + index * std::sin(w)) + tine;
    const float r = std::sin(w * 1.0008f + index * std::sin(w * 1.0004f)) + tine;
    const float e = 0.27f * env.at(t, float(note.length));
    const float turn = 0.2f * std::sin(kTau * 4.2f * (t + float(note.at)));
    return Frame{l * e * (1.0f + turn), r * e * (1.0f - turn)};
  });
}

void box(const Note& note, Track& track) {
  const float hertz = hertz_of(note.pitch);
  const float slow = std::clamp(500.0f / hertz, 0.3f, 1.6f);
  Noise noise(std::uint32_t(note.pitch));
  lay(note, track, 1.4f, [&](float t) {
    const float w = kTau * hertz * t;
    const float v = std::exp(-t / (0.7f * slow)) * std::sin(w) +
                    0.28f * std::exp(-t / (0.35f * slow)) * std::sin(2.003f * w) +
                    0.22f * std::exp(-t / 0.09f) * std::sin(4.02f * w) +
                    0.1f * std::exp(-t / 0.03f) * std::sin(9.1f * w) +
                    0.12f * std::exp(-t / 0.004f) * noise.next();
    return Frame{0.29f * v, 0.29f * v};
  });
}

// A string of noise that softens at each turn (Karplus and Strong), tuned by reading between
// samples.
void harp(const Note& note, Track& track) {
  const float hertz = hertz_of(note.pitch);
  const float period = kRate / hertz - 0.5f;
  const std::size_t size = std::size_t(period) + 2;
  std::vector<float> string(size);
  Noise noise(std::uint32_t(note.pitch * 7 + 3));
  Filter felt;
  felt.set(std::min(9000.0f, 1600.0f + hertz * 5.0f), 0.7f, kRate);
  for (std::size_t k = 0; k < size; ++k) string[k] = felt.low(noise.next());
  const float part = period - std::floor(period);
  const float keep = std::exp(-1.0f / (hertz * 1.25f));
  std::size_t head = 0;
  float before = 0.0f;
  const std::size_t turn = std::size_t(period);
  lay(note, track, 0.5f, [&](float t) {
    const std::size_t i = (head + size - turn) % size, j = (head + size - turn - 1) % size;
    const float read = string[i] * (1.0f - part) + string[j] * part;
    const float out = keep * 0.5f * (read + before);
    before = read;
    string[head] = out;
    head = (head + 1) % size;
    const float damp = t > float(note.length) ? std::exp(-(t - float(note.length)) / 0.16f) : 1.0f;
    return Frame{0.85f * out * damp, 0.85f * out * damp};
  });
}

// Saws through the three strongest resonances of an open vowel.
void choir(const Note& note, Track& track) {
  const Envelope env{0.12f, 1.0f, 0.9f, 0.5f};
  const float hertz = hertz_of(note.pitch);
  std::array<Oscillator, 4> saws;
  for (std::size_t k = 0; k < saws.size(); ++k) saws[k].phase = 0.23f * float(k);
  std::array<Filter, 6> vowel;
  constexpr std::array<float, 3> kHertz{760.0f, 1180.0f, 2700.0f}, kLevel{1.0f, 0.55f, 0.22f};
  for (std::size_t k = 0; k < 6; ++k) vowel[k].set(kHertz[k % 3], 5.0f, kRate);
  Filter body_left, body_right;
  body_left.set(hertz * 1.8f, 0.7f, kRate);
  body_right.set(hertz * 1.8f, 0.7f, kRate);
  lay(note, track, env.release, [&](float t) {
    const float step = hertz / kRate * vibrato(t, 20.0f, 4.8f);
    const float l = saws[0].saw(step * 0.996f) + saws[1].saw(step * 1.0017f);
    const float r = saws[2].saw(step * 1.0042f) + saws[3].saw(step * 0.9985f);
    float left = 0.3f * body_left.low(l), right = 0.3f * body_right.low(r);
    for (std::size_t k = 0; k < 3; ++k) {
      left += kLevel[k] * vowel[k].band(l);
      right += kLevel[k] * vowel[k + 3].band(r);
    }
    const float e = 0.24f * env.at(t, float(note.length));
    return Frame{left * e, right * e};
  });
}

void bass(const Note& note, Track& track) {
  const Envelope env{0.003f, 0.5f, 0.55f, 0.07f};
  const float hertz = hertz_of(note.pitch);
  Oscillator a, b, c;
  Filter filter;
  lay(note, track, 0.07f, [&](float t) {
    const float step = hertz / kRate;
    const float s = 0.6f * a.saw(step) + 0.35f * b.pulse(step * 1.003f, 0.5f);
    filter.set(260.0f + 2200.0f * std::exp(-t / 0.09f), 1.4f, kRate);
    const float v = std::tanh(1.3f * filter.low(s) + 0.55f * c.sine(step)) * 0.38f *
                    env.at(t, float(note.length));
    return Frame{v, v};
  });
}

void sub(const Note& note, Track& track) {
  const Envelope env{0.008f, 0.9f, 0.8f, 0.12f};
  const float hertz = hertz_of(note.pitch);
  Oscillator a;
  lay(note, track, 0.12f, [&](float t) {
    const float s = a.sine(hertz / kRate);
    const float v = 0.36f * std::tanh(1.8f * s) * env.at(t, float(note.length));
    return Frame{v, v};
  });
}

void organ(const Note& note, Track& track) {
  const Envelope env{0.012f, 0.3f, 0.9f, 0.09f};
  const float hertz = hertz_of(note.pitch);
  lay(note, track, 0.09f, [&](float t) {
    const float turn = std::sin(kTau * 6.3f * (t + float(note.at)));
    const float w = kTau * hertz * t + 0.25f * turn;
    const float s = std::sin(w) + 0.7f * std::sin(2.0f * w) + 0.35f * std::sin(3.0f * w) +
                    0.3f * std::sin(4.0f * w) + 0.12f * std::sin(6.0f * w) +
                    0.1f * std::sin(8.0f * w);
    const float e = 0.12f * env.at(t, float(note.length));
    return Frame{s * e * (1.0f + 0.22f * turn), s * e * (1.0f - 0.22f * turn)};
  });
}

void kick(const Note& note, Track& track) {
  Note hit = note;
  hit.length = 0.0;
  float phase = 0.0f;
  Noise noise(7);
  lay(hit, track, 0.36f, [&](float t) {
    phase += (47.0f + 150.0f * std::exp(-t / 0.028f)) / kRate;
    const float v = std::tanh(1.7f * std::sin(kTau * phase)) * std::exp(-t / 0.12f) +
                    0.22f * noise.next() * std::exp(-t / 0.003f);
    return Frame{0.60f * v, 0.60f * v};
  });
}

// Noise through a filter, with an envelope; the two sides hear different noise.
template <typename Shape>
void noise_hit(const Note& note, Track& track, float seconds, float hertz, float q, bool high,
               float level, Shape shape) {
  Note hit = note;
  hit.length = 0.0;
  Noise a(std::uint32_t(note.at * 1000.0) + 11u), b(std::uint32_t(note.at * 1000.0) + 977u);
  Filter left, right;
  left.set(hertz, q, kRate);
  right.set(hertz, q, kRate);
  lay(hit, track, seconds, [&](float t) {
    const float mid = a.next(), l = 0.75f * mid + 0.45f * b.next(),
                r = 0.75f * mid + 0.45f * b.next();
    const float e = level * shape(t);
    return Frame{(high ? left.high(l) : left.band(l)) * e,
                 (high ? right.high(r) : right.band(r)) * e};
  });
}

void snare(const Note& note, Track& track) {
  noise_hit(note, track, 0.24f, 2400.0f, 0.5f, true, 0.42f,
            [](float t) { return std::exp(-t / 0.06f); });
  Note hit = note;
  hit.length = 0.0;
  lay(hit, track, 0.18f, [&](float t) {
    const float v =
        0.42f * std::sin(kTau * (185.0f * t - 6.0f * std::exp(-t / 0.02f))) * std::exp(-t / 0.05f);
    return Frame{v, v};
  });
}

void clap(const Note& note, Track& track) {
  noise_hit(note, track, 0.26f, 1500.0f, 0.9f, false, 1.9f, [](float t) {
    const float burst = t < 0.033f ? std::exp(-std::fmod(t, 0.011f) / 0.004f) : 0.0f;
    return burst + (t >= 0.033f ? std::exp(-(t - 0.033f) / 0.065f) : 0.0f);
  });
}

void hat(const Note& n, Track& t) {
  noise_hit(n, t, 0.07f, 8200.0f, 0.8f, true, 0.42f, [](float x) { return std::exp(-x / 0.018f); });
}
void open_hat(const Note& n, Track& t) {
  noise_hit(n, t, 0.26f, 7400.0f, 0.8f, true, 0.36f, [](float x) { return std::exp(-x / 0.085f); });
}
void shaker(const Note& n, Track& t) {
  noise_hit(n, t, 0.09f, 6000.0f, 1.2f, false, 1.1f,
            [](float x) { return std::min(1.0f, x / 0.016f) * std::exp(-x / 0.026f); });
}
void crash(const Note& n, Track& t) {
  noise_hit(n, t, 2.0f, 4600.0f, 0.6f, true, 0.36f, [](float x) { return std::exp(-x / 0.5f); });
}
void click(const Note& n, Track& t) {
  noise_hit(n, t, 0.04f, 2600.0f, 3.0f, false, 2.0f, [](float x) { return std::exp(-x / 0.007f); });
}

void tom(const Note& note, Track& track) {
  Note hit = note;
  hit.length = 0.0;
  float phase = 0.0f;
  lay(hit, track, 0.4f, [&](float t) {
    phase += (88.0f + 70.0f * std::exp(-t / 0.06f)) / kRate;
    const float v = 0.5f * std::sin(kTau * phase) * std::exp(-t / 0.14f);
    return Frame{v, v};
  });
}

constexpr float kSweepSeconds = 1.8f;

// A breath of noise that climbs into the next section, or falls out of the last one.
void sweep(const Note& note, Track& track, bool up) {
  Note hit = note;
  hit.length = 0.0;
  Noise a(5), b(9);
  Filter left, right;
  lay(hit, track, kSweepSeconds, [&](float t) {
    const float x = up ? t / kSweepSeconds : 1.0f - t / kSweepSeconds;
    const float hertz = 400.0f * std::exp2(4.2f * x);
    left.set(hertz, 2.2f, kRate);
    right.set(hertz, 2.2f, kRate);
    const float e = 0.5f * x * x;
    return Frame{left.band(a.next()) * e, right.band(b.next()) * e};
  });
}
void riser(const Note& n, Track& t) { sweep(n, t, true); }
void fall(const Note& n, Track& t) { sweep(n, t, false); }

using Play = void (*)(const Note&, Track&);
const std::map<std::string, Play>& drums() {
  static const std::map<std::string, Play> table{
      {"kick", kick},     {"snare", snare}, {"clap", clap}, {"hat", hat},
      {"open", open_hat}, {"crash", crash}, {"tom", tom},   {"shaker", shaker},
      {"click", click},   {"riser", riser}, {"fall", fall}};
  return table;
}
const std::map<std::string, Play>& voices() {
  static const std::map<std::string, Play> table{
      {"pulse", pulse}, {"square", square},   {"triangle", triangle}, {"saws", saws},
      {"pluck", pluck}, {"bell", bell},       {"keys", keys},         {"box", box},
      {"pad", pad},     {"strings", strings}, {"bass", bass},         {"sub", sub},
      {"organ", organ}, {"lead", lead},       {"harp", harp},         {"choir", choir}};
  return table;
}

}  // namespace

bool is_drum(const std::string& instrument) { return drums().contains(instrument); }

void play(const std::string& instrument, const Note& note, Track& track) {
  const auto& table = is_drum(instrument) ? drums() : voices();
  const auto found = table.find(instrument);
  if (found == table.end()) throw std::runtime_error("no instrument '" + instrument + "'");
  found->second(note, track);
}

}  // namespace popradio::demo
