#include "store/distributed/redis/slots.h"

#include <algorithm>
#include <optional>

namespace popradio::redis {
namespace {

constexpr std::uint16_t kPolynomial = 0x1021;

constexpr std::array<std::uint16_t, 256> MakeCrcTable() {
  std::array<std::uint16_t, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    auto crc = static_cast<std::uint16_t>(byte << 8);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<std::uint16_t>((crc & 0x8000) ? (crc << 1) ^ kPolynomial : crc << 1);
    }
    table[byte] = crc;
  }
  return table;
}
constexpr std::array<std::uint16_t, 256> kCrcTable = MakeCrcTable();

using Parsed = tl::expected<SlotMap, std::string>;

tl::unexpected<std::string> Refuse(std::string sentence) {
  return tl::unexpected<std::string>(std::move(sentence));
}

std::optional<Endpoint> MakeEndpoint(std::string_view host, std::int64_t port,
                                     const Endpoint& asked) {
  if (port < 1 || port > UINT16_MAX) return std::nullopt;
  const bool unknown = host.empty() || host == "?";
  return Endpoint{unknown ? asked.host : std::string(host), static_cast<std::uint16_t>(port)};
}

// The value behind `name` in a reply that lists names and values in turn.
const Reply& Field(const Reply& map, std::string_view name) {
  static const Reply nil;
  const auto& all = map.elements();
  for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
    if (all[i].text() == name) return all[i + 1];
  }
  return nil;
}

}  // namespace

std::uint16_t Crc16(std::string_view bytes) {
  std::uint16_t crc = 0;
  for (const char c : bytes) {
    const auto index = static_cast<std::uint8_t>((crc >> 8) ^ static_cast<std::uint8_t>(c));
    crc = static_cast<std::uint16_t>((crc << 8) ^ kCrcTable[index]);
  }
  return crc;
}

std::uint16_t KeySlot(std::string_view key) {
  if (const std::size_t open = key.find('{'); open != key.npos) {
    const std::size_t close = key.find('}', open + 1);
    if (close != key.npos && close > open + 1) key = key.substr(open + 1, close - open - 1);
  }
  return Crc16(key) % kSlotCount;
}

std::uint16_t SlotMap::PrimaryIndex(const Endpoint& endpoint) {
  const auto found = std::find(primaries_.begin(), primaries_.end(), endpoint);
  const auto index = static_cast<std::uint16_t>(found - primaries_.begin());
  if (found == primaries_.end()) primaries_.push_back(endpoint);
  return index;
}

bool SlotMap::AssignRange(std::int64_t first, std::int64_t last, const Endpoint& owner) {
  if (first < 0 || last < first || last >= static_cast<std::int64_t>(kSlotCount)) return false;
  const std::uint16_t index = PrimaryIndex(owner);
  std::fill(owner_.begin() + first, owner_.begin() + last + 1, index);
  return primaries_.size() <= kMaxClusterNodes;
}

const Endpoint* SlotMap::Owner(std::uint16_t slot) const {
  const std::uint16_t index = slot < kSlotCount ? owner_[slot] : kNobody;
  return index == kNobody ? nullptr : &primaries_[index];
}

void SlotMap::Assign(std::uint16_t slot, const Endpoint& owner) { AssignRange(slot, slot, owner); }

std::size_t SlotMap::covered() const {
  return kSlotCount - static_cast<std::size_t>(std::count(owner_.begin(), owner_.end(), kNobody));
}

// [[first, last, [host, port, id, …], [replica's host, port, …]…]…]
Parsed SlotMap::FromSlots(const Reply& reply, const Endpoint& asked) {
  if (!reply.is_array()) return Refuse("CLUSTER SLOTS answered no list");
  SlotMap map;
  for (const Reply& range : reply.elements()) {
    if (range.elements().size() < 3 || !range.at(0).is_integer() || !range.at(1).is_integer()) {
      return Refuse("CLUSTER SLOTS answered a range that is none");
    }
    for (std::size_t i = 2; i < range.elements().size(); ++i) {
      const Reply& node = range.at(i);
      const auto endpoint = MakeEndpoint(node.at(0).text(), node.at(1).integer(), asked);
      if (!endpoint) return Refuse("CLUSTER SLOTS answered a node without a port");
      if (i > 2) {
        map.replicas_.push_back(*endpoint);
      } else if (!map.AssignRange(range.at(0).integer(), range.at(1).integer(), *endpoint)) {
        return Refuse("CLUSTER SLOTS answered slots that do not exist");
      }
    }
  }
  std::sort(map.replicas_.begin(), map.replicas_.end());
  map.replicas_.erase(std::unique(map.replicas_.begin(), map.replicas_.end()), map.replicas_.end());
  return map;
}

// [["slots", [first, last, …], "nodes", [[name, value, …]…]]…]
Parsed SlotMap::FromShards(const Reply& reply, const Endpoint& asked, bool tls) {
  if (!reply.is_array()) return Refuse("CLUSTER SHARDS answered no list");
  SlotMap map;
  for (const Reply& shard : reply.elements()) {
    std::optional<Endpoint> primary;
    for (const Reply& node : Field(shard, "nodes").elements()) {
      const Reply& port = Field(node, tls ? "tls-port" : "port");
      const auto endpoint = MakeEndpoint(Field(node, "endpoint").text(), port.integer(), asked);
      if (!endpoint) return Refuse("CLUSTER SHARDS answered a node without a port");
      const bool online = Field(node, "health").text() == "online";
      if (Field(node, "role").text() != "master") {
        map.replicas_.push_back(*endpoint);
      } else if (online || !primary) {
        // A failed primary stays listed beside the one that took over.
        primary = endpoint;
      }
    }
    const auto& slots = Field(shard, "slots").elements();
    for (std::size_t i = 0; i + 1 < slots.size(); i += 2) {
      if (!primary || !map.AssignRange(slots[i].integer(), slots[i + 1].integer(), *primary)) {
        return Refuse("CLUSTER SHARDS answered slots without a primary");
      }
    }
  }
  return map;
}

}  // namespace popradio::redis
