#include "effects.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

#include "dsp.h"

namespace popradio::demo {
namespace {

constexpr float kRate = float(kSampleRate);

// A biquad in the coefficients that BS.1770 prints for 48 kHz.
struct Biquad {
  double b0, b1, b2, a1, a2, x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  double operator()(double x) {
    const double y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    return y;
  }
};

std::vector<double> k_weighted_energy(const std::vector<float>& samples) {
  Biquad shelf{1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241,
               0.73248077421585};
  Biquad high{1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621};
  std::vector<double> sums(samples.size() / 4800);  // a tenth of a second each
  for (std::size_t k = 0; k < sums.size() * 4800; ++k) {
    const double y = high(shelf(samples[k]));
    sums[k / 4800] += y * y / 4800.0;
  }
  return sums;
}

// Gain and limiter in one pass over a copy; the look-ahead is a sliding minimum of the allowed
// gain.
void limit(Track& track, float gain) {
  constexpr std::size_t kAhead = 288;  // six milliseconds
  const std::size_t size = track.left.size();
  std::vector<float> allowed(size);
  for (std::size_t k = 0; k < size; ++k) {
    const float peak = gain * std::max(std::fabs(track.left[k]), std::fabs(track.right[k]));
    allowed[k] = peak > kCeiling ? kCeiling / peak : 1.0f;
  }
  std::deque<std::size_t> window;
  std::vector<float> least(size);
  for (std::size_t k = size; k-- > 0;) {  // the least gain among the next kAhead samples
    while (!window.empty() && allowed[window.back()] >= allowed[k]) window.pop_back();
    window.push_back(k);
    while (window.front() > k + kAhead) window.pop_front();
    least[k] = allowed[window.front()];
  }
  float now = 1.0f;
  for (std::size_t k = 0; k < size; ++k) {
    now = least[k] < now ? std::max(least[k], now + (least[k] - now) * 0.02f)
                         : now + (least[k] - now) * 0.00035f;
    const float g = gain * std::min(now, allowed[k]);
    track.left[k] *= g;
    track.right[k] *= g;
  }
}

}  // namespace

void add_reverb(const Track& send, Track& out) {
  constexpr std::array<std::size_t, 8> kLengths{1433, 1601, 1867, 2053, 2251, 2399, 2617, 2797};
  constexpr float kSeconds = 2.1f;
  std::array<std::vector<float>, 8> lines;
  std::array<std::size_t, 8> heads{};
  std::array<float, 8> keep{}, damp{};
  for (std::size_t k = 0; k < 8; ++k) {
    lines[k].assign(kLengths[k], 0.0f);
    keep[k] = std::pow(0.001f, float(kLengths[k]) / kRate / kSeconds);
  }
  constexpr std::size_t kPredelay = 960;
  Filter cut_left, cut_right;  // a room without mud
  cut_left.set(180.0f, 0.7f, kRate);
  cut_right.set(180.0f, 0.7f, kRate);
  for (std::size_t n = kPredelay; n < out.left.size(); ++n) {
    const float in_left = cut_left.high(send.left[n - kPredelay]);
    const float in_right = cut_right.high(send.right[n - kPredelay]);
    std::array<float, 8> tap;
    for (std::size_t k = 0; k < 8; ++k) {
      const float read = lines[k][heads[k]];
      damp[k] += (read - damp[k]) * 0.52f;
      tap[k] = damp[k] * keep[k];
    }
    out.left[n] += 0.5f * (tap[0] + tap[2] - tap[4] + tap[6]);
    out.right[n] += 0.5f * (tap[1] - tap[3] + tap[5] + tap[7]);
    for (std::size_t step = 1; step < 8;
         step *= 2)  // Hadamard: every line feeds every line, nothing is lost
      for (std::size_t k = 0; k < 8; ++k)
        if (!(k & step)) {
          const float a = tap[k], b = tap[k | step];
          tap[k] = (a + b) * 0.70710678f;
          tap[k | step] = (a - b) * 0.70710678f;
        }
    for (std::size_t k = 0; k < 8; ++k) {
      lines[k][heads[k]] = tap[k] + 0.42f * (k % 2 ? in_right : in_left);
      heads[k] = (heads[k] + 1) % kLengths[k];
    }
  }
}

void add_echo(const Track& send, double seconds, Track& out) {
  const std::size_t size = std::max<std::size_t>(1, std::size_t(seconds * kRate));
  std::vector<float> left(size), right(size);
  Filter soft_left, soft_right;
  soft_left.set(3400.0f, 0.7f, kRate);
  soft_right.set(3400.0f, 0.7f, kRate);
  for (std::size_t n = 0; n < out.left.size(); ++n) {
    const std::size_t i = n % size;
    const float l = left[i], r = right[i];
    out.left[n] += l;
    out.right[n] += r;
    left[i] = 0.5f * (send.left[n] + send.right[n]) + 0.42f * soft_left.low(r);
    right[i] = 0.85f * soft_right.low(l);
  }
}

float loudness_lufs(const Track& track) {
  const auto left = k_weighted_energy(track.left), right = k_weighted_energy(track.right);
  std::vector<double> blocks;
  for (std::size_t k = 0; k + 4 <= left.size(); ++k) {
    double sum = 0.0;
    for (std::size_t j = k; j < k + 4; ++j) sum += (left[j] + right[j]) / 4.0;
    blocks.push_back(sum);
  }
  const auto lufs = [](double energy) { return -0.691 + 10.0 * std::log10(energy + 1e-12); };
  const auto mean_above = [&](double gate) {
    double sum = 0.0;
    int count = 0;
    for (const double b : blocks)
      if (lufs(b) > gate) sum += b, ++count;
    return count ? sum / count : 1e-12;
  };
  return float(lufs(mean_above(lufs(mean_above(-70.0)) - 10.0)));
}

void master(Track& track) {
  Filter rumble_left, rumble_right;
  rumble_left.set(30.0f, 0.7f, kRate);
  rumble_right.set(30.0f, 0.7f, kRate);
  float level = 0.0f;
  for (std::size_t k = 0; k < track.left.size(); ++k) {
    float& l = track.left[k];
    float& r = track.right[k];
    l = rumble_left.high(l);
    r = rumble_right.high(r);
    // A slow hand on the fader: two to one above a quarter of full scale.
    const float power = 0.5f * (l * l + r * r);
    level += (power - level) * (power > level ? 0.002f : 0.0001f);
    const float over = std::sqrt(level) / 0.25f;
    const float g = over > 1.0f ? 1.0f / std::sqrt(over) : 1.0f;
    l *= g;
    r *= g;
  }
  const Track dry = track;
  float gain = 1.0f;
  for (int pass = 0; pass < 4; ++pass) {  // the limiter takes a little away, so ask again
    gain *= std::pow(10.0f, (kLoudnessLufs - loudness_lufs(track)) / 20.0f);
    track = dry;
    limit(track, gain);
  }
}

}  // namespace popradio::demo
