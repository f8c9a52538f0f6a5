#include "media/fingerprint.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace popradio::media {
namespace {

struct StateDeleter {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

// Feeds [offset, offset + size) to the hash; false when the file ends or fails before.
bool Feed(int fd, off_t offset, std::size_t size, std::vector<char>& buffer, XXH3_state_t* state) {
  while (size > 0) {
    const ssize_t got = ::pread(fd, buffer.data(), std::min(size, buffer.size()), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    XXH3_128bits_update(state, buffer.data(), static_cast<std::size_t>(got));
    offset += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

Result<std::string> FingerprintFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info = {};
  if (fd < 0 || ::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    const std::string why = fd < 0 ? std::strerror(errno) : "it is no file";
    if (fd >= 0) ::close(fd);
    return Fail(ErrorCode::kInvalidParameter, "it cannot be opened: " + why);
  }
  const std::unique_ptr<XXH3_state_t, StateDeleter> state(XXH3_createState());
  XXH3_128bits_reset(state.get());
  const auto size = static_cast<std::uint64_t>(info.st_size);
  std::uint8_t size_bytes[8];
  for (int i = 0; i < 8; ++i) size_bytes[i] = static_cast<std::uint8_t>(size >> (8 * i));
  XXH3_128bits_update(state.get(), size_bytes, sizeof size_bytes);

  std::vector<char> buffer(128 * 1024);
  const std::size_t chunk = kFingerprintChunk;
  bool whole = true;
  if (size <= 3 * chunk) {
    whole = Feed(fd, 0, static_cast<std::size_t>(size), buffer, state.get());
  } else {
    whole = Feed(fd, 0, chunk, buffer, state.get()) &&
            Feed(fd, static_cast<off_t>(size / 2 - chunk / 2), chunk, buffer, state.get()) &&
            Feed(fd, static_cast<off_t>(size - chunk), chunk, buffer, state.get());
  }
  ::close(fd);
  if (!whole) return Fail(ErrorCode::kInvalidParameter, "it cannot be read to its end");

  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state.get()));
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : canonical.digest) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

}  // namespace popradio::media
