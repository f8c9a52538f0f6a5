#include "media/walk.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "media/media_types.h"

namespace popradio::media {
namespace {

// Deeper trees are somebody's mistake; paths would not fit the kernel's limit anyway.
constexpr std::size_t kMaxFolderDepth = 64;

bool Resolve(const std::string& path, std::string& out) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return false;
  out = resolved;
  ::free(resolved);
  return true;
}

}  // namespace

bool LiesIn(const std::string& path, const std::string& folder) {
  if (folder == "/") return path.starts_with('/');
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

Result<Walker> Walker::Open(const std::string& folder, const std::string& skip) {
  std::string root, skipped;
  if (!Resolve(folder, root)) {
    return Fail(ErrorCode::kInvalidParameter,
                "cannot read the folder " + folder + ": " + std::strerror(errno));
  }
  Walker walker(root);
  struct stat info = {};
  if (!skip.empty() && Resolve(skip, skipped) && skipped != root &&
      ::stat(skipped.c_str(), &info) == 0) {
    walker.entered_.emplace(info.st_dev, info.st_ino);
  }
  if (const int error = walker.Enter(root, ""); error != 0) {
    return Fail(ErrorCode::kInvalidParameter,
                "cannot read the folder " + folder + ": " + std::strerror(error));
  }
  return walker;
}

int Walker::Enter(const std::string& path, const std::string& relative) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0) return errno;
  if (!S_ISDIR(info.st_mode)) return ENOTDIR;
  if (levels_.size() >= kMaxFolderDepth) return ELOOP;
  if (!entered_.emplace(info.st_dev, info.st_ino).second) return 0;
  DIR* handle = ::opendir(path.c_str());
  if (handle == nullptr) return errno;
  Level level{path, relative, {}};
  while (const dirent* entry = ::readdir(handle)) {
    if (entry->d_name[0] == '.') continue;
    const bool maybe_folder =
        entry->d_type == DT_DIR || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
    if (maybe_folder || IsMediaFile(entry->d_name)) level.names.emplace_back(entry->d_name);
  }
  ::closedir(handle);
  std::sort(level.names.begin(), level.names.end(), std::greater<>());
  levels_.push_back(std::move(level));
  return 0;
}

bool Walker::Next(WalkedFile& out) {
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.names.empty()) {
      levels_.pop_back();
      continue;
    }
    const std::string name = std::move(level.names.back());
    level.names.pop_back();
    std::string path = level.path + (level.path.back() == '/' ? "" : "/") + name;
    const std::string relative = level.relative + name;

    struct stat info = {};
    if (::lstat(path.c_str(), &info) != 0) continue;
    if (S_ISLNK(info.st_mode)) {
      std::string target;
      if (!Resolve(path, target) || ::stat(target.c_str(), &info) != 0) continue;  // leads nowhere
      const bool inside = LiesIn(target, root_) || target == root_;
      if (inside) continue;  // met by itself
      if (S_ISREG(info.st_mode) && IsMediaFile(target)) {
        outside_.emplace_back(FolderOf(target));
      } else if (S_ISDIR(info.st_mode)) {
        outside_.push_back(target);
      }
      path = std::move(target);
    }
    if (S_ISDIR(info.st_mode)) {
      if (const int error = Enter(path, relative + "/"); error != 0)
        unreadable_.emplace_back(path, std::strerror(error));
    } else if (S_ISREG(info.st_mode) && IsMediaFile(path)) {
      out = {std::move(path), relative, {static_cast<std::int64_t>(info.st_size), MtimeMs(info)}};
      return true;
    }
  }
  return false;
}

}  // namespace popradio::media
