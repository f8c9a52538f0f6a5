// Painted grounds and clouds, and the title card: made once per song, so they may take their time.
#pragma once

#include <string>

#include "../performance.h"
#include "stage.h"

namespace popradio::demo {

float noise(float x, float y);  // 0 ... 1, smooth
float cloud_noise(float x, float y);
// A number between 0 and 1 that is always the same for k.
float chance(int k);

// Fills with f(x, y): y from 1 (top) to -1, x to scale, 0 in the middle.
template <typename Paint>
void paint(Image& image, Paint f) {
  for (int j = 0; j < image.height; ++j)
    for (int i = 0; i < image.width; ++i) {
      const float s = 2.0f / float(image.height);
      const Vec c =
          f((float(i) + 0.5f - 0.5f * float(image.width)) * s, 1.0f - (float(j) + 0.5f) * s);
      const std::size_t k = std::size_t(j * image.width + i);
      image.red[k] = c.x;
      image.green[k] = c.y;
      image.blue[k] = c.z;
    }
}

Vec sky(float x, float y, Vec top, Vec middle, Vec low);  // with thin high cloud
// Round cumulus along the bottom of a strip, thick below: premultiplied.
Image cloud_bank(int width, int height, float puff, Vec lit, Vec shade, int seed);

struct CardColours {
  Vec top, bottom;  // of the letters
  Vec outline;      // around their white rim
};
// Song, artist and tune as a transparent image, `width` at most. Throws std::runtime_error if the
// font cannot be read.
Image title_card(const Performance& song, const CardColours& colours, int width, float scale);

}  // namespace popradio::demo
