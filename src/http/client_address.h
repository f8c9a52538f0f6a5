#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace popradio::http {

// The IPv4 address inside an IPv4-mapped IPv6 one (::ffff:1.2.3.4), or the address itself: a
// listener on
// "::" sees IPv4 clients in the mapped form, and they must not count twice.
boost::asio::ip::address Unmapped(const boost::asio::ip::address& address);

// 127.0.0.0/8, ::1, and the mapped forms.
bool IsLoopback(const boost::asio::ip::address& address);

// "10.0.0.0/8", "2001:db8::/32", or one address.
class AddressRange {
 public:
  // Fails with kInvalidParameter and a sentence that names `text`.
  static Result<AddressRange> Parse(std::string_view text);
  bool Contains(const boost::asio::ip::address& address) const;

 private:
  std::array<std::uint8_t, 16> prefix_{};  // in the IPv6-mapped form
  unsigned bits_ = 0;                      // of 128
};

// The proxies whose X-Forwarded-For we believe (the setting http.trusted_proxies).
class TrustedProxies {
 public:
  TrustedProxies() = default;  // none
  // Every text is a range as above; the first bad one fails the whole.
  static Result<TrustedProxies> Parse(std::span<const std::string> texts);
  bool Contains(const boost::asio::ip::address& address) const;
  bool empty() const { return ranges_.empty(); }

 private:
  std::vector<AddressRange> ranges_;
};

// Who is asking: the peer, unless that is a trusted proxy; then the rightmost X-Forwarded-For entry
// that is no trusted proxy (several fields count as one list). Reading stops at an entry that is no
// address, and the last believable hop counts. Ports in entries are ignored. Unmapped.
boost::asio::ip::address ClientAddress(const Request& request, const TrustedProxies& proxies);

// What limits count by: an IPv4 address, or the /64 of an IPv6 address (one household has all of
// it).
struct LimitKey {
  std::array<std::uint8_t, 16> bytes{};  // mapped form; the last eight are zero for IPv6
  static LimitKey Of(const boost::asio::ip::address& address);
  // "192.0.2.1" or "2001:db8:1:2::/64".
  std::string ToString() const;
  auto operator<=>(const LimitKey&) const = default;
};

struct LimitKeyHash {
  std::size_t operator()(const LimitKey& key) const;
};

}  // namespace popradio::http
