#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace popradio::media {

// A whole file. The failure is a sentence that names it: missing, a folder, not readable, over the
// limit.
Result<std::string> ReadWholeFile(const std::string& path, std::size_t max_bytes);
// Replaces a file as one step: written beside it, synced, renamed.
Result<void> WriteWholeFile(const std::string& path, std::string_view bytes);
// Makes the folder and what is missing above it.
Result<void> MakeFolder(const std::string& path);

inline std::int64_t MtimeMs(const struct stat& info) {
  return static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1000 + info.st_mtim.tv_nsec / 1'000'000;
}
// Size and modification time of a regular file; links are followed.
struct FileStamp {
  std::int64_t bytes = 0;
  std::int64_t mtime_ms = 0;
  bool operator==(const FileStamp&) const = default;
};
// False when there is no regular file.
bool StampOf(const std::string& path, FileStamp& out);

}  // namespace popradio::media
