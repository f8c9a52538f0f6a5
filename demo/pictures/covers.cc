// The playlists' covers: contour lines, a printer's heart, and the bars of an equaliser around a
// heart.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "scene.h"

namespace popradio::demo {
namespace {

// A hill's contour lines, lime on deep green: what a window seat looks down on.
void contours(Stage& stage) {
  static const Vec kInks[4] = {colour("#c6ff6b"), colour("#8df0c0"), colour("#c6ff6b"),
                               colour("#fff3b0")};
  paint(stage.ground, [](float x, float y) {
    const float px = x - 0.08f, py = y - 0.06f, a = std::atan2(py, px),
                d = std::sqrt(px * px + py * py);
    Vec c = mix(colour("#0e5a46"), colour("#0a3f38"), ease(d / 1.4f));
    for (int k = 0; k < 13; ++k) {
      const float wobble = 1.0f + 0.16f * std::sin(a * 3.0f + float(k) * 0.35f) +
                           0.07f * std::cos(a * 5.0f - float(k) * 0.5f);
      const float r = (0.1f + float(k) * 0.115f) * wobble;
      c = mix(c, kInks[k % 4],
              (0.35f + 0.05f * float(k)) * ease((0.017f - std::fabs(d - r)) / 0.006f));
    }
    return c;
  });
  stage.begin();
}

float heart_distance(float x, float y) {  // negative inside; about one unit high
  x = std::fabs(x);
  y += 0.55f;
  if (x + y > 1.0f)
    return std::sqrt((x - 0.25f) * (x - 0.25f) + (y - 0.75f) * (y - 0.75f)) - 0.35355f;
  const float a = x * x + (y - 1.0f) * (y - 1.0f), m = 0.5f * std::max(x + y, 0.0f),
              b = (x - m) * (x - m) + (y - m) * (y - m);
  return std::sqrt(std::min(a, b)) * (x > y ? 1.0f : -1.0f);
}

// A heart in a printer's dots, red on butter, behind a shower of glossy sweets.
void sugar(Stage& stage) {
  paint(stage.ground, [](float x, float y) {
    Vec c = mix(colour("#ffb02e"), colour("#ffe9a8"), ease(0.5f + 0.5f * y));
    const float step = 0.105f, row = std::floor(y / step),
                shift = std::fmod(std::fabs(row), 2.0f) * 0.5f;
    const float px = (std::floor(x / step - shift) + 0.5f + shift) * step, py = (row + 0.5f) * step;
    const float inside = -heart_distance(px / 1.5f, py / 1.5f - 0.02f),
                r = step * 0.62f * ease(inside / 0.3f + 0.18f);
    const float d = std::sqrt((x - px) * (x - px) + (y - py) * (y - py));
    return r > 0.01f ? mix(c, colour("#e8127d"), ease((r - d) / 0.008f + 0.5f)) : c;
  });
  stage.light = {colour("#ffd24a"), colour("#ffffff"), colour("#6a1430"), colour("#ffb0d8")};
  stage.begin();
  static const char* kTints[5][2] = {{"#ff6fb4", "#d40b6c"},
                                     {"#6fd0ff", "#1668d8"},
                                     {"#b8f04a", "#3f9c1e"},
                                     {"#ffffff", "#ffb0d8"},
                                     {"#c88aff", "#6a1cc8"}};
  for (int k = 0; k < 9; ++k) {
    const float a = float(k) * 0.698f + 0.3f, r = 1.62f + 0.22f * chance(k);
    const Shape shape = k % 3 == 0 ? Shape(Heart{}) : k % 3 == 1 ? Shape(Sphere{}) : Shape(Star{});
    stage.add({shape,
               candy(kTints[k % 5][0], kTints[k % 5][1]),
               {r * std::cos(a), r * std::sin(a), 0.1f},
               0.3f + 0.08f * chance(k + 50),
               turn(0.2f, 0.6f * chance(k + 9) - 0.3f, chance(k + 70) * 2.0f - 1.0f),
               1.42f});
  }
  stage.draw();
  stage.glint(-0.52f, 0.44f, 0.22f, 0.9f);
  stage.bloom_pass();
}

// Sixteen towers of lit cells on night blue, and the heart key in front.
void towers(Stage& stage) {
  paint(stage.ground, [](float x, float y) {
    Vec c = mix(colour("#191234"), colour("#2a1c5c"), ease(0.5f - 0.5f * y));
    const float u = 0.125f, i = std::floor(x / u), j = std::floor((y + 1.0f) / 0.1f);
    const float fx = x / u - i, fy = (y + 1.0f) / 0.1f - j;
    if (fx < 0.12f || fx > 0.88f || fy < 0.16f || fy > 0.84f || j < 1.0f || j > 18.0f) return c;
    const float level =
        4.0f + 13.0f * chance(int(i) + 300) * (0.55f + 0.45f * std::cos((i + 0.5f) * 0.2f));
    const Vec lit = j > 13.0f  ? colour("#ff4fa0")
                    : j > 9.0f ? colour("#ffd24a")
                               : colour("#7ff0ff");
    return j < level ? lit : colour("#2a2150");
  });
  stage.light = {colour("#5a86ff"), colour("#ffffff"), colour("#1c0a3c"), colour("#ff6fb4")};
  stage.begin();
  stage.add(
      {Heart{}, chrome("#ffb9dc", 0.3f), {0, 0.1f, 0}, 1.05f, turn(0.16f, 0.42f, 0.1f), 1.42f});
  stage.draw();
  stage.glint(-0.28f, 0.4f, 0.26f, 0.95f);
  stage.bloom_pass();
}

}  // namespace

void paint_cover(const std::string& name, Stage& stage) {
  if (name == "window-seat")
    contours(stage);
  else if (name == "sugar-rush")
    sugar(stage);
  else if (name == "polyphonic")
    towers(stage);
  else
    throw std::runtime_error("no cover for '" + name + "'");
}

}  // namespace popradio::demo
