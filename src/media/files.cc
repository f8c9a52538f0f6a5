#include "media/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace popradio::media {
namespace {

tl::unexpected<Error> CannotRead(const std::string& path, const char* why) {
  return Fail(ErrorCode::kInvalidParameter, "cannot read " + path + ": " + why);
}

tl::unexpected<Error> CannotWrite(const std::string& path, int error) {
  return Fail(ErrorCode::kUnavailable, "cannot write " + path + ": " + std::strerror(error));
}

}  // namespace

Result<std::string> ReadWholeFile(const std::string& path, std::size_t max_bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return CannotRead(path, std::strerror(errno));
  struct stat info = {};
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(fd);
    return CannotRead(path, "it is a folder");
  }
  std::string text;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int error = errno;
      ::close(fd);
      return CannotRead(path, std::strerror(error));
    }
    if (got == 0) break;
    if (text.size() + static_cast<std::size_t>(got) > max_bytes) {
      ::close(fd);
      return CannotRead(path,
                        ("it is larger than " + std::to_string(max_bytes) + " bytes").c_str());
    }
    text.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(fd);
  return text;
}

Result<void> WriteWholeFile(const std::string& path, std::string_view bytes) {
  const std::string draft = path + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return CannotWrite(path, errno);
  int error = 0;
  while (!bytes.empty() && error == 0) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && ::fsync(fd) != 0) error = errno;
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(draft.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(draft.c_str());
    return CannotWrite(path, error);
  }
  return {};
}

Result<void> MakeFolder(const std::string& path) {
  std::error_code ec;
  std::filesystem::create_directories(path, ec);
  if (ec) return CannotWrite(path, ec.value());
  return {};
}

bool StampOf(const std::string& path, FileStamp& out) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  out = {static_cast<std::int64_t>(info.st_size), MtimeMs(info)};
  return true;
}

}  // namespace popradio::media
