// Distance functions of what the scenes are made of, each about one unit large around the origin;
// half() is half of a box that holds the shape.
#pragma once

#include <algorithm>
#include <array>

#include "simd.h"

namespace popradio::demo {

struct Sphere {
  Vec half() const { return {1.02f, 1.02f, 1.02f}; }
  F operator()(V3 p) const { return length(p) - 1.0f; }
};

// A ring around the y axis.
struct Ring {
  Vec half() const { return {1.02f + thick, 0.01f + 1.02f * thick, 1.02f + thick}; }
  float thick;
  F operator()(V3 p) const {
    const F q = sqrt(p.x * p.x + p.z * p.z) - 1.0f;
    return sqrt(q * q + p.y * p.y) - thick;
  }
};

// A flat disc with a hole, facing z: a compact disc or a halo.
struct Disc {
  Vec half() const { return {1.02f, 1.02f, 0.01f + 1.25f * thick}; }
  float hole, thick;
  F operator()(V3 p) const {
    const F r = sqrt(p.x * p.x + p.y * p.y);
    const F side = max(abs(r - 0.5f * (1.0f + hole)) - 0.5f * (1.0f - hole) + thick, all(0.0f));
    const F up = max(abs(p.z) - 0.2f * thick, all(0.0f));
    return sqrt(side * side + up * up) - thick;
  }
};

// Taubin's heart: the value over the length of its gradient is near enough to a distance.
struct Heart {
  Vec half() const { return {1.16f, 1.26f, 0.72f}; }
  F operator()(V3 p) const {
    const F x2 = p.x * p.x, y2 = p.y * p.y, z2 = p.z * p.z, y3 = y2 * p.y;
    const F a = x2 + 2.1f * z2 + y2 - 1.0f, a2 = a * a;
    const F f = a2 * a - (x2 + 0.1f * z2) * y3;
    const F gx = 6.0f * a2 * p.x - 2.0f * p.x * y3;
    const F gy = 6.0f * a2 * p.y - 3.0f * y2 * (x2 + 0.1f * z2);
    const F gz = 12.6f * a2 * p.z - 0.2f * p.z * y3;
    return clamp(f / (sqrt(gx * gx + gy * gy + gz * gz) + 1e-5f), -0.3f, 0.3f) * 0.8f;
  }
};

// The distance to the line from a point's tip to its notch, then puffed up as a balloon is.
inline F puff(F px, F py, F z, float notch_x, float notch_y, float tip) {
  const float ex = notch_x, ey = notch_y - tip;
  const F dx = px, dy = py - tip;
  const F t = clamp((dx * ex + dy * ey) / (ex * ex + ey * ey));
  const F qx = dx - ex * t, qy = dy - ey * t, s = dx * ey - dy * ex;
  const F d = sqrt(qx * qx + qy * qy);
  const F w = max((s > 0.0f ? -d : d) + 0.3f, all(0.0f));
  return (sqrt(w * w + z * z * 1.3f) - 0.3f) * 0.72f;
}

struct Star {  // five points
  Vec half() const { return {1.08f, 1.1f, 0.3f}; }
  F operator()(V3 p) const {
    constexpr float kX = 0.80901699f, kY = -0.58778525f;
    F x = abs(p.x), y = p.y;
    F d = 2.0f * max(kX * x + kY * y, all(0.0f));
    x -= d * kX;
    y -= d * kY;
    d = 2.0f * max(-kX * x + kY * y, all(0.0f));
    x += d * kX;
    y -= d * kY;
    return puff(abs(x), y, p.z, 0.50f * 0.58778525f, 0.50f * 0.80901699f, 1.05f);
  }
};

struct Spark {  // four points
  Vec half() const { return {1.1f, 1.1f, 0.3f}; }
  F operator()(V3 p) const {
    const F x = abs(p.x), y = abs(p.y);
    return puff(min(x, y), max(x, y), p.z, 0.21f, 0.21f, 1.05f);
  }
};

struct Flower {
  Vec half() const { return {1.1f, 1.1f, 0.42f}; }
  F operator()(V3 p) const {
    F d = length({p.x, p.y, p.z * 1.4f}) - 0.4f;
    for (int k = 0; k < 5; ++k) {
      const float a = float(k) * 1.2566371f;
      const V3 q{p.x - 0.62f * std::sin(a), p.y - 0.62f * std::cos(a), p.z * 1.25f};
      d = smooth_min(d, (length(q) - 0.44f) * 0.8f, 0.12f);
    }
    return d;
  }
};

// Up to eight balls that melt into each other.
struct Jelly {
  std::array<Vec, 8> at{};
  std::array<float, 8> size{};
  int count = 0;
  float melt = 0.3f;
  Vec half() const {
    Vec out;
    for (int k = 0; k < count; ++k) {
      const Vec& c = at[std::size_t(k)];
      const float r = size[std::size_t(k)] + 0.3f * melt;
      out = {std::max(out.x, std::fabs(c.x) + r), std::max(out.y, std::fabs(c.y) + r),
             std::max(out.z, std::fabs(c.z) + r)};
    }
    return out;
  }
  F operator()(V3 p) const {
    F d = all(9.0f);
    for (int k = 0; k < count; ++k)
      d = smooth_min(d, length(p - all(at[std::size_t(k)])) - size[std::size_t(k)], melt);
    return d;
  }
};

struct Box {
  Vec half() const { return {x + 0.01f, y + 0.01f, z + 0.01f}; }
  float x, y, z, round;
  F operator()(V3 p) const {
    const F a = max(abs(p.x) - (x - round), all(0.0f)), b = max(abs(p.y) - (y - round), all(0.0f)),
            c = max(abs(p.z) - (z - round), all(0.0f));
    return sqrt(a * a + b * b + c * c) - round;
  }
};

// A kite: two triangles back to back, the lower one longer, flat in z.
struct Kite {
  Vec half() const { return {0.68f, 1.06f, 0.1f}; }
  F operator()(V3 p) const {
    const F x = abs(p.x) * 1.6129f;
    const F upper = (x + p.y * 1.6949f - 0.92f) * 0.427f, lower = (x - p.y - 0.92f) * 0.527f;
    const F a = max(max(upper, lower), all(0.0f)), b = max(abs(p.z) - 0.03f, all(0.0f));
    return sqrt(a * a + b * b) - 0.05f;
  }
};

struct Plus {
  Vec half() const { return {0.97f, 0.97f, 0.34f}; }
  F operator()(V3 p) const {
    const F ax = max(abs(p.x) - 0.62f, all(0.0f)), ay = max(abs(p.y) - 0.62f, all(0.0f));
    const F a = sqrt(ax * ax + p.y * p.y + p.z * p.z) - 0.31f,
            b = sqrt(ay * ay + p.x * p.x + p.z * p.z) - 0.31f;
    return smooth_min(a, b, 0.12f);
  }
};

// A cut stone, pointed below: planes folded around its axis.
struct Gem {
  Vec half() const { return {1.05f, 1.05f, 1.05f}; }
  F operator()(V3 p) const {
    F x = abs(p.x), z = abs(p.z);
    const F t = max(z - x, all(0.0f));  // fold at 45 degrees
    x += t;
    z -= t;
    const F side = x * 0.9239f + z * 0.3827f;
    const F crown = side * 0.707f + p.y * 0.707f - 0.74f;
    const F base = side * 0.78f - p.y * 0.625f - 0.62f;
    return max(max(crown, base), max(p.y - 0.5f, side - 0.94f)) - 0.03f;
  }
};

// A quaver: a slanted head, a stem and a flag.
struct Quaver {
  Vec half() const { return {0.85f, 1.1f, 0.42f}; }
  F operator()(V3 p) const {
    const V3 q = p - all(Vec{-0.28f, -0.68f, 0.0f});
    const F u = q.x * 0.92f + q.y * 0.39f, v = q.y * 0.92f - q.x * 0.39f;
    const F head = (length({u * 0.72f, v, q.z * 0.8f}) - 0.3f) * 0.9f;
    const F sy = p.y - 0.18f, sx = p.x - 0.08f;
    const F stem_y = max(abs(sy) - 0.78f, all(0.0f));
    const F stem = sqrt(sx * sx + stem_y * stem_y + p.z * p.z) - 0.1f;
    const F along = clamp((p.x - 0.08f) / 0.56f);
    const F fy = p.y - (0.9f - 0.6f * along * along), fx = p.x - 0.08f - 0.56f * along;
    const F flag = (sqrt(fx * fx + fy * fy + p.z * p.z) - 0.13f) * 0.7f;
    return smooth_min(smooth_min(head, stem, 0.08f), flag, 0.08f);
  }
};

}  // namespace popradio::demo
