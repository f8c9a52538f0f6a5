// Sweets: the blue jelly, the starfruit, the chain of rings.
#include <cmath>

#include "scene.h"

namespace popradio::demo {
namespace {

constexpr float kPi = 3.14159265f;

// A blue jelly that never settles, in ice; bubbles rise from it, one for each note.
class Raspberry final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#7cc8ff"), colour("#ffffff"), colour("#10306e"), colour("#8fdcf5")};
    paint(stage.ground, [](float x, float y) {
      Vec c = mix(colour("#7fd3f5"), colour("#dff7ff"), ease(0.5f + 0.5f * y));
      for (int k = 0; k < 26; ++k) {  // round lights out of focus
        const float bx = (chance(k * 5) - 0.5f) * 4.0f, by = (chance(k * 5 + 1) - 0.5f) * 2.2f,
                    r = 0.1f + 0.3f * chance(k * 5 + 2);
        const float d = std::sqrt((x - bx) * (x - bx) + (y - by) * (y - by)) / r;
        if (d < 1.0f) c = mix(c, {1, 1, 1}, 0.22f * ease((1.0f - d) * 6.0f) * (0.4f + 0.6f * d));
      }
      return c;
    });
  }

  void build(Stage& stage, const Music& music, double t) override {
    const float beat = music.beats(t), kick = music.pulse("kick", t, 0.2), high = music.energy(t);
    const float rise = ease(float(t) / 3.0f),
                leave = ease(float(t - music.song().end + 3.0) / 3.0f), slow = beat * kPi / 16.0f;
    Jelly jelly_shape;
    jelly_shape.count = high > 0.5f ? 7 : 5;
    jelly_shape.melt = 0.42f;
    for (int k = 0; k < jelly_shape.count; ++k) {
      const float a = float(k) * 2.399f, own = slow * (1.0f + 0.25f * float(k % 3)) + a;
      const float out = k == 0 ? 0.0f : 0.55f + 0.16f * std::sin(own * 1.3f);
      jelly_shape.at[std::size_t(k)] = {1.35f * out * std::cos(a + 0.35f * std::sin(slow)),
                                        0.9f * out * std::sin(a + 0.3f * std::cos(slow * 1.2f)),
                                        0.25f * std::sin(own)};
      jelly_shape.size[std::size_t(k)] =
          (k == 0 ? 0.66f : 0.40f + 0.07f * std::sin(own * 2.0f)) + (k == 1 ? 0.06f * kick : 0.0f);
    }
    const Vec place{0.0f, -2.4f * (1.0f - rise) + 0.08f * kick - 2.6f * leave, 0.0f};
    stage.add({jelly_shape, candy("#3aa0ff", "#0b3cc0"), place, 1.08f,
               turn(0.1f, 0.25f * std::sin(slow * 0.5f), 0.0f), 1.9f});
    static const char* kBerry[3][2] = {
        {"#ff6fb4", "#d40b6c"}, {"#7f6bff", "#3412b8"}, {"#6ff0e0", "#0c9c94"}};
    for (int k = 0; k < 3; ++k) {  // berries that circle it
      const float a = slow * 1.5f + float(k) * 2.094f;
      const float hit = music.pulse(k == 0 ? "keys" : k == 1 ? "chip" : "strings", t, 0.2);
      stage.add(
          {k == 1   ? Shape(Flower{})
           : k == 2 ? Shape(Heart{})
                    : Shape(Sphere{}),
           candy(kBerry[k][0], kBerry[k][1]),
           Vec{2.25f * std::cos(a), 0.72f * std::sin(a * 1.0f) + 0.12f * hit, 0.5f * std::sin(a)} +
               Vec{0, -2.6f * leave, 0},
           (k == 0 ? 0.2f : 0.25f), turn(0.2f, a * 0.5f, 0.0f), 1.4f});
    }
    for (const char* voice : {"spoon", "chip", "lead"})
      for (const auto& n : music.between(voice, t - 3.2, t)) {
        if (n.number % 3) continue;
        const float age = float(t - n.note->at) / 3.2f;
        const float x = (chance(n.number * 7 + int(voice[0])) - 0.5f) * 4.6f;
        stage.add({Sphere{},
                   bubble("#e8fbff"),
                   {x + 0.06f * std::sin(age * 12.0f), -1.5f + 3.4f * age, 0.6f},
                   0.05f + 0.13f * chance(n.number * 13),
                   {},
                   1.05f,
                   false});
      }
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    stage.glint(-0.42f, 0.36f, 0.16f + 0.08f * music.pulse("snare", t, 0.15),
                0.8f * ease(float(t) / 3.0f));
    for (const auto& n : music.between("spoon", t - 0.5, t)) {
      const float age = float(t - n.note->at) / 0.5f;
      stage.glint(-1.3f + 2.6f * chance(n.number * 3), 0.1f + 0.7f * chance(n.number * 3 + 1), 0.1f,
                  1.0f - age);
    }
  }
  CardColours card() const override {
    return {colour("#8fd8ff"), colour("#1668e8"), colour("#0a2a78")};
  }
};

// A chrome star in a sun of dots; small stars stand around it and jump at their notes.
class Starfruit final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#ff8a2c"), colour("#fff4dc"), colour("#b8441c"), colour("#ffd27a")};
    paint(stage.ground, [](float x, float y) {
      Vec c = mix(colour("#ffd27a"), colour("#ff9440"), ease(0.5f + 0.5f * y));
      const float step = 0.115f;  // a printer's screen: dots that shrink away from the middle
      const float row = std::floor(y / step), shift = std::fmod(std::fabs(row), 2.0f) * 0.5f;
      const float px = (std::floor(x / step - shift) + 0.5f + shift) * step,
                  py = (row + 0.5f) * step;
      const float far = std::sqrt(px * px * 0.75f + py * py),
                  r = step * 0.62f * ease((1.28f - far) / 0.8f);
      const float d = std::sqrt((x - px) * (x - px) + (y - py) * (y - py));
      return mix(c, colour("#ffe89a"), 0.75f * ease((r - d) / 0.008f + 0.5f));
    });
  }

  void build(Stage& stage, const Music& music, double t) override {
    const float beat = music.beats(t), kick = music.pulse("kick", t, 0.15), high = music.energy(t);
    const float leave = ease(float(t - music.song().end + 2.4) / 2.4f),
                grow = ease(float(t) / 1.6f) * (1.0f - leave);
    stage.add(
        {Star{},
         chrome("#ffe2c4", 0.22f),
         {0, 0.02f + 0.09f * kick, 0},
         1.22f * grow,
         turn(0.12f, 0.55f * std::sin(beat * kPi / 16.0f), 0.1f * std::sin(beat * kPi / 8.0f)),
         1.15f});
    static const char* kTints[5][2] = {{"#ff6fb4", "#d40b6c"},
                                       {"#b8f04a", "#3f9c1e"},
                                       {"#ffd84a", "#e08a0c"},
                                       {"#ff5a4a", "#b3122c"},
                                       {"#fff0d8", "#ffb04a"}};
    const int count = high > 0.62f ? 10 : high > 0.35f ? 7 : 5;
    for (int k = 0; k < count; ++k) {
      const float a = float(k) * 2.0f * kPi / float(count) + beat * kPi / 32.0f;
      const float hit =
          music.pitch_pulse({"tune", "box", "saw"}, (k * 12 / count + 9) % 12, t, 0.2);
      const float r = 1.0f + 0.14f * hit;
      stage.add({Star{},
                 glowing(candy(kTints[k % 5][0], kTints[k % 5][1]), 0.25f * hit),
                 {2.15f * r * std::cos(a), 1.12f * r * std::sin(a), -0.3f},
                 (0.25f + 0.08f * hit) * grow,
                 turn(0.2f, 0.4f * std::sin(beat * 0.4f + float(k)), a),
                 1.15f});
    }
    for (int k = 0; k < 2; ++k)
      stage.add({Ring{0.05f},
                 chrome("#fff2e0", 0.4f),
                 {k ? 2.35f : -2.35f, k ? -0.2f : 0.25f, -0.6f},
                 0.3f,
                 turn(1.0f + beat * 0.2f, beat * 0.15f, 0.4f),
                 1.1f,
                 false});
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    const float kick = music.pulse("kick", t, 0.15);
    stage.glint(-0.12f, 0.52f + 0.04f * kick, 0.2f + 0.08f * kick, 0.85f * ease(float(t) / 2.0f));
    for (const char* voice : {"box", "saw"})
      for (const auto& n : music.between(voice, t - 0.4, t)) {
        if (n.number % 4) continue;
        stage.glint(-1.5f + 3.0f * chance(n.number * 3), -0.8f + 1.6f * chance(n.number * 3 + 1),
                    0.12f, (1.0f - float(t - n.note->at) / 0.4f) * 0.9f);
      }
    rising_hearts(stage, music, "tune", t, colour("#e8127d"));
  }
  CardColours card() const override {
    return {colour("#ffc860"), colour("#ff5a1c"), colour("#7a1f10")};
  }
};

// A chain of chrome rings, one for each note of the figure; what is played hops and shines.
class Away final : public Scene {
 public:
  void prepare(Stage& stage, const Music&) override {
    stage.light = {colour("#ff8fc4"), colour("#ffffff"), colour("#5a1650"), colour("#ffc7df")};
    paint(stage.ground, [](float x, float y) {
      Vec c = mix(colour("#ffe3f0"), colour("#ff9cc9"), ease(0.5f + 0.5f * y));
      for (int k = 0; k < 5; ++k) {  // rings of a signal, from below
        const float d = std::sqrt(x * x + (y + 1.25f) * (y + 1.25f)), r = 0.55f + 0.48f * float(k);
        c = mix(c, {1, 1, 1}, 0.28f * ease(1.0f - std::fabs(d - r) / 0.11f));
      }
      return c;
    });
  }

  void build(Stage& stage, const Music& music, double t) override {
    const float beat = music.beats(t), kick = music.pulse("kick", t, 0.16), high = music.energy(t);
    const float leave = ease(float(t - music.song().end + 3.0) / 3.0f);
    const Note* struck = music.last("figure", t);
    for (int k = 0; k < 7; ++k) {
      float hit = 0.0f;
      if (struck)  // which of the figure's eight notes this is: up four, then the upper three again
        for (const auto& n : music.between("figure", t - 0.6, t)) {
          static constexpr int kLink[8] = {1, 2, 3, 4, 5, 3, 4, 5};
          if (kLink[n.number % 8] == k)
            hit = std::max(hit, float(std::exp(-(t - n.note->at) / 0.14)));
        }
      const float come = ease(float(t) / 1.2f - 0.25f * float(k)), x = (float(k) - 3.0f) * 0.82f;
      const float y = 0.16f * std::sin(beat * kPi / 8.0f + float(k) * 0.7f) - 2.4f * (1.0f - come) -
                      2.6f * ease(leave * 2.0f - 0.14f * float(k)) + 0.10f * hit;
      const Turn q = k % 2 ? turn(0.35f, 0.2f, 0.25f) : turn(kPi / 2.0f - 0.35f, 0.25f, 0.2f);
      const bool tinted = high > 0.55f && k % 2 == 0;
      stage.add({Ring{0.235f},
                 glowing(chrome(tinted ? "#ffc4e2" : "#f4f8ff", 0.2f), 0.16f * hit),
                 {x, 0.1f + y, 0.0f},
                 0.6f,
                 q,
                 1.26f});
    }
    static const char* kTints[4][2] = {{"#b8f04a", "#3f9c1e"},
                                       {"#6fd0ff", "#1668d8"},
                                       {"#ffd24a", "#d98a0c"},
                                       {"#ff5fa8", "#c01068"}};
    for (int k = 0; k < 4; ++k) {  // buddies: round people, who nod
      const float x = (float(k) - 1.5f) * 1.35f, up = (k % 2 ? 1.0f : -1.0f) * 1.02f;
      const float nod = k % 2 ? music.pulse("ping", t, 0.25) : kick;
      Jelly person;
      person.count = 2;
      person.melt = 0.1f;
      person.at = {Vec{0, 0.5f, 0}, Vec{0, -0.3f, 0}};
      person.size = {0.36f, 0.56f};
      stage.add({person,
                 candy(kTints[k][0], kTints[k][1]),
                 {x,
                  up + 0.08f * nod - 2.6f * leave -
                      2.0f * (1.0f - ease(float(t) / 3.0f - 0.5f * float(k))),
                  -0.4f},
                 0.34f,
                 turn(0.1f, 0.3f * std::sin(beat * 0.4f + float(k)), 0.1f * nod),
                 1.1f,
                 false});
    }
  }

  void sparkle(Stage& stage, const Music& music, double t) override {
    for (const char* voice : {"ping", "lead"})
      for (const auto& n : music.between(voice, t - 0.6, t)) {
        const float age = float(t - n.note->at) / 0.6f;
        stage.glint(-1.2f + 2.4f * chance(n.number * 3), 0.05f + 0.5f * chance(n.number * 3 + 1),
                    0.14f, (1.0f - age) * 0.9f);
      }
    rising_hearts(stage, music, "ping", t, colour("#ff4fa0"));
    rising_hearts(stage, music, "lead", t, colour("#ffffff"));
  }
  CardColours card() const override {
    return {colour("#ffb0d8"), colour("#e0368c"), colour("#6b0f4c")};
  }
};

}  // namespace

std::unique_ptr<Scene> make_raspberry() { return std::make_unique<Raspberry>(); }
std::unique_ptr<Scene> make_starfruit() { return std::make_unique<Starfruit>(); }
std::unique_ptr<Scene> make_away() { return std::make_unique<Away>(); }

}  // namespace popradio::demo
