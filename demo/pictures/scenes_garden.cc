// Out of doors: the butterfly of cubes, the kites over green hills.
#include <cmath>

#include "scene.h"

namespace popradio::demo {
namespace {

constexpr float kPi = 3.14159265f;

// A butterfly of ninety candy cubes on foil; its wings beat with the triplets' bars.
class Butterfly final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#9fd8ff"), colour("#ffffff"), colour("#3a1450"), colour("#ffc9e6")};
    paint(stage.ground, [](float x, float y) {
      const float d =
          (x * 0.5f - y + 1.9f) / 3.8f;  // blue, lilac, rose, butter, as the cover has it
      static const Vec kStops[4] = {colour("#bdf0ff"), colour("#d9d2ff"), colour("#ffc9e6"),
                                    colour("#fff2c4")};
      const float at = d < 0.0f ? 0.0f : d > 0.999f ? 2.997f : d * 3.0f;
      const int k = int(at);
      return mix(kStops[k], kStops[k + 1], at - float(k));
    });
    for (int k = 0; k < 22; ++k)  // pixel flowers in the ground
      flowers_[k] = {(chance(k * 3 + 40) - 0.5f) * 3.7f, (chance(k * 3 + 41) - 0.5f) * 2.0f,
                     0.018f + 0.012f * chance(k * 3 + 42)};
  }

  void build(Stage& stage, const Music& music, double t) override {
    for (int k = 0; k < 22; ++k) {
      const Vec& f = flowers_[k];
      const Vec tint = k % 3 == 0   ? colour("#ffffff")
                       : k % 3 == 1 ? colour("#ffd9ec")
                                    : colour("#e6e0ff");
      static constexpr int kCross[5][2] = {{0, 1}, {-1, 0}, {1, 0}, {0, -1}, {0, 0}};
      for (int j = 0; j < 5; ++j)
        stage.block(f.x + float(kCross[j][0]) * f.z, f.y + float(kCross[j][1]) * f.z, f.z,
                    j == 4 ? colour("#ffe08a") : tint, 0.85f);
    }
    const float beat = music.beats(t), high = music.energy(t);
    const float come = ease(float(t) / 4.0f),
                leave = ease(float(t - music.song().end + 3.2) / 3.2f);
    const float flap =
        0.16f + 0.62f * (0.5f - 0.5f * std::cos(beat * 2.0f * kPi / 3.0f)) * (0.55f + 0.6f * high);
    fly(stage,
        {-3.4f * (1.0f - come) + 0.2f * std::sin(beat * kPi / 12.0f),
         0.03f + 0.1f * std::sin(beat * 2.0f * kPi / 3.0f) + 2.8f * leave, 0.0f},
        0.155f, flap, 0.1f * std::sin(beat * kPi / 9.0f), true);
    if (high > 0.62f) {
      fly(stage, {-2.05f, 0.55f + 0.1f * std::sin(beat * 2.1f), -0.6f}, 0.05f,
          0.2f + 0.7f * (0.5f - 0.5f * std::cos(beat * 2.0f * kPi)), -0.3f, false);
      fly(stage, {2.1f, -0.45f + 0.1f * std::cos(beat * 2.1f), -0.6f}, 0.045f,
          0.2f + 0.7f * (0.5f + 0.5f * std::cos(beat * 2.0f * kPi)), 0.3f, false);
    }
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    for (const char* voice : {"tune", "lead", "keys"})
      for (const auto& n : music.between(voice, t - 0.7, t)) {
        if (n.number % 3) continue;
        const float age = float(t - n.note->at) / 0.7f;
        const float x = -1.4f + 2.8f * chance(n.number * 3),
                    y = (float(n.note->pitch) - 74.0f) / 14.0f - 0.2f * age;
        stage.glint(x, y * 0.8f, 0.11f + 0.06f * chance(n.number), (1.0f - age) * 0.95f);
      }
    rising_hearts(stage, music, "choir", t, colour("#ff4fa0"));
  }
  CardColours card() const override {
    return {colour("#ffb0e0"), colour("#b048e0"), colour("#3c1268")};
  }

 private:
  static void fly(Stage& stage, Vec at, float cell, float flap, float lean, bool mirrored) {
    static const char* kRows[10] = {".11......11.", "1221.11.1221", "12321..12321", "123321123321",
                                    ".1233223321.", "..12344321..", ".1122442211.", "12321..12321",
                                    "1221....1221", ".11......11."};
    static const Material kInks[4] = {candy("#7a3fb8", "#2a1140"), candy("#ff4fa0", "#b8106c"),
                                      candy("#ffd8ea", "#ff8fc4"), chrome("#d8c8ff", 0.4f)};
    for (int j = 0; j < 10; ++j)
      for (int i = 0; i < 12; ++i) {
        const char c = kRows[j][i];
        if (c == '.') continue;
        const float x = float(i) - 5.5f, y = 4.5f - float(j), side = x < 0.0f ? -1.0f : 1.0f;
        const bool body = c == '4' || (j == 1 && (i == 5 || i == 6));
        const float angle = body ? 0.0f : flap;
        // The wing turns about the body's line; everything leans a little.
        const Vec p{side * std::fabs(x) * std::cos(angle), y, std::fabs(x) * std::sin(angle)};
        const float cl = std::cos(lean), sl = std::sin(lean);
        const Vec q{p.x * cl - p.y * sl, p.x * sl + p.y * cl, p.z};
        stage.add({Box{0.47f, 0.47f, 0.40f, 0.16f}, kInks[c - '1'], at + q * cell, cell,
                   turn(0.0f, side * angle, -lean), 0.85f, mirrored && i % 4 == 1 && j == 4});
      }
  }
  Vec flowers_[22];
};

// Green hills, a pink flower as large as the sun, kites that pull at their notes.
class Greensleeves final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#7fd8e8"), colour("#ffffff"), colour("#2a4a3a"), colour("#9fe8a8")};
    paint(stage.ground, [](float x, float y) {
      Vec c = sky(x, y, colour("#62c8e8"), colour("#d8f7e4"), colour("#f4ffe6"));
      static const Vec kHills[3][2] = {{colour("#b4ecae"), colour("#8fdc9a")},
                                       {colour("#8fe08a"), colour("#58c072")},
                                       {colour("#6fd070"), colour("#2fa05a")}};
      for (int k = 0; k < 3; ++k) {
        const float top = -0.36f - 0.24f * float(k) +
                          0.13f * std::sin(x * (1.3f + 0.4f * float(k)) + float(k) * 2.1f + 0.5f);
        const float in = (top - y) / 0.006f;
        if (in > -0.5f)
          c = mix(c, mix(kHills[k][0], kHills[k][1], ease((top - y) / 0.5f)), ease(in + 0.5f));
      }
      return c;
    });
  }

  void build(Stage& stage, const Music& music, double t) override {
    const float beat = music.beats(t), kick = music.pulse("kick", t, 0.2), high = music.energy(t);
    const float come = ease(float(t) / 4.0f),
                leave = ease(float(t - music.song().end + 3.0) / 3.0f);
    stage.add({Flower{},
               candy("#ff8cc6", "#d81a78"),
               {0.0f, 0.16f - 2.4f * (1.0f - come) + 0.06f * kick - 2.6f * leave, 0.0f},
               1.0f,
               turn(0.18f, 0.3f * std::sin(beat * kPi / 16.0f), beat * kPi / 24.0f),
               1.2f});
    stage.add({Sphere{},
               pearl("#fff0b8"),
               {0.0f, 0.16f - 2.4f * (1.0f - come) + 0.06f * kick - 2.6f * leave, 0.36f},
               0.26f,
               {},
               1.05f,
               false});
    static const char* kTints[4][2] = {{"#ff5a4a", "#b3122c"},
                                       {"#ffd24a", "#d98a0c"},
                                       {"#6fb8ff", "#1450d0"},
                                       {"#c88aff", "#6a1cc8"}};
    const int kites = 2 + int(high * 2.6f);
    for (int k = 0; k < kites && k < 4; ++k) {
      const float side = k % 2 ? 1.0f : -1.0f, pull = music.pulse(k % 2 ? "harp" : "tune", t, 0.25);
      const float sway = std::sin(beat * kPi / 6.0f + float(k) * 1.7f);
      const Vec at{side * (1.85f - 0.25f * float(k / 2)) + 0.14f * sway,
                   (k < 2 ? 0.55f : -0.35f) + 0.1f * std::cos(beat * kPi / 4.0f + float(k)) +
                       0.06f * pull + 2.2f * (1.0f - ease(float(t) / 3.0f - 0.4f * float(k))),
                   0.2f};
      const float tilt = -side * 0.14f + 0.1f * sway;
      stage.add({Kite{}, candy(kTints[k][0], kTints[k][1]), at, 0.52f,
                 turn(0.25f, side * 0.4f, tilt), 1.1f});
      stage.add({Spark{}, candy("#ffffff", "#ffd0e8"), at + Vec{0, 0.06f, 0.05f}, 0.13f,
                 turn(0.25f, side * 0.4f, tilt), 1.15f, false});
      for (int j = 1; j < 7; ++j) {
        const float s = float(j) * 0.13f;
        const Vec bow{at.x + side * 0.25f * s +
                          0.07f * std::sin(beat * kPi / 2.0f - float(j) * 0.9f) * float(j) / 6.0f,
                      at.y - 0.46f - s, at.z};
        stage.add({Sphere{},
                   candy(kTints[(k + j) % 4][0], kTints[(k + j) % 4][1]),
                   bow,
                   0.036f,
                   {},
                   1.05f,
                   false});
      }
    }
    for (int k = 0; k < 7; ++k) {  // flowers in the meadow: the tune's seven steps
      static constexpr int kScale[7] = {9, 11, 0, 2, 4, 6, 7};
      const float hit = music.pitch_pulse({"tune", "lead"}, kScale[k], t, 0.3);
      stage.add(
          {Flower{},
           glowing(k % 2 ? candy("#fff4fa", "#ffb0d8") : candy("#ffd8ea", "#ff6fb4"), 0.2f * hit),
           {(float(k) - 3.0f) * 0.66f, -1.13f + 0.22f * hit + 0.04f * float(k % 2), 0.5f},
           0.15f + 0.05f * hit,
           turn(-0.2f, 0.0f, 0.4f * hit + float(k)),
           1.2f,
           false});
    }
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    for (const char* voice : {"glitter", "lead"})
      for (const auto& n : music.between(voice, t - 0.6, t)) {
        if (n.number % 2) continue;
        const float age = float(t - n.note->at) / 0.6f;
        stage.glint(-1.6f + 3.2f * chance(n.number * 3), -0.2f + 1.1f * chance(n.number * 3 + 1),
                    0.08f + 0.09f * chance(n.number * 3 + 2), (1.0f - age) * 0.95f);
      }
    stage.glint(-0.3f, 0.52f, 0.17f,
                0.75f * ease(float(t - 3.0)) * ease(float(music.song().end - t - 2.5)));
  }
  CardColours card() const override {
    return {colour("#a8f0a0"), colour("#1fa05a"), colour("#0c4a38")};
  }
};

}  // namespace

std::unique_ptr<Scene> make_butterfly() { return std::make_unique<Butterfly>(); }
std::unique_ptr<Scene> make_greensleeves() { return std::make_unique<Greensleeves>(); }

}  // namespace popradio::demo
