#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace popradio::http {

// Figures since the start, for /metrics.
struct ServerStats {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t refused_total = 0;          // over max_connections
  std::uint64_t refused_address = 0;        // over max_connections_per_address
  std::uint64_t refused_descriptors = 0;    // the process had no descriptor left
  std::uint64_t timeouts = 0;               // any deadline
  std::uint64_t protocol_errors = 0;        // requests that never reached the handler
  std::uint64_t handler_failures = 0;       // exceptions out of Handle
  std::array<std::uint64_t, 6> requests{};  // by status class: [2] is 2xx
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
};

// A counter that one thread writes and any thread reads.
class Counter {
 public:
  void Add(std::uint64_t n = 1) {
    // No lock prefix: there is only one writer.
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::uint64_t Read() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace popradio::http
