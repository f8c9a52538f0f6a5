#include "stage.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace popradio::demo {
namespace {

constexpr float kEye = 4.4f;  // the eye's distance from the origin, on z
constexpr float kFar = 1e6f;
constexpr int kSteps = 56;

float reach_of(const Thing& thing) { return thing.reach * thing.size; }

}  // namespace

Vec colour(const char* hex) {
  const long rgb = std::strtol(hex + 1, nullptr, 16);
  const auto part = [&](int shift) { return std::pow(float((rgb >> shift) & 255) / 255.0f, 2.2f); };
  return {part(16), part(8), part(0)};
}

Turn turn(float ax, float ay, float az) {
  const float cx = std::cos(ax), sx = std::sin(ax), cy = std::cos(ay), sy = std::sin(ay),
              cz = std::cos(az), sz = std::sin(az);
  const auto apply = [&](Vec v) {
    Vec a{v.x * cz + v.y * sz, v.y * cz - v.x * sz, v.z};
    Vec b{a.x * cy - a.z * sy, a.y, a.z * cy + a.x * sy};
    return Vec{b.x, b.y * cx + b.z * sx, b.z * cx - b.y * sx};
  };
  const Vec i = apply({1, 0, 0}), j = apply({0, 1, 0}), k = apply({0, 0, 1});
  return {{i.x, j.x, k.x}, {i.y, j.y, k.y}, {i.z, j.z, k.z}};
}

Image::Image(int w, int h, bool transparent)
    : width(w),
      height(h),
      red(std::size_t(w * h)),
      green(std::size_t(w * h)),
      blue(std::size_t(w * h)),
      alpha(transparent ? std::size_t(w * h) : 0) {}

Stage::Stage(int width, int height, float zoom)
    : ground(width, height, false),
      width_(width),
      height_(height),
      zoom_(zoom),
      depth_(std::size_t(width * height)) {
  for (auto& p : planes_) p.resize(std::size_t(width * height));
}

void Stage::begin() {
  planes_[0] = ground.red;
  planes_[1] = ground.green;
  planes_[2] = ground.blue;
  std::fill(depth_.begin(), depth_.end(), kFar);
  things_.clear();
}

void Stage::layer(const Image& image, float x, float y, float opacity) {
  const float whole = std::floor(x), part = x - whole;
  const int left = int(whole), top = int(std::lround(y));
  const float* from[3] = {image.red.data(), image.green.data(), image.blue.data()};
  const int x0 = std::max(0, left + 1), x1 = std::min(width_, left + image.width);
  for (int row = std::max(0, top); row < std::min(height_, top + image.height); ++row) {
    const std::size_t line = std::size_t(row - top) * std::size_t(image.width);
    for (int c = 0; c < 3; ++c) {  // premultiplied, so that colour and alpha move alike
      float* out = planes_[c].data() + std::size_t(row) * std::size_t(width_);
      const float* in = from[c] + line - left;
      const float* a = image.alpha.data() + line - left;
      for (int k = x0; k < x1; ++k) {
        const float cover = (a[k] * (1.0f - part) + a[k - 1] * part) * opacity;
        out[k] = out[k] * (1.0f - cover) + (in[k] * (1.0f - part) + in[k - 1] * part) * opacity;
      }
    }
  }
}

Vec Stage::project(Vec p) const {
  const float d = kEye - p.z;
  return {p.x / d * zoom_, p.y / d * zoom_, d};
}

V3 Stage::surroundings(V3 from, V3 r, int owner) const {
  const F up = clamp(r.y * 1.15f), down = clamp(r.y * -1.3f);
  const V3 sky = mix(all(light.horizon), all(light.zenith), 0.66f * sqrt(up) + 0.34f * up);
  const V3 low = mix(all(light.dark), all(light.floor), 0.4f * sqrt(down) + 0.6f * down);
  V3 c = mix(low, sky, smooth(-0.018f, 0.018f, r.y));
  c = mix(c, all(light.dark), 0.5f * (1.0f - smooth(0.0f, 0.05f, abs(r.y + 0.03f))));
  for (const Ball& ball : balls_) {  // the neighbours, as soft balls
    if (ball.owner == owner) continue;
    const V3 to = all(ball.at) - from;
    const F along = dot(to, r), miss = dot(to, to) - along * along;
    const F rr = all(ball.radius * ball.radius);
    F seen = clamp((rr - miss) / (rr * 0.3f));
    seen = along > 0.0f ? seen * seen * (3.0f - 2.0f * seen) : all(0.0f);
    c = mix(c, all(ball.tint), seen * 0.85f);
  }
  const F lamps = smooth(0.72f, 0.86f, r.y * 0.8f + r.z * 0.36f - abs(r.x) * 0.18f) * 1.5f +
                  smooth(0.90f, 0.97f, r.x * -0.86f + r.y * 0.22f + r.z * 0.42f) * 0.9f;
  return {c.x + lamps, c.y + lamps, c.z + lamps};
}

V3 Stage::shade(const Thing& thing, V3 at, V3 n, V3 ray, int owner, F& opacity) const {
  const Material& m = thing.material;
  const F dn = dot(ray, n);
  const V3 r = ray - n * (2.0f * dn);
  const F graze = clamp(1.0f + dn), fresnel = graze * graze * graze * graze;
  const V3 e = surroundings(at, r, owner);
  const V3 tint = all(m.tint), deep = all(m.deep);
  const auto rainbow = [](F t) {
    return V3{0.5f + 0.5f * wave(t), 0.5f + 0.5f * wave(t + 0.33f), 0.5f + 0.5f * wave(t + 0.67f)};
  };
  const auto times = [](V3 a, V3 b) { return V3{a.x * b.x, a.y * b.y, a.z * b.z}; };
  const V3 white = all(Vec{1, 1, 1});
  V3 out;
  switch (m.finish) {
    case Finish::kChrome: {
      const V3 oil = rainbow(dn * -1.1f + n.y * 0.25f + 0.1f);
      const V3 film = white * all(1.0f - m.rainbow) +
                      (all(Vec{0.55f, 0.55f, 0.55f}) + oil * all(0.9f)) * all(m.rainbow);
      out = times(times(e, mix(tint, white, fresnel)), film);
      break;
    }
    case Finish::kPearl: {
      const V3 oil = rainbow(dn * -0.9f + n.x * 0.2f + 0.55f);
      const F lit = 0.55f + 0.45f * clamp(n.y * 0.7f + n.z * 0.5f);
      out = times(tint, all(Vec{0.85f, 0.85f, 0.85f}) + oil * all(0.3f)) * lit +
            e * (0.08f + 0.5f * fresnel);
      break;
    }
    case Finish::kFoil: {  // a disc's grooves: the colours of the rainbow turn around its middle
      const V3 oil = rainbow(1.6f * (r.x * 0.8f + r.y * 0.6f) + 0.4f * dot(n, ray));
      out = times(e * all(0.45f) + oil * all(0.55f), tint);
      break;
    }
    case Finish::kBubble: {
      const V3 oil = rainbow(dn * -1.6f + n.y * 0.35f);
      const F rim = graze * graze;
      opacity = opacity * clamp(0.10f + 0.75f * rim + max(e.x - 1.0f, all(0.0f)) * 1.2f);
      out = mix(tint, oil, all(0.45f)) * (0.55f + 0.6f * rim) + e * (0.25f + 0.4f * fresnel);
      break;
    }
    case Finish::kJelly:
    case Finish::kCandy: {
      const F lit = clamp(0.5f + 0.5f * (n.y * 0.75f - n.x * 0.25f + n.z * 0.35f));
      F through = clamp(n.y * -0.7f + 0.35f + n.z * 0.1f);
      through = through * through * (m.finish == Finish::kJelly ? 1.0f : 0.5f);
      out = mix(deep, tint, lit) * all(0.92f) + tint * through + e * (0.05f + 0.75f * fresnel) +
            V3{max(e.x - 1.0f, all(0.0f)), max(e.y - 1.0f, all(0.0f)), max(e.z - 1.0f, all(0.0f))} *
                all(0.45f);
      if (m.finish == Finish::kJelly) opacity = opacity * clamp(0.78f + 0.5f * fresnel);
      break;
    }
  }
  return out + tint * all(m.glow);
}

template <typename S>
void Stage::march(const Thing& thing, const S& shape, int owner) {
  const float reach = reach_of(thing), ahead = kEye - thing.at.z;
  if (ahead - reach < 0.4f) return;  // would stand in the eye
  const float scale = 0.5f * float(height_) * zoom_;
  const float span = reach / std::sqrt(ahead * ahead - reach * reach) * scale * 1.12f + 2.0f;
  const float cx = 0.5f * float(width_) + thing.at.x / ahead * scale,
              cy = 0.5f * float(height_) - thing.at.y / ahead * scale;
  const int x0 = std::max(0, int(cx - span)) & ~(kLanes - 1),
            x1 = std::min(width_, int(cx + span) + 1);
  const int y0 = std::max(0, int(cy - span)), y1 = std::min(height_, int(cy + span) + 1);
  const Turn& q = thing.turn;
  const auto into = [&](V3 v) {
    return V3{v.x * q.x.x + v.y * q.x.y + v.z * q.x.z, v.x * q.y.x + v.y * q.y.y + v.z * q.y.z,
              v.x * q.z.x + v.y * q.z.y + v.z * q.z.z};
  };
  const auto out_of = [&](V3 v) {
    return V3{v.x * q.x.x + v.y * q.y.x + v.z * q.z.x, v.x * q.x.y + v.y * q.y.y + v.z * q.z.y,
              v.x * q.x.z + v.y * q.y.z + v.z * q.z.z};
  };
  const V3 eye = all(Vec{0, 0, kEye});
  const V3 o = into((eye - all(thing.at)) * all(1.0f / thing.size));
  const float pixel = 1.0f / scale, margin = 1.5f * pixel * (ahead + reach) / thing.size;
  const Vec half = shape.half() + Vec{margin, margin, margin};
  const F lane{0, 1, 2, 3, 4, 5, 6, 7};
  for (int y = y0; y < y1; ++y) {
    const float v = (0.5f * float(height_) - float(y) - 0.5f) / scale;
    for (int x = x0; x < x1; x += kLanes) {
      const F u = (lane + (float(x) + 0.5f - 0.5f * float(width_))) / scale;
      const F norm = 1.0f / sqrt(u * u + (v * v + 1.0f));
      const V3 ray{u * norm, norm * v, -norm};
      const V3 d = into(ray);
      // Where the ray enters and leaves the shape's box, a pixel larger for the soft outline.
      const auto slab = [](F from, F along, float size, F& in, F& out) {
        const F inverse = 1.0f / (abs(along) < 1e-6f ? all(1e-6f) : along);
        const F a = (-size - from) * inverse, b = (size - from) * inverse;
        in = max(in, min(a, b));
        out = min(out, max(a, b));
      };
      F enter = all(0.0f), leave = all(kFar);
      slab(o.x, d.x, half.x, enter, leave);
      slab(o.y, d.y, half.y, enter, leave);
      slab(o.z, d.z, half.z, enter, leave);
      Mask going = enter < leave;
      if (!any(going)) continue;
      F t = enter, best = all(9.0f), best_t = t;
      Mask hit = going & 0;
      for (int step = 0; step < kSteps; ++step) {
        const F dist = shape(o + d * t);
        const F near = dist / (t * pixel);
        const Mask closer = going & (near < best);
        best = closer ? near : best;
        best_t = closer ? t : best_t;
        const Mask touch = going & (near < 0.35f);
        hit |= touch;
        going = going & ~touch & (t < leave);
        if (!any(going)) break;
        t = going ? t + dist : t;
      }
      F cover = hit ? all(1.0f) : clamp(1.2f - best);
      const Mask seen = cover > 0.02f;
      if (!any(seen)) continue;
      t = best_t;
      float* z = depth_.data() + std::size_t(y) * std::size_t(width_) + std::size_t(x);
      F deep;
      std::memcpy(&deep, z, sizeof deep);
      const F world_t = t * thing.size;
      const Mask front = seen & (world_t < deep);
      if (!any(front)) continue;
      cover = front ? cover : all(0.0f);
      const V3 p = o + d * t;
      const float e = 0.0022f;
      const F a1 = shape(p + all(Vec{e, -e, -e})), a2 = shape(p + all(Vec{-e, -e, e})),
              a3 = shape(p + all(Vec{-e, e, -e})), a4 = shape(p + all(Vec{e, e, e}));
      V3 n{a1 - a2 - a3 + a4, a3 + a4 - a1 - a2, a2 + a4 - a1 - a3};
      n = out_of(n * (1.0f / (length(n) + 1e-9f)));
      // A normal that looks away from the eye (at the soft outline) is laid flat.
      const F away = max(dot(n, ray), all(0.0f));
      n = n - ray * away;
      const V3 c = shade(thing, eye + ray * world_t, n, ray, owner, cover);
      const F solid = cover > 0.5f ? world_t : deep;
      const F new_depth = front ? solid : deep;
      std::memcpy(z, &new_depth, sizeof new_depth);
      const F parts[3] = {c.x, c.y, c.z};
      for (int k = 0; k < 3; ++k) {
        float* to = planes_[k].data() + std::size_t(y) * std::size_t(width_) + std::size_t(x);
        F old;
        std::memcpy(&old, to, sizeof old);
        const F mixed = mix(old, min(parts[k], all(3.0f)), cover);
        std::memcpy(to, &mixed, sizeof mixed);
      }
    }
  }
}

void Stage::draw() {
  std::vector<int> order(things_.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = int(k);
  const auto transparent = [&](int k) {
    return things_[std::size_t(k)].material.finish == Finish::kBubble;
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    if (transparent(a) != transparent(b)) return transparent(b);
    return things_[std::size_t(a)].at.z < things_[std::size_t(b)].at.z;
  });
  balls_.clear();
  constexpr std::size_t kMirrored = 8;  // the largest few; more cost more than they show
  std::vector<int> large;
  for (const int k : order)
    if (things_[std::size_t(k)].mirrored && !transparent(k)) large.push_back(k);
  std::stable_sort(large.begin(), large.end(), [&](int a, int b) {
    return reach_of(things_[std::size_t(a)]) > reach_of(things_[std::size_t(b)]);
  });
  if (large.size() > kMirrored) large.resize(kMirrored);
  for (const int k : large) {
    const Thing& t = things_[std::size_t(k)];
    balls_.push_back({t.at, t.material.tint * 0.8f, 0.62f * reach_of(t), k});
  }
  for (const int k : order) {
    const Thing& t = things_[std::size_t(k)];
    std::visit([&](const auto& shape) { march(t, shape, k); }, t.shape);
  }
}

}  // namespace popradio::demo
