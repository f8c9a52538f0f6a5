#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace popradio::media {

// Boost.JSON gives values without their places. This finds the places of what a catalogue file
// names by line: the elements of the arrays in the outermost object, and the elements of those
// elements' "songs" arrays. When a name comes twice the last one counts, as it does for the values.
struct ElementLines {
  int line = 0;
  std::vector<int> songs;  // of the entries of its "songs" array
};
using JsonLines = std::map<std::string, std::vector<ElementLines>, std::less<>>;

// `text` must be JSON that has been parsed without an error. Linear; one pass. Pure.
JsonLines FindElementLines(std::string_view text);

// "line 3, column 7" of a byte of the text.
std::string PlaceOf(std::string_view text, std::size_t offset);

}  // namespace popradio::media
