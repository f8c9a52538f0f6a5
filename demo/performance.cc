#include "performance.h"

#include <sstream>
#include <stdexcept>

namespace popradio::demo {

Performance read_performance(std::istream& in) {
  Performance out;
  std::string line;
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::istringstream split(line);
    for (std::string cell; std::getline(split, cell, '\t');) cells.push_back(cell);
    const auto number = [&](std::size_t k) { return std::stod(cells.at(k)); };
    try {
      const std::string& kind = cells.at(0);
      if (kind == "song") {
        out.song = cells.at(1);
      } else if (kind == "title") {
        out.title = cells.at(1);
      } else if (kind == "artist") {
        out.artist = cells.at(1);
      } else if (kind == "tune") {
        out.tune = cells.at(1);
      } else if (kind == "tempo") {
        out.tempo = number(1);
      } else if (kind == "end") {
        out.end = number(1);
      } else if (kind == "voice") {
        out.voices.push_back({cells.at(1), cells.at(2), float(number(3)), float(number(4)),
                              float(number(5)), float(number(6)), float(number(7))});
      } else if (kind == "section") {
        out.sections.push_back(
            {cells.at(1), number(2), number(3), float(number(4)), float(number(5))});
      } else if (kind == "beat") {
        out.beats.push_back({number(1), cells.at(2) == "1"});
      } else if (kind == "note") {
        out.notes.push_back(
            {int(number(1)), number(2), number(3), int(number(4)), float(number(5))});
      } else {
        throw std::runtime_error("unknown kind");
      }
    } catch (const std::exception& error) {
      throw std::runtime_error("cannot read '" + line + "': " + error.what());
    }
  }
  return out;
}

}  // namespace popradio::demo
