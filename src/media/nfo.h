#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace popradio::media {

inline constexpr std::size_t kMaxNfoBytes = 256 * 1024;

// What a Kodi NFO file (musicvideo, movie) beside a medium tells. Empty where it says nothing.
struct Nfo {
  std::string title;
  std::string artist;  // several are joined by ", "
  std::string album;
  std::vector<std::string> genre;
  std::optional<int> year;  // year, else premiered, releasedate or aired
  std::string thumb;        // an http(s) address or a file's name
};

// Tolerant: unknown elements, text after the XML (Kodi writes addresses there) and a broken end are
// forgiven. No entities but XML's own five are expanded, nothing is fetched. Fails with a sentence
// for what is no XML with a musicvideo or movie in it (plain text NFOs abound), and over
// kMaxNfoBytes. Pure.
Result<Nfo> ParseNfo(std::string_view bytes);

}  // namespace popradio::media
