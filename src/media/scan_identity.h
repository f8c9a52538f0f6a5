#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/catalogue.h"
#include "media/scan_index.h"

namespace popradio::media {

// Which song a file is: the station's songs by path and by fingerprint, which of them have been met
// in this scan, and the fingerprints that are new in it. The catalogue and the index must outlive
// it.
class ScanIdentity {
 public:
  using Index = Catalogue::Index;

  ScanIdentity(const Catalogue& catalogue, const ScanIndex& index);

  // The song whose file was at this path at the last scan.
  std::optional<Index> ByPath(const std::string& path) const;
  std::optional<Index> ByFingerprint(std::string_view fingerprint) const;

  // Where the song's original is, as far as is known; empty for songs without a file.
  std::string SourceOf(Index song) const;
  // Whether what plays is a converted copy rather than the original.
  bool IsConverted(Index song) const;
  // Whether its original and what plays are there, as they were at the last scan.
  bool IsInPlace(Index song) const;

  bool Met(Index song) const { return met_[song]; }
  void SetMet(Index song, bool met) { met_[song] = met; }

  // Claims a new fingerprint for the file `relative`, or names the file that has it already.
  std::optional<std::string> Claim(std::string_view fingerprint, const std::string& relative);

 private:
  using Key = std::array<std::uint64_t, 2>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return key[0]; }
  };

  const Catalogue& catalogue_;
  const ScanIndex& index_;
  std::unordered_map<std::string_view, Index> by_path_, by_fingerprint_;
  std::vector<bool> met_;
  // Names of files end to end: 100,000 of them are a few megabytes.
  std::string names_;
  std::unordered_map<Key, std::size_t, KeyHash> claimed_;  // where the name begins
};

}  // namespace popradio::media
