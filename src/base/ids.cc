#include "base/ids.h"

#include <bit>

namespace popradio {
namespace {

constexpr char kHex[] = "0123456789abcdef";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads two digits; -1 when either is none.
int HexByte(const char* text) {
  const int high = HexValue(text[0]), low = HexValue(text[1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

constexpr std::array<std::size_t, 16> kUuidOffsets = {0,  2,  4,  6,  9,  11, 14, 16,
                                                      19, 21, 24, 26, 28, 30, 32, 34};

std::uint64_t Mix(std::uint64_t h) {
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33);
}

std::uint64_t HashSeed() {
  static const std::uint64_t seed = SystemRandom().Next();
  return seed;
}

}  // namespace

std::optional<ObjectId> ObjectId::Parse(std::string_view hex) {
  if (hex.size() != kHexDigits) return std::nullopt;
  ObjectId id;
  for (std::size_t i = 0; i < kBytes; ++i) {
    const int byte = HexByte(hex.data() + 2 * i);
    if (byte < 0) return std::nullopt;
    id.bytes_[i] = static_cast<std::uint8_t>(byte);
  }
  return id;
}

ObjectId ObjectId::Make(Instant now, Random& random) {
  ObjectId id;
  const auto seconds = static_cast<std::uint32_t>(ToEpochMs(now) / 1000);
  for (std::size_t i = 0; i < 4; ++i)
    id.bytes_[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
  const std::uint64_t bits = random.Next();
  std::memcpy(id.bytes_.data() + 4, &bits, sizeof bits);
  return id;
}

void ObjectId::ToHex(char* out) const {
  for (const std::uint8_t byte : bytes_) {
    *out++ = kHex[byte >> 4];
    *out++ = kHex[byte & 15];
  }
}

std::string ObjectId::ToHex() const {
  std::string text(kHexDigits, '\0');
  ToHex(text.data());
  return text;
}

std::optional<SessionId> SessionId::Parse(std::string_view text) {
  if (text.size() != kTextLength || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
      text[23] != '-') {
    return std::nullopt;
  }
  SessionId id;
  for (std::size_t i = 0; i < kBytes; ++i) {
    const int byte = HexByte(text.data() + kUuidOffsets[i]);
    if (byte < 0) return std::nullopt;
    id.bytes_[i] = static_cast<std::uint8_t>(byte);
  }
  return id;
}

SessionId SessionId::Make(Random& random) {
  SessionId id;
  const std::uint64_t bits[2] = {random.Next(), random.Next()};
  std::memcpy(id.bytes_.data(), bits, kBytes);
  id.bytes_[6] = static_cast<std::uint8_t>((id.bytes_[6] & 0x0f) | 0x40);
  id.bytes_[8] = static_cast<std::uint8_t>((id.bytes_[8] & 0x3f) | 0x80);
  return id;
}

void SessionId::ToString(char* out) const {
  out[8] = out[13] = out[18] = out[23] = '-';
  for (std::size_t i = 0; i < kBytes; ++i) {
    out[kUuidOffsets[i]] = kHex[bytes_[i] >> 4];
    out[kUuidOffsets[i] + 1] = kHex[bytes_[i] & 15];
  }
}

std::string SessionId::ToString() const {
  std::string text(kTextLength, '\0');
  ToString(text.data());
  return text;
}

std::string SessionId::Short() const { return ToString().substr(0, 8) + "…"; }

std::uint64_t HashBytes(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t hash = HashSeed() ^ size;
  while (size >= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    hash = Mix(hash ^ word);
    bytes += 8;
    size -= 8;
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, bytes, size);
  return Mix(std::rotl(hash, 17) ^ rest);
}

}  // namespace popradio
