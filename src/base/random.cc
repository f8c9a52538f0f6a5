#include "base/random.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace popradio {

std::uint64_t Random::Below(std::uint64_t bound) {
  // Rejection keeps it uniform: the top, incomplete stretch of the range is drawn again.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = Next();
  while (value >= limit) value = Next();
  return value % bound;
}

void SystemRandom::Fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::uint64_t SystemRandom::Next() {
  // One system call for 64 numbers: sessions are minted on the request path.
  thread_local std::uint64_t pool[64];
  thread_local std::size_t left = 0;
  if (left == 0) {
    Fill(std::as_writable_bytes(std::span(pool)));
    left = 64;
  }
  return pool[--left];
}

std::uint64_t SeededRandom::Next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace popradio
