#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/ids.h"
#include "base/result.h"
#include "media/files.h"

namespace popradio::media {

// What scan remembers about files that a song's record does not say, so that a second scan need not
// look into them again.
struct IndexEntry {
  enum class Kind : char {
    kShort = 's',      // detail: its length in seconds
    kBroken = 'b',     // detail: the reason
    kDuplicate = 'd',  // of whichever song has this fingerprint
    kConverted = 'c',  // detail: the song's id; what plays is in <data>/media
    kVanished =
        'v',  // detail: the id of the song that scan took off the air because this file was gone
  };
  Kind kind = Kind::kBroken;
  FileStamp stamp;
  std::string fingerprint;
  std::string detail;
};

// <data>/scan-index: a line for each such file. It may be deleted at any time; the next scan then
// looks at those files again. In memory an entry costs about 150 bytes; paths are kept as a hash.
class ScanIndex {
 public:
  // An index that is missing or cannot be read is an empty one.
  explicit ScanIndex(const std::string& data_dir);
  ~ScanIndex();

  const IndexEntry* Find(const std::string& path) const;
  // The original that a converted song's playable file was made from.
  const std::string* SourceOf(const ObjectId& song) const;
  // The path under which a song vanished.
  const std::string* VanishedPath(const ObjectId& song) const;

  // The next index: what is added, and the entries outside of `folder` (resolved) as they were, but
  // for songs that returned. Nothing of it counts until Commit, which replaces the file as one
  // step.
  Result<void> Begin();
  void Add(const std::string& path, const IndexEntry& entry);
  void Returned(const ObjectId& song) { vanished_.erase(song); }
  Result<void> Commit(const std::string& folder);

 private:
  std::string file_;
  std::unordered_map<std::uint64_t, IndexEntry> entries_;
  std::unordered_map<ObjectId, std::string> sources_, vanished_;
  std::FILE* next_ = nullptr;
};

}  // namespace popradio::media
