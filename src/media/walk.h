#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "media/files.h"

namespace popradio::media {

struct WalkedFile {
  std::string path;      // absolute, links resolved
  std::string relative;  // below the folder, as it was met: what names are guessed from
  FileStamp stamp;
};

// Finds the media files of a folder one by one, each folder's in the order of their names. Hidden
// files and folders (".x") are left out, and so is the folder `skip`. Links to folders are
// followed, each folder once, so that loops end; links to files inside the folder are left out,
// because the files are met by themselves. Holds the names of the folders that lead to the present
// one, and no more.
class Walker {
 public:
  // Fails with a sentence when the folder cannot be read.
  static Result<Walker> Open(const std::string& folder, const std::string& skip);
  // False at the end.
  bool Next(WalkedFile& out);

  const std::string& root() const { return root_; }  // absolute, links resolved
  // Folders outside the root that links led to; their files are served from there.
  const std::vector<std::string>& outside() const { return outside_; }
  // Folders that could not be read, with the reason: nothing is known about what is in them.
  const std::vector<std::pair<std::string, std::string>>& unreadable() const { return unreadable_; }

 private:
  struct Level {
    std::string path;
    std::string relative;            // with a "/" at the end, or empty
    std::vector<std::string> names;  // still to come, the next one last
  };
  explicit Walker(std::string root) : root_(std::move(root)) {}
  // errno of the failure, or 0.
  int Enter(const std::string& path, const std::string& relative);

  std::string root_;
  std::vector<Level> levels_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> entered_;  // device and inode
  std::vector<std::string> outside_;
  std::vector<std::pair<std::string, std::string>> unreadable_;
};

// Whether `path` lies in `folder`; both absolute and resolved.
bool LiesIn(const std::string& path, const std::string& folder);

}  // namespace popradio::media
