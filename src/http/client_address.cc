#include "http/client_address.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/ids.h"
#include "http/request.h"

namespace popradio::http {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

constexpr unsigned kMappedBits = 96;  // ::ffff:0:0/96 holds IPv4

std::array<std::uint8_t, 16> MappedBytes(const address& a) {
  std::array<std::uint8_t, 16> bytes{};
  if (a.is_v4()) {
    bytes[10] = bytes[11] = 0xff;
    const auto v4 = a.to_v4().to_bytes();
    std::copy(v4.begin(), v4.end(), bytes.begin() + 12);
  } else {
    const auto v6 = a.to_v6().to_bytes();
    std::copy(v6.begin(), v6.end(), bytes.begin());
  }
  return bytes;
}

bool IsMapped(const std::array<std::uint8_t, 16>& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) &&
         bytes[10] == 0xff && bytes[11] == 0xff;
}

std::optional<address> ParseAddress(std::string_view text) {
  if (text.empty() || text.size() > 45) return std::nullopt;
  boost::system::error_code ec;
  const address parsed = boost::asio::ip::make_address(std::string(text), ec);
  if (ec) return std::nullopt;
  return Unmapped(parsed);
}

// One X-Forwarded-For entry: an address, perhaps with a port.
std::optional<address> ParseHop(std::string_view text) {
  text = Trim(text);
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    return end == std::string_view::npos ? std::nullopt : ParseAddress(text.substr(1, end - 1));
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && text.find('.') < colon) text = text.substr(0, colon);
  return ParseAddress(text);
}

}  // namespace

address Unmapped(const address& a) {
  if (a.is_v6() && a.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, a.to_v6());
  }
  return a;
}

bool IsLoopback(const address& a) { return Unmapped(a).is_loopback(); }

Result<AddressRange> AddressRange::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto base = ParseAddress(text.substr(0, slash));
  const auto fail = [&] {
    return Fail(
        ErrorCode::kInvalidParameter,
        "\"" + std::string(text) + "\" is no address range: write it like 10.0.0.0/8 or ::1");
  };
  if (!base) return fail();
  const unsigned width = base->is_v4() ? 32 : 128;
  unsigned bits = width;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || end != digits.data() + digits.size() || bits > width) return fail();
  }
  AddressRange range;
  range.prefix_ = MappedBytes(*base);
  range.bits_ = base->is_v4() ? bits + kMappedBits : bits;
  return range;
}

bool AddressRange::Contains(const address& a) const {
  const auto bytes = MappedBytes(a);
  const unsigned whole = bits_ / 8;
  if (std::memcmp(bytes.data(), prefix_.data(), whole) != 0) return false;
  const unsigned rest = bits_ % 8;
  return rest == 0 || ((bytes[whole] ^ prefix_[whole]) >> (8 - rest)) == 0;
}

Result<TrustedProxies> TrustedProxies::Parse(std::span<const std::string> texts) {
  TrustedProxies proxies;
  for (const std::string& text : texts) {
    auto range = AddressRange::Parse(text);
    if (!range) return Fail(std::move(range.error()));
    proxies.ranges_.push_back(*range);
  }
  return proxies;
}

bool TrustedProxies::Contains(const address& a) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const AddressRange& range) { return range.Contains(a); });
}

address ClientAddress(const Request& request, const TrustedProxies& proxies) {
  address client = Unmapped(request.peer);
  if (proxies.empty() || !proxies.Contains(client)) return client;
  std::size_t hops = 0;
  const auto fields = request.headers();
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    if (!EqualsIgnoreCase(field->name, "x-forwarded-for")) continue;
    std::string_view list = field->value;
    for (bool more = true; more;) {
      const std::size_t comma = list.rfind(',');
      more = comma != std::string_view::npos;
      const auto hop = ParseHop(more ? list.substr(comma + 1) : list);
      if (!hop || ++hops > kMaxForwardedHops) return client;
      client = *hop;
      if (!proxies.Contains(client)) return client;
      if (more) list = list.substr(0, comma);
    }
  }
  return client;
}

LimitKey LimitKey::Of(const address& a) {
  LimitKey key;
  key.bytes = MappedBytes(a);
  if (!IsMapped(key.bytes)) std::fill(key.bytes.begin() + 8, key.bytes.end(), std::uint8_t{0});
  return key;
}

std::string LimitKey::ToString() const {
  if (IsMapped(bytes)) return address_v4({bytes[12], bytes[13], bytes[14], bytes[15]}).to_string();
  address_v6::bytes_type v6;
  std::copy(bytes.begin(), bytes.end(), v6.begin());
  return address_v6(v6).to_string() + "/64";
}

std::size_t LimitKeyHash::operator()(const LimitKey& key) const {
  return HashBytes(key.bytes.data(), key.bytes.size());
}

}  // namespace popradio::http
