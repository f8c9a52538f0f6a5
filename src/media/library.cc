#include "media/library.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "media/files.h"

namespace popradio::media {
namespace {

constexpr std::size_t kMaxLibraryListBytes = 1 << 20;

bool IsBeneath(std::string_view path, std::string_view root) {
  if (root == "/") return path.starts_with('/');
  return path.size() > root.size() && path.starts_with(root) && path[root.size()] == '/';
}

// The careful way for kernels before 5.6 and sandboxes without openat2: every component is opened
// by itself and must not be a link.
int OpenByComponents(int root, std::string_view relative) {
  int folder = root;
  for (;;) {
    const auto slash = relative.find('/');
    const std::string part(relative.substr(0, slash));
    const bool last = slash == std::string_view::npos;
    int next = -1;
    if (part == "..") {
      errno = EXDEV;
    } else if (last) {
      next = ::openat(folder, part.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    } else {
      next = ::openat(folder, part.empty() ? "." : part.c_str(),
                      O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    }
    const int error = errno;
    if (folder != root) ::close(folder);
    errno = error;
    if (next < 0 || last) return next;
    folder = next;
    relative.remove_prefix(slash + 1);
  }
}

int OpenInRoot(const std::string& root, const std::string& path) {
  const int root_fd = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root_fd < 0) return -1;
  const std::string relative = path.substr(root == "/" ? 1 : root.size() + 1);
  struct open_how how = {};
  // O_NONBLOCK: a named pipe in place of the file must not hang the thread.
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  auto fd = static_cast<int>(::syscall(SYS_openat2, root_fd, relative.c_str(), &how, sizeof how));
  if (fd < 0 && (errno == ENOSYS || errno == EPERM)) fd = OpenByComponents(root_fd, relative);
  const int error = errno;
  ::close(root_fd);
  errno = error;
  return fd;
}

std::string Resolved(const std::string& folder) {
  std::error_code ec;
  std::filesystem::path path = std::filesystem::weakly_canonical(folder, ec);
  if (ec) path = std::filesystem::absolute(folder, ec);
  std::string text = path.string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string ListPath(const std::string& data_dir) { return data_dir + "/libraries"; }

std::vector<std::string> ListedRoots(const std::string& data_dir) {
  std::vector<std::string> roots;
  const auto text = ReadWholeFile(ListPath(data_dir), kMaxLibraryListBytes);
  if (!text) return roots;  // there is no list yet
  std::size_t at = 0;
  while (at < text->size()) {
    auto end = text->find('\n', at);
    if (end == std::string::npos) end = text->size();
    if (end > at && (*text)[at] == '/') roots.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  return roots;
}

}  // namespace

OpenFile::OpenFile(OpenFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      mtime_ms_(other.mtime_ms_),
      content_type_(other.content_type_) {}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
    size_ = other.size_;
    mtime_ms_ = other.mtime_ms_;
    content_type_ = other.content_type_;
  }
  return *this;
}

OpenFile::~OpenFile() {
  if (fd_ >= 0) ::close(fd_);
}

int OpenFile::Release() { return std::exchange(fd_, -1); }

Result<OpenFile> OpenBeneath(const std::string& path, std::span<const std::string> library_roots) {
  const std::string_view type = ContentType(path);
  if (path.empty() || type.empty()) return Fail(ErrorCode::kNotFound, "There is no such file");
  for (const std::string& root : library_roots) {
    if (!IsBeneath(path, root)) continue;
    const int fd = OpenInRoot(root, path);
    if (fd < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
        return Fail(ErrorCode::kUnavailable, "The station has too many files open; try again", 1);
      }
      continue;
    }
    OpenFile file(fd, 0, 0, type);
    struct stat info = {};
    if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) continue;
    file.Release();
    return OpenFile(fd, info.st_size, MtimeMs(info), type);
  }
  return Fail(ErrorCode::kNotFound, "The file is not in a library folder any more");
}

Result<OpenFile> OpenMedia(const Song& song, MediaKind kind,
                           std::span<const std::string> library_roots) {
  switch (kind) {
    case MediaKind::kVideo:
      return OpenBeneath(song.media.video_path, library_roots);
    case MediaKind::kAudio:
      return OpenBeneath(song.media.audio_path, library_roots);
    case MediaKind::kArt:
      return OpenBeneath(song.media.art_path, library_roots);
  }
  return Fail(ErrorCode::kInternal, "unknown media kind");
}

std::vector<std::string> LoadLibraryRoots(const std::string& data_dir) {
  std::vector<std::string> roots = {Resolved(data_dir)};
  for (std::string& root : ListedRoots(data_dir)) {
    if (std::find(roots.begin(), roots.end(), root) == roots.end())
      roots.push_back(std::move(root));
  }
  return roots;
}

Result<void> AddLibraryRoot(const std::string& data_dir, const std::string& folder) {
  const std::string root = Resolved(folder);
  if (root.find('\n') != std::string::npos) {
    return Fail(ErrorCode::kInvalidParameter,
                "a library folder's name must not contain a line break");
  }
  for (const std::string& known : LoadLibraryRoots(data_dir)) {
    if (root == known || IsBeneath(root, known)) return {};
  }
  std::string list;
  for (const std::string& known : ListedRoots(data_dir)) {
    if (!IsBeneath(known, root)) list += known + "\n";
  }
  list += root + "\n";
  return WriteWholeFile(ListPath(data_dir), list);
}

}  // namespace popradio::media
