#include "store/station_side.h"

#include <charconv>

namespace popradio::store {

const char* Name(Part part) {
  switch (part) {
    case Part::kStation:
      return "settings of the station";
    case Part::kSongs:
      return "songs";
    case Part::kPlaylists:
      return "playlists";
    case Part::kLikes:
      return "likes";
    case Part::kPlays:
      return "plays and views";
    case Part::kComments:
      return "comments";
    case Part::kForgotten:
      return "forgotten comments";
    case Part::kSessions:
      return "sessions";
    case Part::kDays:
      return "days of statistics";
    case Part::kSlots:
      return "slots of the timeline";
  }
  return "";
}

std::string CarryMark::ToText() const {
  return source + "\n" + std::to_string(part) + "\n" + cursor;
}

std::optional<CarryMark> CarryMark::FromText(std::string_view text) {
  const std::size_t first = text.find('\n');
  const std::size_t second = first == text.npos ? text.npos : text.find('\n', first + 1);
  if (second == text.npos) return std::nullopt;
  CarryMark mark;
  mark.source = text.substr(0, first);
  const std::string_view part = text.substr(first + 1, second - first - 1);
  const auto parsed = std::from_chars(part.data(), part.data() + part.size(), mark.part);
  if (parsed.ec != std::errc() || mark.part < -1 || mark.part > kParts) return std::nullopt;
  mark.cursor = text.substr(second + 1);
  return mark;
}

std::int64_t StationTally::Likes() const {
  std::int64_t likes = 0;
  for (const auto& [target, one] : numbers) likes += one.likes;
  return likes;
}

std::int64_t StationTally::Plays() const {
  std::int64_t plays = 0;
  for (const auto& [target, one] : numbers) plays += one.plays;
  return plays;
}

}  // namespace popradio::store
