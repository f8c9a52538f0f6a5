#pragma once

#include <openssl/evp.h>

#include <array>
#include <new>
#include <string>
#include <string_view>

namespace popradio::store::distributed {

// SHA-1 as 40 lower-case hexadecimal digits: to name things, not to protect them.
inline std::string Sha1Hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw std::bad_alloc();  // the only way it can fail
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

}  // namespace popradio::store::distributed
