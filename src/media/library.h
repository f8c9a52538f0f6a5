#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/song.h"
#include "media/media_types.h"

namespace popradio::media {

// A media file that is open for reading. Owns its descriptor. Descriptors belong to the thread that
// opened them when I/O threads keep tables of their own: open and read on one thread.
class OpenFile {
 public:
  OpenFile(int fd, std::int64_t size, std::int64_t mtime_ms, std::string_view content_type)
      : fd_(fd), size_(size), mtime_ms_(mtime_ms), content_type_(content_type) {}
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&& other) noexcept;
  ~OpenFile();

  int fd() const { return fd_; }
  int Release();                                       // the caller closes it
  std::int64_t size() const { return size_; }          // bytes
  std::int64_t mtime_ms() const { return mtime_ms_; }  // since 1970, for validators such as ETag
  std::string_view content_type() const { return content_type_; }

 private:
  int fd_;
  std::int64_t size_;
  std::int64_t mtime_ms_;
  std::string_view content_type_;  // points into the program
};

// Opens the song's own file of that kind. Only regular files of a known type beneath one of the
// roots are opened, and no symbolic link on the way is followed (openat2 with RESOLVE_BENEATH, or
// component by component where the kernel lacks it): a file that is swapped for a link cannot lead
// elsewhere. kNotFound when there is none, it is gone or lies outside; kUnavailable when
// descriptors run out. Does not block beyond the file system. Any thread.
Result<OpenFile> OpenMedia(const Song& song, MediaKind kind,
                           std::span<const std::string> library_roots);
// The same for any recorded path, such as a playlist's cover.
Result<OpenFile> OpenBeneath(const std::string& path, std::span<const std::string> library_roots);

// The folders media may be served from: the data folder itself and the lines of `<data>/libraries`.
// Absolute, links resolved, no duplicates; folders that are not there at present stay listed.
std::vector<std::string> LoadLibraryRoots(const std::string& data_dir);
// Adds a folder unless it is listed or lies beneath a listed one. Written whole and synced, then
// renamed into place: a crash leaves the old list or the new one.
Result<void> AddLibraryRoot(const std::string& data_dir, const std::string& folder);

}  // namespace popradio::media
