#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "store/distributed/redis/redis_url.h"
#include "store/distributed/redis/reply.h"

namespace popradio::redis {

inline constexpr std::size_t kSlotCount = 16384;
// Primaries and replicas that a Cluster may have: what Redis itself recommends at most.
inline constexpr std::size_t kMaxClusterNodes = 1000;

// CRC-16/XMODEM, the one of the Redis Cluster specification.
std::uint16_t Crc16(std::string_view bytes);
// The slot of a key: that of its hash tag, the text between the first '{' and the next '}' when it
// is not empty; else of the whole key.
std::uint16_t KeySlot(std::string_view key);

// Which primary serves which slot, as one node of the Cluster told it.
class SlotMap {
 public:
  SlotMap() { owner_.fill(kNobody); }
  // From the replies to CLUSTER SLOTS and CLUSTER SHARDS. A node without a host is on the host that
  // was asked. `tls` chooses among the ports of SHARDS. Fails with a sentence.
  static tl::expected<SlotMap, std::string> FromSlots(const Reply& reply, const Endpoint& asked);
  static tl::expected<SlotMap, std::string> FromShards(const Reply& reply, const Endpoint& asked,
                                                       bool tls);

  // Null: nobody is known to serve it.
  const Endpoint* Owner(std::uint16_t slot) const;
  // As MOVED tells.
  void Assign(std::uint16_t slot, const Endpoint& owner);
  const std::vector<Endpoint>& primaries() const { return primaries_; }
  const std::vector<Endpoint>& replicas() const { return replicas_; }
  bool empty() const { return primaries_.empty(); }
  // Slots that somebody serves.
  std::size_t covered() const;

 private:
  static constexpr std::uint16_t kNobody = UINT16_MAX;
  std::uint16_t PrimaryIndex(const Endpoint& endpoint);
  bool AssignRange(std::int64_t first, std::int64_t last, const Endpoint& owner);

  std::array<std::uint16_t, kSlotCount> owner_;
  std::vector<Endpoint> primaries_;
  std::vector<Endpoint> replicas_;
};

}  // namespace popradio::redis
