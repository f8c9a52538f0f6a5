// The stage's last steps: light on top, bloom, and the way to 8 bits.
#include <algorithm>
#include <cmath>

#include "stage.h"

namespace popradio::demo {
namespace {

constexpr int kBloomScale = 4;

// Three box blurs are near enough to a Gaussian.
void blur(std::vector<float>& image, int width, int height, int radius) {
  std::vector<float> line(std::size_t(std::max(width, height)));
  const float part = 1.0f / float(2 * radius + 1);
  const auto pass = [&](float* at, int count, int stride) {
    float sum = 0.0f;
    const auto read = [&](int k) {
      return at[std::size_t(std::clamp(k, 0, count - 1)) * std::size_t(stride)];
    };
    for (int k = -radius; k <= radius; ++k) sum += read(k);
    for (int k = 0; k < count; ++k) {
      line[std::size_t(k)] = sum * part;
      sum += read(k + radius + 1) - read(k - radius);
    }
    for (int k = 0; k < count; ++k) at[std::size_t(k) * std::size_t(stride)] = line[std::size_t(k)];
  };
  for (int round = 0; round < 2; ++round) {
    for (int y = 0; y < height; ++y) pass(image.data() + y * width, width, 1);
    for (int x = 0; x < width; ++x) pass(image.data() + x, height, width);
  }
}

// Linear light to the display's curve, with a soft shoulder; a table, indexed by the root.
struct Curve {
  static constexpr int kSize = 4096;
  float values[kSize + 1];
  Curve() {
    for (int k = 0; k <= kSize; ++k) {
      const float x = 1.8f * float(k) / kSize, v = x * x;
      values[k] =
          std::pow(std::min(1.0f, v / (1.0f + std::max(0.0f, v - 0.9f) * 0.35f)), 1.0f / 2.2f);
    }
  }
  float operator()(float v) const {
    return values[int(std::sqrt(std::clamp(v, 0.0f, 3.2f)) * (kSize / 1.8f))];
  }
};
const Curve kCurve;

// An ordered pattern that stands still: breaks up bands without costing the encoder anything.
float dither(int x, int y) {
  static constexpr int kBayer[4][4] = {
      {0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
  return (float(kBayer[y & 3][x & 3]) + 0.5f) / 16.0f;
}

constexpr const char* kHeartRows[8] = {".##.##.", "#o#####", "#######", "#######",
                                       ".#####.", "..###..", "...#...", "......."};

}  // namespace

void Stage::glint(float x, float y, float radius, float strength) {
  const float scale = 0.5f * float(height_), cx = 0.5f * float(width_) + x * scale,
              cy = 0.5f * float(height_) - y * scale, r = radius * scale;
  if (r < 1.0f || strength < 0.01f) return;
  for (int j = std::max(0, int(cy - r)); j < std::min(height_, int(cy + r) + 1); ++j)
    for (int i = std::max(0, int(cx - r)); i < std::min(width_, int(cx + r) + 1); ++i) {
      const float u = std::fabs(float(i) + 0.5f - cx) / r, v = std::fabs(float(j) + 0.5f - cy) / r,
                  d = std::sqrt(u * u + v * v);
      if (d > 1.0f) continue;
      const float fade = 1.0f - d, width = 0.02f + 1.0f / r * 0.5f;
      const float rays =
          std::exp(-v / (width * fade + 1e-4f)) + std::exp(-u / (width * fade + 1e-4f));
      const float diagonal = std::exp(-std::fabs(u - v) * 1.4f / (0.02f + width)) *
                             std::max(0.0f, 1.0f - 2.2f * d) * 0.5f;
      const float core = std::exp(-d * d * 60.0f) * 1.3f + std::exp(-d * 9.0f) * 0.35f;
      const float s = strength * (core + (rays + diagonal) * fade * fade);
      for (auto& p : planes_) p[std::size_t(j * width_ + i)] += s;
    }
}

void Stage::block(float x, float y, float size, Vec tint, float opacity) {
  const float scale = 0.5f * float(height_);
  const int w = std::max(1, int(std::lround(size * scale)));
  const int left = int(std::lround(0.5f * float(width_) + x * scale)),
            top = int(std::lround(0.5f * float(height_) - y * scale));
  const float parts[3] = {tint.x, tint.y, tint.z};
  for (int j = std::max(0, top); j < std::min(height_, top + w); ++j)
    for (int i = std::max(0, left); i < std::min(width_, left + w); ++i)
      for (int k = 0; k < 3; ++k) {
        float& v = planes_[k][std::size_t(j * width_ + i)];
        v += (parts[k] - v) * opacity;
      }
}

void Stage::heart_sprite(float x, float y, float pixel, Vec tint, float opacity) {
  const float step =
      std::max(1.0f, std::round(pixel * 0.5f * float(height_))) / (0.5f * float(height_));
  for (int j = 0; j < 7; ++j)
    for (int i = 0; i < 7; ++i) {
      const char c = kHeartRows[j][i];
      if (c == '.') continue;
      const Vec t = c == 'o' ? Vec{1, 1, 1} : j >= 4 ? tint * 0.72f : tint;
      block(x + (float(i) - 3.5f) * step, y - (float(j) - 3.5f) * step, step, t, opacity);
    }
}

void Stage::bloom_pass() {
  if (bloom <= 0.0f) return;
  const int w = width_ / kBloomScale, h = height_ / kBloomScale;
  std::vector<float> small(std::size_t(w * h));
  for (auto& plane : planes_) {
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        float sum = 0.0f;
        for (int j = 0; j < kBloomScale; ++j)
          for (int i = 0; i < kBloomScale; ++i)
            sum += std::min(
                plane[std::size_t((y * kBloomScale + j) * width_ + x * kBloomScale + i)], 2.0f);
        small[std::size_t(y * w + x)] = std::max(0.0f, sum / 16.0f - 0.62f);
      }
    blur(small, w, h, std::max(2, width_ / 200));
    for (int y = 0; y < height_; ++y) {
      const float fy = std::clamp((float(y) + 0.5f) / kBloomScale - 0.5f, 0.0f, float(h) - 1.001f);
      const int j = int(fy);
      const float b = fy - float(j);
      const float *low = small.data() + j * w, *high = low + w;
      float* out = plane.data() + y * width_;
      for (int x = 0; x < width_; ++x) {
        const float fx =
            std::clamp((float(x) + 0.5f) / kBloomScale - 0.5f, 0.0f, float(w) - 1.001f);
        const int i = int(fx);
        const float a = fx - float(i);
        out[x] += bloom * ((low[i] * (1.0f - a) + low[i + 1] * a) * (1.0f - b) +
                           (high[i] * (1.0f - a) + high[i + 1] * a) * b);
      }
    }
  }
}

void Stage::write_rgb(std::vector<std::uint8_t>& out) const {
  out.resize(std::size_t(width_ * height_ * 3));
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x)
      for (int k = 0; k < 3; ++k) {
        const std::size_t i = std::size_t(y * width_ + x);
        out[i * 3 + std::size_t(k)] =
            std::uint8_t(std::clamp(kCurve(planes_[k][i]) * 255.0f + dither(x, y), 0.0f, 255.0f));
      }
}

void Stage::write_yuv(std::vector<std::uint8_t>& out) const {
  const std::size_t size = std::size_t(width_ * height_);
  out.resize(size * 3 / 2);
  std::vector<float> blue(static_cast<std::size_t>(width_)), red(blue);
  std::uint8_t *u = out.data() + size, *v = u + size / 4;
  for (int y = 0; y < height_; ++y) {
    const std::size_t line = std::size_t(y * width_);
    if (y % 2 == 0)
      std::fill(blue.begin(), blue.end(), 0.0f), std::fill(red.begin(), red.end(), 0.0f);
    for (int x = 0; x < width_; ++x) {
      const std::size_t i = line + std::size_t(x);
      const float r = kCurve(planes_[0][i]), g = kCurve(planes_[1][i]), b = kCurve(planes_[2][i]);
      const float luma = 0.2126f * r + 0.7152f * g + 0.0722f * b;
      out[i] = std::uint8_t(16.0f + 219.0f * luma + dither(x, y));
      blue[std::size_t(x)] += (b - luma) / 1.8556f;
      red[std::size_t(x)] += (r - luma) / 1.5748f;
    }
    if (y % 2 == 1)
      for (int x = 0; x < width_ / 2; ++x) {
        const std::size_t k = std::size_t(y / 2 * (width_ / 2) + x), i = std::size_t(x) * 2;
        u[k] = std::uint8_t(std::clamp(128.5f + 56.0f * (blue[i] + blue[i + 1]), 16.0f, 240.0f));
        v[k] = std::uint8_t(std::clamp(128.5f + 56.0f * (red[i] + red[i + 1]), 16.0f, 240.0f));
      }
  }
}

}  // namespace popradio::demo
