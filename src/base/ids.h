#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace popradio {

// Twelve bytes, written as 24 lower-case hexadecimal digits: MongoDB's ObjectId, in every mode.
class ObjectId {
 public:
  static constexpr std::size_t kBytes = 12;
  static constexpr std::size_t kHexDigits = 24;

  constexpr ObjectId() = default;
  explicit constexpr ObjectId(const std::array<std::uint8_t, kBytes>& bytes) : bytes_(bytes) {}

  // Exactly 24 hexadecimal digits of either case; nothing else.
  static std::optional<ObjectId> Parse(std::string_view hex);
  // Seconds of `now`, then randomness: sorts by time, and does not collide across nodes.
  static ObjectId Make(Instant now, Random& random);

  std::string ToHex() const;
  // Writes the 24 digits; no terminating zero.
  void ToHex(char* out) const;
  const std::array<std::uint8_t, kBytes>& bytes() const { return bytes_; }
  bool IsZero() const { return bytes_ == std::array<std::uint8_t, kBytes>{}; }
  auto operator<=>(const ObjectId&) const = default;

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
};

// An anonymous listener: a UUID. It is a credential: never list it, never show it to others, and
// log only Short().
class SessionId {
 public:
  static constexpr std::size_t kBytes = 16;
  static constexpr std::size_t kTextLength = 36;

  constexpr SessionId() = default;
  explicit constexpr SessionId(const std::array<std::uint8_t, kBytes>& bytes) : bytes_(bytes) {}

  // Any UUID in the 8-4-4-4-12 form, either case, any version; nothing else.
  static std::optional<SessionId> Parse(std::string_view text);
  // A random (version 4) one. `random` must be a SystemRandom outside tests.
  static SessionId Make(Random& random);

  std::string ToString() const;
  void ToString(char* out) const;  // 36 characters, no terminating zero
  std::string Short() const;       // "a1b2c3d4…", for log lines
  const std::array<std::uint8_t, kBytes>& bytes() const { return bytes_; }
  auto operator<=>(const SessionId&) const = default;

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
};

// A stirring finaliser (MurmurHash3's) over the first eight bytes and the rest: clients choose
// their own UUIDs, so tables keyed by one must not be flooded; `kHashSeed` is drawn at start.
std::uint64_t HashBytes(const void* data, std::size_t size);

struct ObjectIdHash {
  std::size_t operator()(const ObjectId& id) const {
    return HashBytes(id.bytes().data(), ObjectId::kBytes);
  }
};
struct SessionIdHash {
  std::size_t operator()(const SessionId& id) const {
    return HashBytes(id.bytes().data(), SessionId::kBytes);
  }
};

}  // namespace popradio

template <>
struct std::hash<popradio::ObjectId> : popradio::ObjectIdHash {};
template <>
struct std::hash<popradio::SessionId> : popradio::SessionIdHash {};
