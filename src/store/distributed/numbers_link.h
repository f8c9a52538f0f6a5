#pragma once

#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "store/distributed/redis_engagement.h"
#include "store/node_bus.h"

namespace popradio::store::distributed {

// How long a number that changed here waits for others that change too.
inline constexpr Millis kNumbersPause{40};

// Tells the other nodes which numbers changed here and whose likes did, and takes in what they
// tell. What is lost, the periodic compare heals. Thread-safe.
class NumbersLink final : public ChangeSink {
 public:
  explicit NumbersLink(NodeBus& bus) : bus_(bus) {}

  // Takes in the other nodes' changes from here on. Before NodeBus::Start().
  void Connect(RedisEngagement& engagement);
  void LikeChanged(const Target& target, const SessionId& session, bool liked, const Counts& counts,
                   std::int64_t version) override;
  void Counted(const Target& target, const Counts& counts, std::int64_t version) override;
  // Sends what has gathered. To be called every kNumbersPause.
  void Flush();

 private:
  struct Changed {
    Counts counts;
    std::int64_t likes_version = 0, plays_version = 0;
  };
  void Note(const Target& target, const Counts& counts, std::int64_t version);

  NodeBus& bus_;
  std::mutex mutex_;  // guards what follows
  std::unordered_map<Target, Changed> changed_;
  std::unordered_set<SessionId> sessions_;
};

}  // namespace popradio::store::distributed
