// A scene is a picture as a function of the music: prepared once, then drawn for any time.
#pragma once

#include <memory>
#include <string>

#include "music.h"
#include "paint.h"
#include "stage.h"

namespace popradio::demo {

class Scene {
 public:
  virtual ~Scene() = default;
  // Paints the ground and what else stays the same; sets the stage's light.
  virtual void prepare(Stage& stage, const Music& music) = 0;
  // Layers and things behind everything else may be drawn at once; things are added to the stage.
  virtual void build(Stage& stage, const Music& music, double t) = 0;
  // Light and sprites on top, after the things are drawn.
  virtual void sparkle(Stage& stage, const Music& music, double t) = 0;
  virtual CardColours card() const = 0;
};

// The scene of a song's file name, e.g. "fur-elise"; throws std::runtime_error if there is none.
std::unique_ptr<Scene> make_scene(const std::string& song);

// A playlist's cover: flat prints, so that a shelf is not one long row of balloons. Throws
// std::runtime_error for an unknown name.
void paint_cover(const std::string& name, Stage& stage);

// Pixel hearts that rise at the right edge, one for each note of a voice, gone after 2.6 s.
void rising_hearts(Stage& stage, const Music& music, const char* voice, double t, Vec tint);

// Small helpers that every scene uses.
inline float mixf(float a, float b, float t) { return a + (b - a) * t; }
inline float ease(float x) {
  x = x < 0.0f ? 0.0f : x > 1.0f ? 1.0f : x;
  return x * x * (3.0f - 2.0f * x);
}
inline Material candy(const char* tint, const char* deep) {
  return {Finish::kCandy, colour(tint), colour(deep), 0.0f, 0.0f};
}
inline Material jelly(const char* tint, const char* deep) {
  return {Finish::kJelly, colour(tint), colour(deep), 0.0f, 0.0f};
}
inline Material chrome(const char* tint, float rainbow) {
  return {Finish::kChrome, colour(tint), colour(tint), rainbow, 0.0f};
}
inline Material pearl(const char* tint) {
  return {Finish::kPearl, colour(tint), colour(tint), 0.0f, 0.0f};
}
inline Material bubble(const char* tint) {
  return {Finish::kBubble, colour(tint), colour(tint), 0.0f, 0.0f};
}
inline Material foil(const char* tint) {
  return {Finish::kFoil, colour(tint), colour(tint), 0.0f, 0.0f};
}
inline Material glowing(Material m, float glow) {
  m.glow = glow;
  return m;
}

using MakeScene = std::unique_ptr<Scene> (*)();
std::unique_ptr<Scene> make_satellite();
std::unique_ptr<Scene> make_elise();
std::unique_ptr<Scene> make_raspberry();
std::unique_ptr<Scene> make_butterfly();
std::unique_ptr<Scene> make_greensleeves();
std::unique_ptr<Scene> make_away();
std::unique_ptr<Scene> make_battery();
std::unique_ptr<Scene> make_starfruit();
std::unique_ptr<Scene> make_moon();
std::unique_ptr<Scene> make_boss();

}  // namespace popradio::demo
