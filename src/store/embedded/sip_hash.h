#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/ids.h"

namespace popradio::embedded {

// SipHash-2-4 (Aumasson, Bernstein 2012) of a session's sixteen bytes.
inline std::uint64_t SipHash(std::uint64_t k0, std::uint64_t k1, const SessionId& session) {
  std::uint64_t v0 = k0 ^ 0x736f6d6570736575ULL, v1 = k1 ^ 0x646f72616e646f6dULL;
  std::uint64_t v2 = k0 ^ 0x6c7967656e657261ULL, v3 = k1 ^ 0x7465646279746573ULL;
  const auto rounds = [&](int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13);
      v1 ^= v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16);
      v3 ^= v2;
      v0 += v3;
      v3 = std::rotl(v3, 21);
      v3 ^= v0;
      v2 += v1;
      v1 = std::rotl(v1, 17);
      v1 ^= v2;
      v2 = std::rotl(v2, 32);
    }
  };
  std::uint64_t words[3];
  std::memcpy(words, session.bytes().data(), SessionId::kBytes);
  words[2] = std::uint64_t{SessionId::kBytes} << 56;
  for (const std::uint64_t word : words) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }
  v2 ^= 0xff;
  rounds(4);
  return v0 ^ v1 ^ v2 ^ v3;
}

}  // namespace popradio::embedded
