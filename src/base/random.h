#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>

namespace popradio {

// Randomness, as an argument.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t Next() = 0;
  // Uniform in [0, bound); bound > 0.
  std::uint64_t Below(std::uint64_t bound);
  // Uniform in [0, 1).
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
};

// The kernel's generator, good enough for credentials. Thread-safe.
class SystemRandom final : public Random {
 public:
  std::uint64_t Next() override;
  static void Fill(std::span<std::byte> out);
};

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed on every machine, which
// is what a rotation that must agree between nodes needs. Not thread-safe; not for credentials.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() override;
  std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_;
};

}  // namespace popradio
