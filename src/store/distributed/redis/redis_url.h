#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace popradio::redis {

inline constexpr std::uint16_t kDefaultPort = 6379;
// A Cluster's first nodes that an address may list; the others are learnt from these.
inline constexpr std::size_t kMaxListedHosts = 64;
inline constexpr int kMaxDatabase = 1023;

// Where one server listens.
struct Endpoint {
  std::string host;  // a name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port = kDefaultPort;
  auto operator<=>(const Endpoint&) const = default;
  // "host:port", with brackets around an IPv6 address.
  std::string ToString() const;
};

// A Redis address, taken apart:
//   redis://[user[:password]@]host[:port][,host[:port]...][/database][?cluster=true&ca_file=PATH]
// `rediss` means TLS with verification. Several hosts, or cluster=true, mean a Cluster. The list
// may also repeat the whole address ("redis://a,redis://b") as long as everything but the host
// agrees. User and password are percent-decoded.
struct RedisUrl {
  bool tls = false;
  std::string user;      // empty: the default user
  std::string password;  // empty: no AUTH is sent
  std::vector<Endpoint> hosts;
  int database = 0;
  bool cluster = false;
  std::string ca_file;  // PEM; empty: the system's authorities

  // For logs and errors: everything but the password.
  std::string Describe() const;
};

// Fails with kInvalidParameter and a sentence that says what is wrong and never holds the password.
Result<RedisUrl> ParseRedisUrl(std::string_view text);

}  // namespace popradio::redis
