// The stage: glossy things in front of a painted ground, marched ray by ray, eight pixels at a
// time.
//
// Every thing is drawn for itself inside the rectangle that its bounding sphere covers, from the
// farthest to the nearest, against a depth buffer; its outline is softened by how near the closest
// miss came. The surroundings that chrome shows are a light box (sky, dark horizon, floor, two
// lamps) and the other things as soft coloured balls. Colours are linear light.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shapes.h"

namespace popradio::demo {

Vec colour(const char* hex);           // "#rrggbb", to linear light
Turn turn(float x, float y, float z);  // about z, then y, then x, in radians

enum class Finish { kCandy, kChrome, kPearl, kJelly, kBubble, kFoil };

struct Material {
  Finish finish = Finish::kCandy;
  Vec tint{1, 1, 1};
  Vec deep{0.5f, 0.5f, 0.5f};  // the colour of the shaded side of candy and jelly
  float rainbow = 0.16f;       // how much chrome is oil on water
  float glow = 0.0f;           // light of its own, in times of its tint
};

using Shape = std::variant<Sphere, Ring, Disc, Heart, Star, Spark, Flower, Jelly, Box, Plus, Gem,
                           Quaver, Kite>;

struct Thing {
  Shape shape;
  Material material;
  Vec at;
  float size = 1.0f;
  Turn turn{};
  float reach = 1.5f;    // radius of a ball around the shape, in its own units
  bool mirrored = true;  // seen in the others' chrome
};

struct Image {
  int width = 0, height = 0;
  std::vector<float> red, green, blue, alpha;  // alpha is empty for an opaque image
  Image() = default;
  Image(int w, int h, bool transparent);
};

struct Light {
  Vec zenith, horizon, dark, floor;
};

class Stage {
 public:
  Stage(int width, int height, float zoom);

  int width() const { return width_; }
  int height() const { return height_; }
  Light light;
  Image ground;  // painted once
  float bloom = 0.22f;

  void begin();  // the ground, nothing on it
  void layer(const Image& image, float x, float y,
             float opacity = 1.0f);  // in pixels, moved by parts of a pixel sideways
  void add(Thing thing) { things_.push_back(std::move(thing)); }
  void draw();  // all things added since begin()
  // Light on top, in units of the stage (height from -1 to 1, x to the right): the four-pointed
  // glint, and a block of pixel art.
  void glint(float x, float y, float radius, float strength);
  void block(float x, float y, float size, Vec tint, float opacity);  // a pixel-aligned square
  void heart_sprite(float x, float y, float pixel, Vec tint, float opacity);
  void bloom_pass();
  // Where a point of the scene appears, in the same units.
  Vec project(Vec p) const;

  // BT.709, limited range, 4:2:0; and 8-bit sRGB.
  void write_yuv(std::vector<std::uint8_t>& out) const;
  void write_rgb(std::vector<std::uint8_t>& out) const;
  float* plane(int k) { return planes_[k].data(); }

 private:
  struct Ball {
    Vec at, tint;
    float radius;
    int owner;
  };
  template <typename S>
  void march(const Thing& thing, const S& shape, int owner);
  V3 surroundings(V3 from, V3 ray, int owner) const;
  V3 shade(const Thing& thing, V3 at, V3 normal, V3 ray, int owner, F& opacity) const;

  int width_, height_;
  float zoom_;
  std::vector<float> planes_[3];
  std::vector<float> depth_;
  std::vector<Thing> things_;
  std::vector<Ball> balls_;
};

}  // namespace popradio::demo
