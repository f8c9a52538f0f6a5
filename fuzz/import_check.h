#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "domain/validate.h"
#include "media/import.h"

// What every reader of an import's file promises, whatever bytes it is given.
namespace popradio::fuzz {

inline void Check(bool promise) {
  if (!promise) std::abort();
}

// Reads `size` bytes with `parse` (text -> Result of records): it answers, every line that it names
// is in the file, and planning an import of it keeps the rules of the station's records. Returns
// what libFuzzer wants, 0.
template <typename Parse>
int CheckImport(const std::uint8_t* data, std::size_t size, const Parse& parse) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto parsed = parse(bytes);
  if (!parsed) {
    Check(!parsed.error().message.empty());
    return 0;
  }
  // A line ends with LF, CR or both, in one byte or two.
  const auto lines =
      1 + std::count_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
  SeededRandom random(1);
  const media::ImportPlan plan =
      media::PlanImport(Catalogue(), *parsed, FromEpochMs(1'770'000'000'000), random);
  for (const media::Refusal& refusal : plan.report.refused) {
    Check(refusal.line >= 1 && refusal.line <= lines && !refusal.reason.empty());
  }
  for (Song song : plan.change.songs) {
    const Song before = song;
    Check(ValidateSong(song).has_value() && song == before);
  }
  for (Playlist playlist : plan.change.playlists) {
    const Playlist before = playlist;
    Check(ValidatePlaylist(playlist).has_value() && playlist == before);
  }
  return 0;
}

}  // namespace popradio::fuzz
