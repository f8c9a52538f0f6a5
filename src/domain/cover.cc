#include "domain/cover.h"

#include <fmt/format.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "domain/flavour.h"

namespace popradio {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kCentre = kCoverSize / 2.0;
constexpr double kLift = 18;  // the candy floats a little above the middle
constexpr int kOutlinePoints = 72;

struct Point {
  double x = 0;
  double y = 0;
};

// What a candy of one flavour is made of, from the lit edge to where the plastic is thick.
struct Candy {
  std::string_view light, body, deep, dark, ink;
};
// The sky behind it, above and below, and the colour of the bubbles in it.
struct Ground {
  std::string_view top, bottom, bubble;
  bool night = false;
};

constexpr Candy kCandies[kFlavours] = {
    {"#ffe3f0", "#ff8cc4", "#e8127d", "#8f0050", "#5e0036"},  // bubblegum
    {"#dcf6ff", "#5fc8f5", "#1787d6", "#0a3f94", "#06295e"},  // raspberry, the blue one
    {"#f4ffd6", "#b8ee52", "#6fb51f", "#2f6d0f", "#1b4306"},  // lime
    {"#fff0d8", "#ffb054", "#f2731a", "#9c3304", "#5c1c00"},  // tangerine
    {"#f1e8ff", "#b795ff", "#7a4be0", "#3b1690", "#290c69"},  // grape
    {"#ffffff", "#e9eef8", "#b4c0dc", "#5a688f", "#333f66"},  // pearl
};
constexpr Ground kGrounds[kFlavours][3] = {
    {{"#a8e6ff", "#fff3f9", "#ffffff"},
     {"#c9f7dd", "#fff7d9", "#ff9ccb"},
     {"#ffb3d7", "#fff0f6", "#ffe27d"}},
    {{"#ffc4de", "#fff4fa", "#8adcf7"},
     {"#8fdcf5", "#eafaff", "#ffffff"},
     {"#0e1f52", "#3f74c8", "#9cf1ff", true}},
    {{"#6fc3f2", "#e6f9ff", "#ecffc4"},
     {"#ffe27d", "#fffbe6", "#c3ef6f"},
     {"#124e8c", "#3fa3dc", "#c2ff5e", true}},
    {{"#8fdcff", "#fff6e6", "#ffe6c7"},
     {"#ffd48a", "#fff6dc", "#ff9ccb"},
     {"#ff8fb8", "#ffe9c8", "#ffffff"}},
    {{"#ffe38f", "#fff8e6", "#cbb4ff"},
     {"#bdf2e0", "#f4fff9", "#ffffff"},
     {"#1b1548", "#6b56c2", "#dcd0ff", true}},
    {{"#ff9ccb", "#ffe9f3", "#ffffff"},
     {"#0c1a44", "#2b4fa8", "#dce6ff", true},
     {"#9fe0ff", "#f2fbff", "#ffc4e2"}},
};

enum class Shape { kHeart, kFlower, kStar, kBlob, kPlanet, kClover, kDrop, kKey };
constexpr std::uint64_t kShapes = 8;

// A closed outline as the shape's own curve, around the origin, y downwards.
Point OutlineAt(Shape shape, double angle, double turn) {
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const auto polar = [&](double radius) { return Point{radius * c, radius * s}; };
  switch (shape) {
    case Shape::kHeart: {
      // The familiar curve x = 16 sin³t, y = 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t, a little
      // fuller.
      const double x = 16.4 * s * s * s;
      const double y =
          13 * c - 4.6 * std::cos(2 * angle) - 2 * std::cos(3 * angle) - 0.7 * std::cos(4 * angle);
      return {x * 12.6, -y * 12.6 - 18};
    }
    case Shape::kFlower:
      return polar(168 + 34 * std::cos(5 * (angle + kPi / 2)));
    case Shape::kStar: {
      const double wave = std::cos(5 * (angle + kPi / 2));
      return polar(166 + 46 * wave + 10 * wave * wave);
    }
    case Shape::kBlob:
      return polar(178 + 17 * std::cos(2 * angle + turn) + 15 * std::cos(3 * angle - 2 * turn) +
                   6 * std::cos(5 * angle + turn));
    case Shape::kPlanet:
      return polar(176);
    case Shape::kClover:
      return polar(166 + 40 * std::cos(4 * (angle + kPi / 4)));
    case Shape::kDrop: {
      const double t = angle + kPi / 2;  // 0 is the tip
      return {214 * std::sin(t) * std::pow(std::abs(std::sin(t / 2)), 1.1),
              -(206 * std::cos(t) - 8)};
    }
    case Shape::kKey: {
      // A squircle, |x|⁴ + |y|⁴ = r⁴: the key of a phone.
      const double radius = 172 / std::pow(std::pow(c, 4) + std::pow(s, 4), 0.25);
      return polar(radius);
    }
  }
  return {};
}

// A smooth curve through the outline's points: quadratic pieces that meet in the middles.
std::string OutlinePath(Shape shape, double turn, double tilt) {
  std::vector<Point> points;
  for (int i = 0; i < kOutlinePoints; ++i) {
    const Point p = OutlineAt(shape, 2 * kPi * i / kOutlinePoints, turn);
    points.push_back({kCentre + p.x * std::cos(tilt) - p.y * std::sin(tilt),
                      kCentre - kLift + p.x * std::sin(tilt) + p.y * std::cos(tilt)});
  }
  const auto middle = [&](std::size_t i) {
    const Point& a = points[i % points.size()];
    const Point& b = points[(i + 1) % points.size()];
    return Point{(a.x + b.x) / 2, (a.y + b.y) / 2};
  };
  const Point start = middle(points.size() - 1);
  std::string path = fmt::format("M{:.1f} {:.1f}", start.x, start.y);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point to = middle(i);
    path += fmt::format("Q{:.1f} {:.1f} {:.1f} {:.1f}", points[i].x, points[i].y, to.x, to.y);
  }
  return path + "Z";
}

std::string Glint(double x, double y, double radius, double opacity) {
  const double w = radius * 0.07;
  return fmt::format(
      "<circle cx='{0:.0f}' cy='{1:.0f}' r='{2:.0f}' fill='url(#halo)' opacity='{3:.2f}'/>"
      "<path d='M{0:.1f} {4:.1f}L{5:.1f} {6:.1f} {7:.1f} {1:.1f} {5:.1f} {8:.1f} {0:.1f} {9:.1f} "
      "{10:.1f} {8:.1f} {11:.1f} "
      "{1:.1f} {10:.1f} {6:.1f}Z' fill='#fff' opacity='{3:.2f}'/>",
      x, y, radius * 0.62, opacity, y - radius, x + w, y - w, x + radius, y + w, y + radius, x - w,
      x - radius);
}

std::string Bubble(double x, double y, double radius, std::string_view colour) {
  return fmt::format(
      "<g><circle cx='{0:.0f}' cy='{1:.0f}' r='{2:.0f}' fill='{3}' fill-opacity='.55'/>"
      "<circle cx='{0:.0f}' cy='{1:.0f}' r='{2:.0f}' fill='url(#ball)'/>"
      "<ellipse cx='{4:.1f}' cy='{5:.1f}' rx='{6:.1f}' ry='{7:.1f}' fill='#fff' opacity='.9' "
      "transform='rotate(-28 {4:.1f} {5:.1f})'/></g>",
      x, y, radius, colour, x - radius * 0.32, y - radius * 0.46, radius * 0.34, radius * 0.2);
}

// A heart, a note or a star on the sky's own grid of large pixels, as on the station's LCD.
std::string Pixels(double x, double y, double dot, std::uint64_t which, std::string_view colour) {
  static constexpr std::array<std::array<std::string_view, 7>, 3> kSprites = {{
      {".##.##.", "#######", "#######", ".#####.", "..###..", "...#...", "......."},
      {"..####.", "..#..#.", "..#..#.", "..#..#.", ".##.##.", "###.##.", ".#....."},
      {"...#...", "...#...", ".#.#.#.", "..###..", "#######", "..###..", ".#.#.#."},
  }};
  std::string path;
  const auto& sprite = kSprites[which % kSprites.size()];
  for (std::size_t row = 0; row < sprite.size(); ++row) {
    for (std::size_t column = 0; column < sprite[row].size(); ++column) {
      if (sprite[row][column] == '#') {
        path += fmt::format("M{:.0f} {:.0f}h{:.0f}v{:.0f}h-{:.0f}z",
                            x + dot * static_cast<double>(column),
                            y + dot * static_cast<double>(row), dot, dot, dot);
      }
    }
  }
  return fmt::format("<path d='{}' fill='{}' opacity='.75' shape-rendering='crispEdges'/>", path,
                     colour);
}

// Half of the ring around a planet; the front half is drawn over the candy.
std::string Ring(bool front) {
  const double cy = kCentre - kLift + 26;  // below the initials
  const auto arc = [&](double rx, double ry) {
    return fmt::format("M{:.0f} {:.0f}A{:.0f} {:.0f} 0 0 {} {:.0f} {:.0f}", kCentre - rx, cy, rx,
                       ry, front ? 0 : 1, kCentre + rx, cy);
  };
  return fmt::format(
      "<g transform='rotate(-20 {0:.0f} {1:.0f})' fill='none' stroke-linecap='round'><path d='{2}' "
      "stroke='#2b0a22' "
      "stroke-opacity='.16' stroke-width='30' transform='translate(0 9)'/><path d='{2}' "
      "stroke='url(#chrome)' "
      "stroke-width='26'/><path d='{2}' stroke='url(#foil)' stroke-opacity='.75' "
      "stroke-width='15'/><path d='{2}' stroke='#fff' stroke-opacity='.9' stroke-width='3' "
      "transform='translate(0 -6)'/></g>",
      kCentre, cy, arc(266, 74));
}

void AppendEscaped(std::string_view text, std::string* out) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t i = 0; i < size;) {
    const std::int64_t begin = i;
    UChar32 character = 0;
    U8_NEXT(bytes, i, size, character);
    switch (character) {
      case '<':
        *out += "&lt;";
        break;
      case '>':
        *out += "&gt;";
        break;
      case '&':
        *out += "&amp;";
        break;
      case '"':
        *out += "&quot;";
        break;
      case '\'':
        *out += "&#39;";
        break;
      default:
        // XML has no place for control characters, surrogates and the two last code points of a
        // plane.
        if (character < 0x20 || character == 0x7F || (character & 0xFFFE) == 0xFFFE) {
          *out += ' ';
        } else {
          out->append(
              text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin)));
        }
    }
  }
}

std::string Escaped(std::string_view text) {
  std::string out;
  AppendEscaped(text, &out);
  return out;
}

// How large initials may be on a shape, in user units, and how far below its middle.
struct InitialsFit {
  int single, pair, drop;
};
InitialsFit FitOf(Shape shape) {
  switch (shape) {
    case Shape::kHeart:
      return {180, 138, -22};
    case Shape::kFlower:
      return {170, 128, 4};
    case Shape::kStar:
      return {160, 114, 8};
    case Shape::kBlob:
      return {190, 146, 4};
    case Shape::kPlanet:
      return {140, 112, -48};
    case Shape::kClover:
      return {170, 124, 2};
    case Shape::kDrop:
      return {170, 116, 52};
    case Shape::kKey:
      return {200, 150, 2};
  }
  return {150, 110, 0};
}

}  // namespace

std::string CoverSvg(std::string_view title, std::string_view artist, const ObjectId& id) {
  const auto flavour = static_cast<std::size_t>(FlavourOf(id));
  const Candy& candy = kCandies[flavour];
  const Ground& ground = kGrounds[flavour][DrawFromId(id, 1) % std::size(kGrounds[flavour])];
  const auto shape = static_cast<Shape>(DrawFromId(id, 2) % kShapes);
  SeededRandom random(DrawFromId(id, 3));
  const double turn = random.Unit() * 2 * kPi;
  const double tilt =
      (random.Unit() - 0.5) *
      (shape == Shape::kKey || shape == Shape::kFlower || shape == Shape::kClover ? 0.5 : 0.3);
  const double cy = kCentre - kLift;

  std::string svg = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0} {0}' width='{0}' height='{0}' "
      "role='img' aria-labelledby='t'><title id='t'>{1}{2}{3}</title>",
      kCoverSize, Escaped(title), title.empty() || artist.empty() ? "" : ", ", Escaped(artist));
  svg += fmt::format(
      "<defs>"
      "<linearGradient id='sky' x2='0' y2='1'><stop stop-color='{0}'/><stop offset='1' "
      "stop-color='{1}'/></linearGradient>"
      "<radialGradient id='lamp' cx='.28' cy='.08' r='.75'><stop stop-color='#fff' "
      "stop-opacity='{2}'/><stop offset='1' stop-color='#fff' stop-opacity='0'/></radialGradient>"
      "<radialGradient id='halo'><stop stop-color='#fff' stop-opacity='.9'/><stop offset='.35' "
      "stop-color='#fff' stop-opacity='.25'/><stop offset='1' stop-color='#fff' "
      "stop-opacity='0'/></radialGradient>"
      "<radialGradient id='ball' cx='.5' cy='.3' r='.75'><stop stop-color='#fff' "
      "stop-opacity='.65'/><stop offset='.55' stop-color='#fff' stop-opacity='0'/><stop "
      "offset='.86' stop-color='{6}' stop-opacity='.28'/><stop offset='1' stop-color='#fff' "
      "stop-opacity='.75'/></radialGradient>"
      "<linearGradient id='body' x1='.35' y1='0' x2='.6' y2='1'><stop stop-color='{5}'/><stop "
      "offset='.42' stop-color='{4}'/><stop offset='.8' stop-color='{4}'/><stop offset='1' "
      "stop-color='{3}'/></linearGradient>"
      "<radialGradient id='glow' cx='.5' cy='.92' r='.62'><stop stop-color='{3}'/><stop "
      "offset='.5' stop-color='{3}' stop-opacity='.45'/><stop offset='1' stop-color='{3}' "
      "stop-opacity='0'/></radialGradient>"
      "<linearGradient id='gloss' x2='0' y2='1'><stop stop-color='#fff' stop-opacity='.95'/><stop "
      "offset='.55' stop-color='#fff' stop-opacity='.32'/><stop offset='1' stop-color='#fff' "
      "stop-opacity='.06'/></linearGradient>"
      "<linearGradient id='glare' x1='.12' y1='0' x2='.62' y2='.72'><stop offset='.06' "
      "stop-color='#fff'/><stop offset='.34' stop-color='#fff' stop-opacity='.55'/><stop "
      "offset='.5' stop-color='#fff' stop-opacity='0'/><stop offset='.92' stop-color='#fff' "
      "stop-opacity='0'/><stop offset='1' stop-color='#fff' stop-opacity='.5'/></linearGradient>"
      "<filter id='fine'><feGaussianBlur stdDeviation='3.5'/></filter>"
      "<linearGradient id='foil' x2='1' y2='.25'><stop stop-color='#ffc4e2'/><stop offset='.22' "
      "stop-color='#ffe9b8'/><stop offset='.42' stop-color='#cdfbe0'/><stop offset='.6' "
      "stop-color='#bfeaff'/><stop offset='.78' stop-color='#dcd0ff'/><stop offset='1' "
      "stop-color='#ffc4e2'/></linearGradient>"
      "<linearGradient id='chrome' x2='1'><stop stop-color='#74829c'/><stop offset='.2' "
      "stop-color='#fff'/><stop offset='.45' stop-color='#b3bfd1'/><stop offset='.62' "
      "stop-color='#f6f8fc'/><stop offset='.85' stop-color='#8d9ab5'/><stop offset='1' "
      "stop-color='#eef2f8'/></linearGradient>"
      "<pattern id='lines' width='8' height='8' patternUnits='userSpaceOnUse'><path d='M0 "
      "0h8v4H0z' fill='#fff' fill-opacity='{7}'/></pattern>"
      "<filter id='soft' x='-30%' y='-30%' width='160%' height='160%'><feGaussianBlur "
      "stdDeviation='16'/></filter>"
      "<filter id='edge' x='-10%' y='-10%' width='120%' height='120%'><feGaussianBlur "
      "stdDeviation='9'/></filter>"
      "<path id='s' d='{8}'/><clipPath id='in'><use href='#s'/></clipPath></defs>",
      ground.top, ground.bottom, ground.night ? ".3" : ".85", candy.light, candy.body, candy.deep,
      candy.dark, ground.night ? ".035" : ".16", OutlinePath(shape, turn, tilt));

  svg += fmt::format(
      "<rect width='{0}' height='{0}' fill='url(#sky)'/><rect width='{0}' height='{0}' "
      "fill='url(#lines)'/>",
      kCoverSize);
  // Banks of cloud by day, hills of light by night, along the lower edge.
  for (int bank = 0; bank < 2; ++bank) {
    std::string clouds =
        fmt::format("<g fill='{}' opacity='{}'>", bank == 0 ? ground.bubble : "#fff",
                    ground.night ? (bank == 0 ? ".22" : ".12") : (bank == 0 ? ".5" : ".8"));
    for (double x = -40 + random.Unit() * 60; x < kCoverSize + 60; x += 58 + random.Unit() * 44) {
      const double radius = 44 + random.Unit() * 40;
      clouds += fmt::format("<circle cx='{:.0f}' cy='{:.0f}' r='{:.0f}'/>", x,
                            590 + bank * 34 - random.Unit() * 16, radius);
    }
    svg += clouds + "</g>";
  }
  svg += fmt::format("<rect width='{0}' height='{0}' fill='url(#lamp)'/>", kCoverSize);
  svg += Pixels(54 + random.Unit() * 30, 410 + random.Unit() * 50, 8, random.Next(),
                ground.night ? ground.bubble : "#fff");
  svg += Pixels(492 + random.Unit() * 24, 60 + random.Unit() * 40, 6, random.Next(),
                ground.night ? ground.bubble : "#fff");
  svg += Bubble(74 + random.Unit() * 24, 92 + random.Unit() * 60, 20 + random.Unit() * 16,
                ground.bubble);
  svg += Bubble(514 + random.Unit() * 24, 436 + random.Unit() * 50, 24 + random.Unit() * 14,
                candy.body);

  svg += fmt::format(
      "<ellipse cx='{:.0f}' cy='546' rx='150' ry='22' fill='{}' opacity='.38' "
      "filter='url(#soft)'/>",
      kCentre, candy.dark);
  if (shape == Shape::kPlanet) svg += Ring(false);
  svg += fmt::format(
      "<use href='#s' fill='{0}' opacity='.45' filter='url(#soft)' transform='translate(0 22)'/>"
      "<g clip-path='url(#in)'><use href='#s' fill='url(#body)'/><use href='#s' fill='url(#glow)'/>"
      "<use href='#s' fill='none' stroke='{0}' stroke-opacity='.7' stroke-width='26' "
      "filter='url(#edge)'/>"
      "<use href='#s' fill='none' stroke='{1}' stroke-opacity='.9' stroke-width='12' "
      "filter='url(#edge)' transform='translate(0 -6)'/>"
      // One lamp, above and slightly left: a window of light that follows the upper edge.
      "<g transform='translate({2:.0f} {3:.0f}) scale(.84 .8) translate(-{2:.0f} -{3:.0f})'><g "
      "clip-path='url(#in)'>"
      "<path d='M0 0H600V{4:.0f}C470 {5:.0f} 150 {6:.0f} 0 {4:.0f}Z' fill='url(#gloss)'/></g></g>"
      // And the glare where the moulding bends towards it.
      "<g transform='translate({2:.0f} {7:.0f}) scale(.82) translate(-{2:.0f} -{7:.0f})'><use "
      "href='#s' fill='none' stroke='url(#glare)' "
      "stroke-width='20' stroke-linejoin='round' filter='url(#fine)'/></g></g>"
      "<use href='#s' fill='none' stroke='url(#foil)' stroke-width='5' stroke-opacity='.9'/>"
      "<use href='#s' fill='none' stroke='#fff' stroke-width='1.5' stroke-opacity='.9'/>",
      candy.dark, candy.light, kCentre, cy - 26, cy - 20, cy + 34, cy - 60, cy - 4);

  const std::string initials = CoverInitials(title);
  if (initials.empty()) {
    constexpr double kDot = 20;
    svg += Pixels(kCentre - 3.5 * kDot, cy - 3 * kDot + FitOf(shape).drop, kDot, DrawFromId(id, 4),
                  candy.ink);
  } else {
    const InitialsFit fit = FitOf(shape);
    const icu::UnicodeString letters = icu::UnicodeString::fromUTF8(initials);
    const bool is_single = letters.countChar32() == 1;
    const int size = is_single ? fit.single : fit.pair;
    // Two M or W are as wide as three other letters; this keeps them on the candy in whichever font
    // there is.
    const bool is_broad = !is_single && initials.find_first_of("MW") != std::string::npos;
    // Pressed into the candy: light on its lower edge, ink in it.
    const std::string text = fmt::format(
        "<text x='{:.0f}' y='{:.0f}' text-anchor='middle' font-family='\"M PLUS Rounded "
        "1c\",\"Hiragino Maru Gothic ProN\",\"Arial Rounded MT Bold\",Nunito,\"Varela "
        "Round\",system-ui,sans-serif' "
        "font-weight='800' font-size='{}' letter-spacing='-3'",
        kCentre - 1.5, cy + fit.drop + size * 0.36, is_broad ? size * 4 / 5 : size);
    svg += text + fmt::format(" fill='{}' fill-opacity='.9' transform='translate(0 4)'>{}</text>",
                              candy.light, Escaped(initials));
    svg += text + fmt::format(" fill='{}'>{}</text>", candy.ink, Escaped(initials));
  }
  if (shape == Shape::kPlanet) svg += Ring(true);
  svg += Glint(176 + random.Unit() * 24, 148 + random.Unit() * 20, 66, 1);
  svg += Glint(424 + random.Unit() * 40, 392 + random.Unit() * 30, 30, 0.9);
  svg += Glint(450 + random.Unit() * 60, 190 + random.Unit() * 60, 18, 0.8);
  return svg + "</svg>";
}

}  // namespace popradio
