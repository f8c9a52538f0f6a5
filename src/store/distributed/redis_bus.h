#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "store/distributed/redis/subscriber.h"
#include "store/distributed/redis_clients.h"
#include "store/node_bus.h"

namespace popradio::store::distributed {

inline constexpr char kBusChannel[] = "popradio:events";
// What may wait to be published; while Redis is away the oldest go.
inline constexpr std::size_t kMaxBusBytes = 16U << 20;
inline constexpr Millis kPublishTimeout{1'000};

// The bus over Redis pub/sub, on the clients' own thread. A message is the sender's name, a space,
// the kind, a line's end, and the payload. Redis keeps none for those who are away.
class RedisBus final : public NodeBus {
 public:
  // Draws the node's name from `random`.
  RedisBus(RedisClients& clients, Random& random);

  void On(std::string kind, Handler handler) override;
  void OnGap(std::function<void()> handler) override { on_gap_.push_back(std::move(handler)); }
  void Start() override;
  void Send(std::string_view kind, std::string payload) override;
  // Sends what waits, and listens no more. Before RedisClients::Close().
  void Stop();

  const std::string& name() const { return name_; }
  // Messages that were dropped because Redis was away.
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void OnMessage(std::string_view text) const;
  Task<void> Flush();

  RedisClients& clients_;
  SeededRandom random_;  // of the clients' own thread
  std::string name_;
  std::map<std::string, std::vector<Handler>, std::less<>> handlers_;
  std::vector<std::function<void()>> on_gap_;
  std::shared_ptr<redis::Subscriber> subscriber_;  // of the clients' own thread
  std::atomic<bool> started_{false}, stopped_{false};
  std::atomic<std::uint64_t> dropped_{0};

  std::mutex mutex_;  // guards what follows
  std::vector<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool flushing_ = false;
};

}  // namespace popradio::store::distributed
