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
// A node of which nothing was heard for so long, while messages came through, is gone.
inline constexpr Millis kSilentNode{10'000};

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

  // How many nodes the station has, this one counted: those that were heard of lately. While Redis
  // is away the number stays as it was. To be called every second or so, on the clients' own
  // thread.
  int CountNodes(bool redis_up);

  const std::string& name() const { return name_; }
  // Messages that were dropped because Redis was away.
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void OnMessage(std::string_view text);
  Task<void> Flush();

  RedisClients& clients_;
  SeededRandom random_;  // of the clients' own thread
  std::string name_;
  std::map<std::string, std::vector<Handler>, std::less<>> handlers_;
  std::vector<std::function<void()>> on_gap_;
  // Of the clients' own thread:
  std::shared_ptr<redis::Subscriber> subscriber_;
  std::map<std::string, Millis, std::less<>> heard_;  // the other nodes, and when
  Millis up_since_{0};  // messages have come through since; 0: none do
  std::atomic<bool> started_{false}, stopped_{false};
  std::atomic<std::uint64_t> dropped_{0};

  std::mutex mutex_;  // guards what follows
  std::vector<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool flushing_ = false;
};

}  // namespace popradio::store::distributed
