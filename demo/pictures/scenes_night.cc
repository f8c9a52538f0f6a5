// After dark: the planet, the equaliser with a dying battery, the boss level.
#include <algorithm>
#include <cmath>

#include "scene.h"

namespace popradio::demo {
namespace {

constexpr float kPi = 3.14159265f;

// A pearl planet with a foil ring over midnight clouds; every note of the tune is a star.
class Moon final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#5a86ff"), colour("#eaf2ff"), colour("#0a1030"), colour("#3a4a9c")};
    stage.bloom = 0.3f;
    paint(stage.ground, [](float x, float y) {
      Vec c = mix(colour("#3a62c0"), colour("#0a1440"), ease(0.42f + 0.6f * y));
      const float mist = cloud_noise(x * 0.9f + 4.0f, y * 1.3f - x * 0.4f);
      c = mix(c, colour("#6a5cc8"), 0.35f * ease((mist - 0.42f) * 3.0f) * ease(0.6f + 0.6f * y));
      return c;
    });
    for (int k = 0; k < 150; ++k) {
      const int i = int(chance(k * 3 + 900) * float(stage.width())),
                j = int(chance(k * 3 + 901) * 0.72f * float(stage.height()));
      const float s = 0.25f + 0.75f * chance(k * 3 + 902);
      for (int d = 0; d < (k % 5 == 0 ? 4 : 1); ++d) {
        const std::size_t at = std::size_t(std::min(j + d / 2, stage.height() - 1) * stage.width() +
                                           std::min(i + d % 2, stage.width() - 1));
        stage.ground.red[at] += 0.8f * s;
        stage.ground.green[at] += 0.85f * s;
        stage.ground.blue[at] += s;
      }
    }
    const int w = stage.width() + stage.width() / 2, h = stage.height();
    banks_[0] = cloud_bank(w, h * 40 / 100, 0.3f, colour("#6f8fe0"), colour("#2a3f98"), 21);
    banks_[1] = cloud_bank(w, h * 30 / 100, 0.36f, colour("#a8bcf4"), colour("#4258b8"), 25);
  }

  void build(Stage& stage, const Music& music, double t) override {
    const float part = float(t / music.song().end), w = float(stage.width()),
                h = float(stage.height());
    for (int k = 0; k < 2; ++k)
      stage.layer(banks_[k], -std::round(part * w * 0.05f * float(k + 1)),
                  h - float(banks_[k].height));
    const float beat = music.beats(t), high = music.energy(t);
    const float come = ease(float(t) / 5.0f),
                leave = ease(float(t - music.song().end + 4.0) / 4.0f);
    const Vec place{
        0.0f, 0.16f - 2.6f * (1.0f - come) + 0.04f * std::sin(beat * kPi / 6.0f) + 2.8f * leave,
        0.0f};
    stage.add({Sphere{}, pearl("#e8efff"), place, 0.86f, {}, 1.05f});
    const Turn tilt = turn(-1.24f, 0.0f, 0.26f + 0.05f * std::sin(beat * kPi / 24.0f));
    stage.add({Disc{0.74f, 0.03f}, foil("#ffffff"), place, 1.72f, tilt, 1.06f, false});
    if (high > 0.5f)
      stage.add({Ring{0.012f}, chrome("#cfe0ff", 0.5f), place, 1.95f, turn(0.33f, 0.0f, 0.26f),
                 1.04f, false});
    const float a = beat * kPi / 18.0f;
    stage.add({Sphere{},
               candy("#ffd8a0", "#d8784a"),
               place + Vec{2.1f * std::cos(a), 0.5f * std::sin(a) + 0.35f, 0.9f * std::sin(a)},
               0.17f,
               {},
               1.05f});
    for (const auto& n :
         music.between("tune", t - 4.0, t)) {  // what the tune sang a moment ago, floating up
      const float age = float(t - n.note->at) / 4.0f, x = -1.9f + 3.8f * chance(n.number * 7 + 1);
      stage.add({n.number % 3 == 0   ? Shape(Heart{})
                 : n.number % 3 == 1 ? Shape(Spark{})
                                     : Shape(Sphere{}),
                 n.number % 3 == 0 ? candy("#ff8fc8", "#c02a80") : pearl("#f4f8ff"),
                 {x, -0.85f + 0.045f * (float(n.note->pitch) - 66.0f) + 0.35f * age, 0.3f},
                 0.13f * ease(age * 8.0f) * ease((1.0f - age) * 3.0f),
                 turn(0.1f, age * 3.0f, 0.0f),
                 1.42f,
                 false});
    }
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    for (const char* voice : {"glass", "tune", "modem"})
      for (const auto& n : music.between(voice, t - 1.4, t)) {
        const float age = float(t - n.note->at) / 1.4f;
        stage.glint(-1.65f + 3.3f * chance(n.number * 3 + voice[0]),
                    0.05f + 0.85f * chance(n.number * 3 + 1 + voice[0]),
                    0.1f + 0.1f * chance(n.number),
                    std::sin(kPi * std::min(1.0f, age + 0.12f)) * 0.8f);
      }
  }
  CardColours card() const override {
    return {colour("#b8d0ff"), colour("#4a6ee8"), colour("#0a1244")};
  }

 private:
  Image banks_[2];
};

// Nine towers of gel cells, one for each family of voices, and a battery that does not last the
// song.
class Battery final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#5a4ad8"), colour("#d8f4ff"), colour("#07041c"), colour("#3a1a6a")};
    stage.bloom = 0.4f;
    paint(stage.ground, [](float x, float y) {
      Vec c = mix(colour("#2c1c66"), colour("#0c0824"), ease(0.5f + 0.55f * y));
      if (y < -0.55f) {  // a floor of lines that run to the horizon
        const float depth = 0.28f / (-0.5f - y + 0.01f), across = x * depth * 2.2f;
        const float u = std::fabs(across - std::round(across)) / (0.03f * depth),
                    v = std::fabs(depth * 3.0f - std::round(depth * 3.0f)) / (0.09f * depth);
        const float line = std::max(ease(1.0f - u), ease(1.0f - v)) * ease((-0.55f - y) / 0.12f);
        c = mix(c, colour("#ff4fa0"), 0.45f * line);
      }
      return c + colour("#4a1c8c") * (0.6f * std::exp(-std::fabs(y + 0.55f) / 0.1f));
    });
  }

  void build(Stage& stage, const Music& music, double t) override {
    static const char* kVoices[9] = {"kick", "bass", "tri",  "second", "tune",
                                     "saw",  "arp",  "high", "hat"};
    static const char* kTints[10] = {"#28d8ff", "#28d8ff", "#28d8ff", "#3aa8ff", "#5a7cff",
                                     "#8a5cff", "#ffd24a", "#ffd24a", "#ff4fa0", "#ff4fa0"};
    const float come = ease(float(t) / 1.5f), fall = ease(float(t - music.song().end + 2.4) / 2.0f);
    for (int i = 0; i < 9; ++i) {
      const float own = music.pulse(kVoices[i], t, i == 0 || i == 8 ? 0.16 : 0.32);
      const float sad = music.pulse("sad", t, 0.7) *
                        (0.35f + 0.5f * std::fabs(std::sin(float(i) * 1.7f + float(t))));
      const Note* n = music.last(kVoices[i], t);
      const float pitch = n && n->pitch ? 0.75f + 0.35f * float(n->pitch % 12) / 11.0f : 1.0f;
      const float level = std::max(own * pitch, sad) * 10.0f * (1.0f - fall);
      for (int j = 0; j < 10; ++j) {
        const float lit = ease(level - float(j) + 0.6f);
        Material m = candy(kTints[j], kTints[j]);
        m.deep = mix(colour("#120a3c"), m.tint * 0.35f, lit);
        m.tint = mix(colour("#32286e"), m.tint, lit);
        m.glow = 0.75f * lit;
        stage.add(
            {Box{0.86f, 0.42f, 0.4f, 0.22f},
             m,
             {(float(i) - 4.0f) * 0.43f,
              -0.72f + float(j) * 0.185f - 2.6f * (1.0f - ease(come * 2.0f - float(i) * 0.11f)),
              0.0f},
             0.2f,
             turn(0.0f, 0.05f * (float(i) - 4.0f), 0.0f),
             1.05f,
             false});
      }
    }
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    // The battery, top right: four cells at the start, none at the end, and it blinks when one is
    // left.
    const float u = 0.026f, edge = float(stage.width()) / float(stage.height());
    const float x = std::min(edge - 0.5f, 1.3f), y = 0.86f;
    const double left = 1.0 - t / (music.song().end - 4.0);
    const int cells = left <= 0.0 ? 0 : int(left * 4.0) + 1;
    const bool blink = cells <= 1 && std::fmod(t, 0.8) < 0.4;
    const Vec ink = cells <= 1 ? colour("#ff4fa0") : colour("#c8f6ff");
    for (int i = 0; i < 14; ++i)
      for (int j = 0; j < 7; ++j) {
        const bool rim = i == 0 || i == 12 || ((j == 0 || j == 6) && i < 13),
                   nub = i == 13 && j >= 2 && j <= 4;
        const bool cell =
            i >= 2 && i <= 10 && j >= 2 && j <= 4 && (i - 2) / 2 < std::min(4, cells) && i < 10;
        if ((rim && i < 13) || nub || (cell && !blink))
          stage.block(x + float(i) * u, y - float(j) * u, u, ink, 0.95f);
      }
    for (const char* voice : {"saw", "sad"})
      for (const auto& n : music.between(voice, t - 0.5, t)) {
        if (n.number % 2) continue;
        stage.glint(-1.4f + 2.8f * chance(n.number * 3), -0.1f + 0.8f * chance(n.number * 3 + 1),
                    0.11f, (1.0f - float(t - n.note->at) / 0.5f) * 0.8f);
      }
    rising_hearts(stage, music, "tune", t, colour("#ff4fa0"));
  }
  CardColours card() const override {
    return {colour("#a8f6ff"), colour("#28a8ff"), colour("#1c0c4c")};
  }
};

// A lime d-pad turns in a blue cave of blocks; coins jump, gems circle, and everything runs faster
// and faster.
class Boss final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#4aa8ff"), colour("#f0fff0"), colour("#0c1a4c"), colour("#58e0c0")};
    paint(stage.ground, [](float x, float y) {
      const float u = 0.125f, i = std::floor(x / u), j = std::floor(y / u);
      Vec c = mix(colour("#2f93d8"), colour("#123a8c"), ease(0.5f + 0.5f * y));
      const float side = std::fabs((i + 0.5f) * u);
      const float roof = 0.72f +
                         0.25f * (noise(i * 0.35f + 3.0f, 1.0f) - 0.5f) * 2.0f * ease(side * 0.7f) -
                         0.14f * side;
      const float ground = -0.76f + 0.32f * ease(side - 0.5f) * (0.4f + noise(i * 0.4f, 7.0f));
      const float cy = (j + 0.5f) * u;
      if (cy > roof || cy < ground) {  // blocks with a light upper edge
        const float fx = x / u - i, fy = y / u - j;
        const float shade = chance(int(i) * 31 + int(j) * 17 + 5000);
        c = mix(mix(colour("#0f4a9c"), colour("#1c6cc8"), shade), colour("#7fd0ff"),
                fy > 0.9f || fx < 0.08f ? 0.45f : 0.0f);
        if (fy < 0.08f || fx > 0.94f) c = c * 0.55f;
      }
      return c;
    });
  }

  void build(Stage& stage, const Music& music, double t) override {
    const float beat = music.beats(t), kick = music.pulse("kick", t, 0.12), high = music.energy(t);
    const float come = ease(float(t) / 3.5f),
                leave = ease(float(t - music.song().end + 2.6) / 1.6f);
    const float bob = 0.10f * music.pulse({"sneak", "tune", "lead"}, t, 0.12);
    const float grow = (0.55f + 0.45f * come + 0.12f * high) * (1.0f - leave);
    stage.add(
        {Plus{},
         candy("#c6ff5b", "#3f9a1c"),
         {0.0f, 0.05f + bob - 0.05f, 0.0f},
         0.98f * grow,
         turn(0.25f, 0.5f * std::sin(beat * kPi / 8.0f), 0.16f * std::sin(beat * kPi / 16.0f)),
         1.4f});
    stage.add({Ring{0.045f},
               chrome("#ffffff", 0.3f),
               {0, 0.0f, 0},
               1.45f * grow,
               turn(1.25f + 0.15f * std::sin(beat * kPi / 16.0f), 0.0f, 0.2f),
               1.1f,
               false});
    static const char* kTints[4][2] = {{"#ff6fb4", "#d40b6c"},
                                       {"#ffd24a", "#d98a0c"},
                                       {"#ff5a4a", "#b3122c"},
                                       {"#c88aff", "#6a1cc8"}};
    const int gems = high > 0.7f ? 6 : high > 0.4f ? 4 : 2;
    for (int k = 0; k < gems; ++k) {
      const float a = beat * kPi / 16.0f + float(k) * 2.0f * kPi / float(gems);
      stage.add({Gem{},
                 candy(kTints[k % 4][0], kTints[k % 4][1]),
                 {1.95f * std::cos(a), 0.55f * std::sin(a) + 0.05f * kick, 0.7f * std::sin(a)},
                 0.26f,
                 turn(0.2f, beat * kPi / 8.0f + float(k), 0.1f),
                 1.5f});
    }
    for (const char* voice : {"tune", "coin", "sneak"})
      for (const auto& n :
           music.between(voice, t - 0.9, t)) {  // a coin leaps for every second note
        if (n.number % 2) continue;
        const float age = float(t - n.note->at) / 0.9f,
                    x = (float(n.note->pitch % 24) - 11.5f) * 0.2f;
        stage.add({Disc{0.35f, 0.12f},
                   candy("#ffe070", "#e8a010"),
                   {x, -0.95f + 2.6f * age * (1.0f - age), 0.5f},
                   0.11f,
                   turn(0.0f, age * 8.0f, 0.0f),
                   1.1f,
                   false});
      }
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    const float edge = std::min(float(stage.width()) / float(stage.height()), 1.78f);
    const float through = float(t / music.song().end);
    for (int k = 0; k < 3; ++k)  // three lives, one lost at each new speed
      stage.heart_sprite(-edge + 0.2f + 0.16f * float(k), 0.86f, 0.017f,
                         through > 0.92f - 0.3f * float(k) ? colour("#24508c") : colour("#ff3a6c"),
                         1.0f);
    for (const char* voice : {"lead", "coin"})
      for (const auto& n : music.between(voice, t - 0.35, t)) {
        if (n.number % 3) continue;
        stage.glint(-1.3f + 2.6f * chance(n.number * 3), -0.5f + 1.2f * chance(n.number * 3 + 1),
                    0.12f, (1.0f - float(t - n.note->at) / 0.35f) * 0.85f);
      }
    rising_hearts(stage, music, "lead", t, colour("#ff6fb4"));
  }
  CardColours card() const override {
    return {colour("#dcff8a"), colour("#4cb81c"), colour("#0c2a5c")};
  }
};

}  // namespace

std::unique_ptr<Scene> make_moon() { return std::make_unique<Moon>(); }
std::unique_ptr<Scene> make_battery() { return std::make_unique<Battery>(); }
std::unique_ptr<Scene> make_boss() { return std::make_unique<Boss>(); }

}  // namespace popradio::demo
