#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

// What both load clients need. They talk to a server on this machine only.
namespace popradio::bench {

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kMillisecond = 1'000'000;

// Nanoseconds of a clock that all processes of a machine share.
inline std::int64_t Now(clockid_t clock = CLOCK_MONOTONIC) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

[[noreturn]] inline void Die(const char* what) {
  std::perror(what);
  std::exit(1);
}

inline void RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// 127.0.0.`host`, port `port`.
inline sockaddr_in Loopback(int host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(0x7f000000u | static_cast<std::uint32_t>(host));
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// The same session for the same number. No two numbers below 2^32 share one.
inline std::string SessionId(std::uint32_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "%08x-5ca1-4ab1-9e00-%012x", number * 2654435761u, number);
  return text;
}

// The value at `share` (0 to 1) of the sorted `values`; 0 when there are none.
inline std::int64_t Percentile(const std::vector<std::int64_t>& values, double share) {
  if (values.empty()) return 0;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values[std::min(index, values.size() - 1)];
}

inline double ToMs(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

// An answer at the front of `text`: its status and its length with the head, once it is all there.
// Understands Content-Length only, which is what a station sends to an HTTP/1.1 client.
struct Answer {
  int status = 0;
  std::size_t length = 0;  // 0: not all there yet
};

inline Answer ReadAnswer(std::string_view text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos || text.size() < 12) return {};
  std::size_t body = 0;
  for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
    const std::size_t at = text.find(name);
    if (at < end) body = std::strtoul(text.data() + at + name.size(), nullptr, 10);
  }
  const std::size_t length = end + 4 + body;
  return {std::atoi(text.data() + 9), length <= text.size() ? length : 0};
}

}  // namespace popradio::bench
