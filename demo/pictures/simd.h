// Eight pixels at a time: GCC's vector types with the few functions that the ray marcher needs.
#pragma once

#ifdef __AVX__
#include <immintrin.h>
#endif

#include <cmath>

namespace popradio::demo {

inline constexpr int kLanes = 8;
typedef float F __attribute__((vector_size(32)));
typedef int Mask __attribute__((vector_size(32)));  // -1 where true

inline F all(float x) { return F{x, x, x, x, x, x, x, x}; }
inline F min(F a, F b) { return a < b ? a : b; }
inline F max(F a, F b) { return a > b ? a : b; }
inline F clamp(F x, float low = 0.0f, float high = 1.0f) {
  return min(max(x, all(low)), all(high));
}
inline F abs(F x) { return max(x, -x); }
inline F mix(F a, F b, F t) { return a + (b - a) * t; }

inline F sqrt(F x) {
#ifdef __AVX__
  return F(_mm256_sqrt_ps(__m256(x)));
#else
  F out;
  for (int k = 0; k < kLanes; ++k) out[k] = std::sqrt(x[k]);
  return out;
#endif
}

inline bool any(Mask m) {
#ifdef __AVX__
  return _mm256_movemask_ps(__m256(m)) != 0;
#else
  int sum = 0;
  for (int k = 0; k < kLanes; ++k) sum |= m[k];
  return sum != 0;
#endif
}

inline F floor(F x) {
  const F whole = __builtin_convertvector(__builtin_convertvector(x, Mask), F);
  return whole > x ? whole - 1.0f : whole;
}

inline F smooth(float a, float b, F x) {
  const F t = clamp((x - a) / (b - a));
  return t * t * (3.0f - 2.0f * t);
}

// cos(2 pi t) to two per cent, which no eye sees in a colour.
inline F wave(F t) {
  const F y = 1.0f - 4.0f * abs(t - floor(t + 0.5f));
  return y * (1.5f - 0.5f * y * y);
}

inline F smooth_min(F a, F b, float k) {
  const F h = clamp(0.5f + 0.5f * (b - a) / k);
  return mix(b, a, h) - k * h * (1.0f - h);
}

struct V3 {
  F x, y, z;
};
inline V3 operator+(V3 a, V3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline V3 operator-(V3 a, V3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline V3 operator*(V3 a, F s) { return {a.x * s, a.y * s, a.z * s}; }
inline F dot(V3 a, V3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline F length(V3 a) { return sqrt(dot(a, a)); }
inline V3 mix(V3 a, V3 b, F t) { return {mix(a.x, b.x, t), mix(a.y, b.y, t), mix(a.z, b.z, t)}; }

// The same for one point: places, colours, turns.
struct Vec {
  float x = 0.0f, y = 0.0f, z = 0.0f;
};
inline Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec operator*(Vec a, float s) { return {a.x * s, a.y * s, a.z * s}; }
inline Vec mix(Vec a, Vec b, float t) { return a + (b - a) * t; }
inline V3 all(Vec v) { return {all(v.x), all(v.y), all(v.z)}; }

struct Turn {  // rows of a rotation from the world into the thing's own space
  Vec x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
};

}  // namespace popradio::demo
