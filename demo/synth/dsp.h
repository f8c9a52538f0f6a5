// Small parts that instruments and effects are made of.
#pragma once

#include <cmath>
#include <cstdint>

namespace popradio::demo {

inline constexpr float kTau = 6.2831853f;

// Noise that is the same on every run.
class Noise {
 public:
  explicit Noise(std::uint32_t seed) : state_(seed * 2654435761u + 1u) {}
  // Between -1 and 1.
  float next() {
    state_ = state_ * 1664525u + 1013904223u;
    return float(std::int32_t(state_)) / 2147483648.0f;
  }

 private:
  std::uint32_t state_;
};

// A polynomial rounding of a step, so that saws and pulses do not alias. `phase` and `step` in
// turns.
inline float blep(float phase, float step) {
  if (phase < step) {
    const float x = phase / step;
    return x + x - x * x - 1.0f;
  }
  if (phase > 1.0f - step) {
    const float x = (phase - 1.0f) / step;
    return x * x + x + x + 1.0f;
  }
  return 0.0f;
}

struct Oscillator {
  float phase = 0.0f;
  void advance(float step) {
    phase += step;
    phase -= std::floor(phase);
  }
  float saw(float step) {
    const float out = 2.0f * phase - 1.0f - blep(phase, step);
    advance(step);
    return out;
  }
  float pulse(float step, float width) {
    float other = phase + 1.0f - width;
    other -= std::floor(other);
    const float out = (phase < width ? 1.0f : -1.0f) + blep(phase, step) - blep(other, step);
    advance(step);
    return out - (2.0f * width - 1.0f);
  }
  float sine(float step) {
    const float out = std::sin(kTau * phase);
    advance(step);
    return out;
  }
};

// State-variable filter in its zero-delay form (Simper): stable while the cutoff moves.
class Filter {
 public:
  void set(float hertz, float q, float rate) {
    const float g = std::tan(3.1415927f * std::fmin(hertz, rate * 0.45f) / rate);
    k_ = 1.0f / q;
    a1_ = 1.0f / (1.0f + g * (g + k_));
    a2_ = g * a1_;
    a3_ = g * a2_;
  }
  float low(float in) {
    step(in);
    return v2_;
  }
  float band(float in) {
    step(in);
    return v1_ * k_;
  }
  float high(float in) {
    step(in);
    return in - k_ * v1_ - v2_;
  }

 private:
  void step(float in) {
    const float v3 = in - s2_;
    v1_ = a1_ * s1_ + a2_ * v3;
    v2_ = s2_ + a2_ * s1_ + a3_ * v3;
    s1_ = 2.0f * v1_ - s1_;
    s2_ = 2.0f * v2_ - s2_;
  }
  float k_ = 1.0f, a1_ = 0.0f, a2_ = 0.0f, a3_ = 0.0f, s1_ = 0.0f, s2_ = 0.0f, v1_ = 0.0f,
        v2_ = 0.0f;
};

}  // namespace popradio::demo
