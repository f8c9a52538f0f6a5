#include "paint.h"

#include <algorithm>
#include <cmath>

namespace popradio::demo {

float chance(int k) {
  std::uint32_t h = std::uint32_t(k) * 2654435761u + 0x9e3779b9u;
  h ^= h >> 15;
  h *= 2246822519u;
  h ^= h >> 13;
  h *= 3266489917u;
  h ^= h >> 16;
  return float(h >> 8) / 16777216.0f;
}

float noise(float x, float y) {
  const float i = std::floor(x), j = std::floor(y), u = x - i, v = y - j;
  const float a = u * u * (3.0f - 2.0f * u), b = v * v * (3.0f - 2.0f * v);
  const auto at = [&](int di, int dj) {
    return chance((int(i) + di) * 7919 + (int(j) + dj) * 104729);
  };
  const float top = at(0, 0) + (at(1, 0) - at(0, 0)) * a,
              low = at(0, 1) + (at(1, 1) - at(0, 1)) * a;
  return top + (low - top) * b;
}

float cloud_noise(float x, float y) {
  float sum = 0.0f, weight = 0.5f;
  for (int k = 0; k < 5; ++k) {
    sum += weight * noise(x, y);
    const float t = x;
    x = 1.6f * x - 1.2f * y + 3.1f;
    y = 1.2f * t + 1.6f * y + 1.7f;
    weight *= 0.5f;
  }
  return sum;
}

namespace {
float smooth_step(float a, float b, float x) {
  const float t = std::clamp((x - a) / (b - a), 0.0f, 1.0f);
  return t * t * (3.0f - 2.0f * t);
}
}  // namespace

Vec sky(float x, float y, Vec top, Vec middle, Vec low) {
  Vec c = y > -0.2f ? mix(middle, top, std::pow(std::clamp((y + 0.2f) / 1.2f, 0.0f, 1.0f), 0.85f))
                    : mix(middle, low, std::clamp((-y - 0.2f) * 1.4f, 0.0f, 1.0f));
  const float thin =
      smooth_step(0.46f, 0.8f, cloud_noise(x * 0.7f + y * 0.5f + 3.4f, y * 2.6f - x * 0.3f)) *
      smooth_step(-0.4f, 0.3f, y);
  return mix(c, {1, 1, 1}, thin * 0.45f);
}

Image cloud_bank(int width, int height, float puff, Vec lit, Vec shade, int seed) {
  Image out(width, height, true);
  const float radius = puff * float(height);
  const int count = std::max(4, int(float(width) / (radius * 0.75f)));
  for (int k = 0; k <= count; ++k) {
    const float cx = (float(k) + chance(seed * 977 + k) - 0.5f) * float(width) / float(count);
    const float r = radius * (0.5f + 0.7f * chance(seed * 131 + k * 3 + 1));
    const float cy = float(height) - radius * 0.55f -
                     radius * 0.45f * chance(seed * 57 + k * 7 + 2) -
                     0.1f * radius * std::sin(float(k) * 1.7f);
    for (int j = std::max(0, int(cy - r * 1.1f)); j < height; ++j)
      for (int i = std::max(0, int(cx - r * 1.1f)); i < std::min(width, int(cx + r * 1.1f)); ++i) {
        const float dx = float(i) - cx, dy = cy - float(j);
        const float wobble =
            (cloud_noise(float(i) * 4.0f / radius * 0.3f + 9.0f, float(j) * 4.0f / radius * 0.3f) -
             0.5f) *
            0.3f * radius;
        float d = std::sqrt(dx * dx + dy * dy) + wobble;
        if (dy < 0.0f) d = std::min(d, std::fabs(dx) + wobble);
        if (d > r) continue;
        const float up = std::clamp(dy / r, -1.0f, 1.0f), cover = smooth_step(r, r * 0.86f, d);
        const float light =
            std::clamp(0.36f + 0.62f * up - 0.16f * (dx / r) + 0.18f * (1.0f - d / r), 0.0f, 1.0f);
        const Vec c = mix(shade, lit, light);
        const std::size_t at = std::size_t(j * width + i);
        out.red[at] += (c.x - out.red[at]) * cover;
        out.green[at] += (c.y - out.green[at]) * cover;
        out.blue[at] += (c.z - out.blue[at]) * cover;
        out.alpha[at] += (1.0f - out.alpha[at]) * cover;
      }
  }
  // The strips were mixed into black where nothing lay below: that is premultiplied, as layer()
  // wants it.
  return out;
}

}  // namespace popradio::demo
