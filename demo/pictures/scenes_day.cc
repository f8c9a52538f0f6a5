// Daylight: the heart above the clouds, the sixteen pearls.
#include <cmath>

#include "scene.h"

namespace popradio::demo {
namespace {

constexpr float kPi = 3.14159265f;

// A chrome heart with rings, above pink clouds; the rings tilt with the bars, sweets run along them
// with the beat.
class Satellite final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#2f8df0"), colour("#f2fbff"), colour("#3a1038"), colour("#ff6fb4")};
    paint(stage.ground, [](float x, float y) {
      return sky(x, y, colour("#1768de"), colour("#9fe0ff"), colour("#ffe3ef"));
    });
    const int w = stage.width() + stage.width() / 2, h = stage.height();
    banks_[0] = cloud_bank(w, h * 46 / 100, 0.31f, colour("#ffd9ea"), colour("#e68fc4"), 3);
    banks_[1] = cloud_bank(w, h * 38 / 100, 0.36f, colour("#fff0f6"), colour("#f3a3cf"), 7);
    banks_[2] = cloud_bank(w, h * 27 / 100, 0.4f, colour("#ffffff"), colour("#f7b4d6"), 12);
  }

  void build(Stage& stage, const Music& music, double t) override {
    const float part = float(t / music.song().end), w = float(stage.width()),
                h = float(stage.height());
    for (int k = 0; k < 3; ++k)
      stage.layer(banks_[k], -std::round(part * w * 0.06f * float(k)),
                  h - float(banks_[k].height) + (k == 2 ? 0.02f * h : 0.0f));
    const float beat = music.beats(t), kick = music.pulse("kick", t, 0.16), high = music.energy(t);
    const float rise = ease(float(t) / 3.0f),
                leave = ease(float(t - music.song().end + 3.2) / 3.2f);
    const Vec place{0, -2.6f * (1.0f - rise) + 0.05f + 2.8f * leave, 0};
    const float sway = 0.42f * std::cos(beat * kPi / 16.0f);
    // The beat moves the heart rather than swelling it: a move costs the encoder next to nothing,
    // new reflections do.
    stage.add({Heart{}, chrome("#ffb9dc", 0.3f), place + Vec{0, 0.06f * kick, 0}, 1.0f,
               turn(0.16f, sway, 0.0f), 1.42f});
    const float tilt = -0.34f + 0.06f * std::sin(beat * kPi / 32.0f),
                lean = 0.34f + 0.06f * std::cos(beat * kPi / 32.0f);
    const Turn ring = turn(lean, 0.0f, tilt);
    stage.add({Ring{0.034f}, chrome("#ffffff", 0.2f), place, 1.70f, ring, 1.08f, false});
    if (high > 0.35f)
      stage.add({Ring{0.013f}, chrome("#ffffff", 0.5f), place, 1.98f, ring, 1.05f, false});
    if (high > 0.7f)
      stage.add({Ring{0.02f}, chrome("#ff9fd0", 0.3f), place, 2.22f, ring, 1.05f, false});
    static const char* kTints[6][2] = {{"#b8f04a", "#3f9c1e"}, {"#ffd24a", "#d98a0c"},
                                       {"#ff6fb4", "#d40b6c"}, {"#6fd0ff", "#1668d8"},
                                       {"#ffffff", "#d8b8ff"}, {"#ff8a5c", "#d8321c"}};
    const int count = 2 + int(high * 4.4f);
    for (int k = 0; k < count; ++k) {  // along the ring, a turn in sixteen beats
      const float a = beat * kPi / 8.0f + float(k) * 2.0f * kPi / float(count), r = 1.7f;
      const Vec local{r * std::cos(a), 0.0f, r * std::sin(a)};
      const Vec p{ring.x.x * local.x + ring.z.x * local.z, ring.x.y * local.x + ring.z.y * local.z,
                  ring.x.z * local.x + ring.z.z * local.z};
      const float hop = 0.15f + 0.05f * music.pulse({"star", "lead", "saw"}, t, 0.2);
      stage.add({Sphere{},
                 k % 3 == 2 ? pearl("#ffe3f1") : candy(kTints[k][0], kTints[k][1]),
                 place + p,
                 hop,
                 {},
                 1.05f});
    }
    stage.add({Heart{},
               candy("#ff6fb4", "#d40b6c"),
               {-2.45f, 0.85f + 0.1f * std::sin(beat * 0.8f), -0.4f},
               0.2f + 0.05f * kick,
               turn(0, -0.5f + beat * 0.2f, -0.3f),
               1.42f});
    stage.add({Spark{},
               chrome("#ffffff", 0.3f),
               {2.5f, -0.62f + 0.1f * std::cos(beat * 0.7f), -0.3f},
               0.3f,
               turn(0.15f, beat * kPi / 8.0f, 0.2f),
               1.2f});
    stage.add({Sphere{},
               bubble("#ffe8f6"),
               {1.9f, 0.85f + 0.08f * std::sin(beat * 0.6f + 1.0f), 0.3f},
               0.24f,
               {},
               1.05f,
               false});
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    for (const char* voice : {"star", "saw"})
      for (const auto& n : music.between(voice, t - 0.45, t)) {
        if (n.number % 2) continue;
        const float age = float(t - n.note->at) / 0.45f;
        stage.glint(-0.55f + 1.1f * chance(n.number * 3), -0.1f + 0.75f * chance(n.number * 3 + 1),
                    0.1f + 0.14f * n.note->velocity, (1.0f - age) * 0.9f);
      }
    rising_hearts(stage, music, "lead", t, colour("#ff4fa0"));
    rising_hearts(stage, music, "second", t, colour("#ffffff"));
  }
  CardColours card() const override {
    return {colour("#ff9fd0"), colour("#e8127d"), colour("#6b0f4c")};
  }

 private:
  Image banks_[3];
};

// Gold: two chrome rings turn in each other, and sixteen pearls stand around them, one struck by
// each pitch.
class Elise final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#f7b928"), colour("#ffffff"), colour("#4a2330"), colour("#fff1b8")};
    paint(stage.ground, [](float x, float y) {
      Vec c = mix(colour("#fff3c2"), colour("#ffd14f"), ease(0.5f + 0.5f * y));
      const float a = std::atan2(y + 0.25f, x), d = std::sqrt(x * x + (y + 0.25f) * (y + 0.25f));
      const float beam =
          ease(0.5f + 0.9f * std::sin(a * 16.0f)) * ease(d - 0.15f);  // sixteen soft rays
      c = mix(c, {1.0f, 0.97f, 0.82f}, 0.42f * beam);
      return c * (1.0f - 0.07f * (x * x * 0.4f + y * y));
    });
  }

  void build(Stage& stage, const Music& music, double t) override {
    const float beat = music.beats(t), kick = music.pulse("kick", t, 0.14), high = music.energy(t);
    const float turned = beat * kPi / 36.0f, leave = ease(float(t - music.song().end + 2.6) / 2.6f);
    const float grow = ease(float(t) / 2.2f) * (1.0f - 0.9f * leave);
    stage.add({Ring{0.27f},
               chrome("#fff6dc", 0.22f),
               {0, 0.02f, 0},
               0.84f * grow,
               turn(1.05f + 0.45f * std::sin(turned), 0.4f * std::cos(turned), 0.2f),
               1.3f});
    if (high > 0.3f)
      stage.add({Ring{0.07f},
                 chrome("#ffffff", 0.5f),
                 {0, 0.02f, 0},
                 1.24f * grow,
                 turn(0.75f + 0.3f * std::cos(turned), 0.3f * std::sin(turned),
                      0.4f + 0.2f * std::sin(turned * 0.5f)),
                 1.1f});
    stage.add({Quaver{},
               candy("#ff5fa8", "#c01068"),
               {0.02f, 0.02f + 0.07f * kick, 0.0f},
               0.44f * grow,
               turn(0.0f, 0.5f * std::sin(beat * kPi / 6.0f), 0.12f),
               1.25f});
    const int shown = high < 0.18f ? 4 : high < 0.45f ? 8 : 16;
    static const char* kTints[4] = {"#fff2e0", "#ffd9ec", "#d9f2ff", "#e6ffd2"};
    static const char* kCandy[4][2] = {{"#ff6fb4", "#d40b6c"},
                                       {"#6fd0ff", "#1668d8"},
                                       {"#b8f04a", "#3f9c1e"},
                                       {"#ff9a4a", "#d8521c"}};
    const Turn plane = turn(0.62f + 0.15f * std::sin(beat * kPi / 24.0f), 0.0f,
                            0.12f * std::sin(beat * kPi / 18.0f));
    for (int k = 0; k < 16; ++k) {
      if (k % (16 / shown)) continue;
      const float a = float(k) * kPi / 8.0f - turned, r = 2.05f;
      const Vec p = plane.x * (r * std::cos(a)) + plane.z * (r * std::sin(a));
      const int pitch = (k * 12 / 16 + 4) % 12;
      const float struck =
          std::max(music.pitch_pulse({"ring", "saw", "high"}, pitch, t, 0.22),
                   shown < 16 ? music.pitch_pulse({"ring"}, (pitch + 1) % 12, t, 0.22) : 0.0f);
      Material m = struck > 0.12f || k % 4 == 0 ? candy(kCandy[k / 4][0], kCandy[k / 4][1])
                                                : pearl(kTints[k % 4]);
      m.glow = 0.35f * struck;
      const Vec up = plane.y * (0.32f * struck);
      stage.add({Sphere{},
                 m,
                 p + up + Vec{0, 0.02f, 0},
                 (0.15f + 0.09f * struck) * grow,
                 {},
                 1.05f,
                 k % 4 == 0});
    }
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    stage.glint(-0.36f, 0.42f, 0.2f + 0.12f * music.pulse("kick", t, 0.12),
                0.85f * ease(float(t) / 2.5f));
    for (const char* voice : {"high", "saw"})
      for (const auto& n : music.between(voice, t - 0.5, t)) {
        const float age = float(t - n.note->at) / 0.5f,
                    a = float(n.note->pitch % 12) / 12.0f * 2.0f * kPi;
        stage.glint(1.25f * std::cos(a), 0.8f * std::sin(a), 0.13f, (1.0f - age) * 0.8f);
      }
    rising_hearts(stage, music, "ring", t, colour("#ff4fa0"));
  }
  CardColours card() const override {
    return {colour("#ffd24a"), colour("#f08a00"), colour("#5a2a10")};
  }
};

}  // namespace

std::unique_ptr<Scene> make_satellite() { return std::make_unique<Satellite>(); }
std::unique_ptr<Scene> make_elise() { return std::make_unique<Elise>(); }

}  // namespace popradio::demo
