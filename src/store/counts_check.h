#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace popradio::store {

// Differences that are told one by one; further ones are only counted, and put right like these.
inline constexpr std::size_t kToldDifferences = 200;

// One thing that two places say differently.
struct CountsDifference {
  std::string sentence;  // of what, what each place says, and what was done; no session is named
  bool repaired = false;
};

// What comparing the counts with who likes what has brought.
struct CountsReport {
  std::int64_t targets = 0;  // songs and playlists that were looked at
  std::int64_t likes = 0;
  std::int64_t found = 0, repaired = 0;
  std::vector<CountsDifference> differences;

  void Add(std::string sentence, bool is_repaired) {
    ++found;
    if (is_repaired) ++repaired;
    if (differences.size() < kToldDifferences) {
      differences.push_back({std::move(sentence), is_repaired});
    }
  }
};

}  // namespace popradio::store
