#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"

namespace popradio {

constexpr int kCoverSize = 600;  // user units, square

// The cover of a song or playlist that has no picture of its own: one glossy candy in the flavour
// of its id (flavour.h) above a soft ground, with the initials of its title.
//
// An SVG document of 6 to 10 kB, the same for the same arguments on every node, so it may be cached
// by its address. No script, no link, nothing fetched; `title` and `artist` (UTF-8, may be empty)
// are escaped and serve as its accessible name. Serve it as image/svg+xml.
std::string CoverSvg(std::string_view title, std::string_view artist, const ObjectId& id);

// One or two characters for the candy: the first letters of the first two words that count,
// "Heart-Shaped Satellite" gives "HS", "The Sign" "S", "99 Luftballons" "99", "ありがとう" "あ".
// Empty if there is no letter.
std::string CoverInitials(std::string_view title);

}  // namespace popradio
