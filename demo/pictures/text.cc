// The title card: bubble letters, drawn as strokes of growing width around FreeType's outlines.
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_GLYPH_H
#include FT_STROKER_H

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "paint.h"

namespace popradio::demo {
namespace {

constexpr const char* kFontFolder = "/usr/share/fonts/opentype/mplus/";  // Debian's fonts-mplus

std::vector<std::uint32_t> code_points(const std::string& text) {
  std::vector<std::uint32_t> out;
  for (std::size_t k = 0; k < text.size();) {
    const unsigned char c = static_cast<unsigned char>(text[k]);
    const int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    std::uint32_t point = more == 3 ? c & 7u : more == 2 ? c & 15u : more == 1 ? c & 31u : c;
    for (int j = 1; j <= more; ++j)
      point = point << 6 | (static_cast<unsigned char>(text.at(k + std::size_t(j))) & 63u);
    out.push_back(point);
    k += std::size_t(more) + 1;
  }
  return out;
}

class Font {
 public:
  Font(const char* file, int size) {
    if (FT_Init_FreeType(&library_) ||
        FT_New_Face(library_, (std::string(kFontFolder) + file).c_str(), 0, &face_))
      throw std::runtime_error(std::string("cannot read ") + kFontFolder + file +
                               "; install the package fonts-mplus");
    FT_Set_Pixel_Sizes(face_, 0, FT_UInt(size));
    FT_Stroker_New(library_, &stroker_);
  }
  Font(const Font&) = delete;
  Font& operator=(const Font&) = delete;
  ~Font() {
    FT_Stroker_Done(stroker_);
    FT_Done_Face(face_);
    FT_Done_FreeType(library_);
  }

  int width(const std::string& text) {
    int sum = 0;
    for (const std::uint32_t c : code_points(text))
      if (!FT_Load_Char(face_, c, FT_LOAD_NO_HINTING)) sum += int(face_->glyph->advance.x);
    return sum / 64;
  }

  // Coverage of the text, thickened by `stroke` pixels on every side, with its baseline's start at
  // (x, y).
  void cover(const std::string& text, int x, int y, float stroke, int width, int height,
             std::vector<float>& mask) {
    FT_Pos pen = FT_Pos(x) * 64;
    for (const std::uint32_t c : code_points(text)) {
      if (FT_Load_Char(face_, c, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP)) continue;
      const FT_Pos advance = face_->glyph->advance.x;
      FT_Glyph glyph;
      FT_Get_Glyph(face_->glyph, &glyph);
      if (stroke > 0.0f) {
        FT_Stroker_Set(stroker_, FT_Fixed(stroke * 64.0f), FT_STROKER_LINECAP_ROUND,
                       FT_STROKER_LINEJOIN_ROUND, 0);
        FT_Glyph_StrokeBorder(&glyph, stroker_, 0, 1);
      }
      FT_Vector origin{pen & 63, 0};
      FT_Glyph_To_Bitmap(&glyph, FT_RENDER_MODE_NORMAL, &origin, 1);
      const FT_BitmapGlyph bitmap = FT_BitmapGlyph(glyph);
      for (int j = 0; j < int(bitmap->bitmap.rows); ++j)
        for (int i = 0; i < int(bitmap->bitmap.width); ++i) {
          const int px = int(pen >> 6) + bitmap->left + i, py = y - bitmap->top + j;
          if (px < 0 || py < 0 || px >= width || py >= height) continue;
          float& m = mask[std::size_t(py * width + px)];
          m = std::max(m, float(bitmap->bitmap.buffer[j * bitmap->bitmap.pitch + i]) / 255.0f);
        }
      FT_Done_Glyph(glyph);
      pen += advance;
    }
  }

 private:
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
  FT_Stroker stroker_ = nullptr;
};

template <typename Colour>
void fill(Image& image, const std::vector<float>& mask, Colour colour_at, float opacity = 1.0f) {
  for (int j = 0; j < image.height; ++j)
    for (int i = 0; i < image.width; ++i) {
      const std::size_t k = std::size_t(j * image.width + i);
      const float m = mask[k] * opacity;
      if (m <= 0.0f) continue;
      const Vec c = colour_at(i, j);
      image.red[k] += (c.x - image.red[k]) * m;
      image.green[k] += (c.y - image.green[k]) * m;
      image.blue[k] += (c.z - image.blue[k]) * m;
      image.alpha[k] += (1.0f - image.alpha[k]) * m;
    }
}

}  // namespace

Image title_card(const Performance& song, const CardColours& colours, int width, float scale) {
  const int rim = int(26 * scale);
  int size = int(104 * scale);
  while (size > 20 && Font("Mplus1-Black.otf", size).width(song.title) > width - 2 * rim) --size;
  Font title("Mplus1-Black.otf", size), artist("Mplus1-ExtraBold.otf", int(40 * scale)),
      tune("Mplus1-Bold.otf", int(25 * scale));
  const int top = int(float(size) * 1.0f) + rim, second = top + int(66 * scale),
            third = second + int(44 * scale);
  const int height = third + rim;
  const int full = std::min(
      width, std::max({title.width(song.title), artist.width(song.artist), tune.width(song.tune)}) +
                 2 * rim);
  Image out(full, height, true);
  const std::size_t area = std::size_t(full * height);
  const auto pass = [&](Font& font, const std::string& text, int y, float stroke, auto colour_at,
                        int dy = 0, float opacity = 1.0f) {
    std::vector<float> mask(area);
    font.cover(text, rim, y + dy, stroke, full, height, mask);
    fill(out, mask, colour_at, opacity);
  };
  const Vec white{1, 1, 1}, dark = colours.outline;
  const float s = scale;
  pass(
      title, song.title, top, 15 * s, [&](int, int) { return dark; }, int(6 * s), 0.35f);
  pass(title, song.title, top, 14 * s, [&](int, int) { return dark; });
  pass(title, song.title, top, 8 * s, [&](int, int) { return white; });
  const float cap = float(size) * 0.74f;
  pass(title, song.title, top, 1.5f * s,
       [&](int, int j) {  // candy: a light top with a hard edge of gloss, deep below
         const float y = std::clamp((float(top) - float(j)) / cap, 0.0f, 1.0f);
         const Vec body = mix(colours.bottom, colours.top, y);
         return y > 0.52f ? mix(body, white, 0.25f + 0.45f * (y - 0.52f) / 0.48f)
                          : mix(body, colours.top, 0.5f * (0.52f - y));
       });
  pass(artist, song.artist, second, 6 * s, [&](int, int) { return dark; });
  pass(artist, song.artist, second, 0.6f * s, [&](int, int) { return white; });
  pass(tune, song.tune, third, 4.5f * s, [&](int, int) { return dark; });
  pass(tune, song.tune, third, 0, [&](int, int) { return mix(colours.top, white, 0.72f); });
  return out;
}

}  // namespace popradio::demo
