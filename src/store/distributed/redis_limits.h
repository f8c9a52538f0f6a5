#pragma once

#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <mutex>
#include <vector>

#include "store/distributed/breaker.h"
#include "store/distributed/keys.h"
#include "store/distributed/local_share.h"
#include "store/distributed/redis_clients.h"
#include "store/rate_limit_store.h"

namespace popradio::store::distributed {

struct RedisLimitsOptions {
  LimitTable limits;
  // While Redis is away each node lets its share pass by itself: the limit divided by this, until
  // SetNodes() says otherwise.
  int nodes = 1;
  // How many API reads a node takes from Redis at first, and at most, to decide about without
  // asking again; never more than a tenth of the limit.
  int first_lease = 8;
  int largest_lease = 64;
  // What is unused for so long is given back.
  Millis lease_idle{3'000};
  // How long Redis may take to answer before the node goes by its own share.
  Millis patience{250};
};

// Rolling windows in Redis, counted there for all nodes: a hash for each subject and action, from
// the bucket's number to its count, beside "n", their sum, and "o", the oldest of them.
//
// API reads are decided from a lease: a few are taken from Redis at once, counted there at once,
// and used here within their bucket. So all nodes together never let more pass than the limit, a
// node alone lets exactly the limit pass, and what a killed node held stays counted.
//
// A charge of an address and one of a session are in different slots of a Cluster: two scripts, the
// first given back when the second refuses. With one server it is one script.
//
// While Redis is away the node lets its own share pass (LocalShare), without waiting. Buckets are
// of the wall clock, which the nodes share as well as their machines keep time. Thread-safe.
class RedisLimits final : public RateLimitStore {
 public:
  RedisLimits(RedisClients& clients, const Clock& clock, RedisLimitsOptions options);

  std::optional<LimitDecision> TakeNow(std::span<const Charge> charges) override;
  Task<Result<LimitDecision>> Take(std::span<const Charge> charges) override;
  void Refund(std::span<const Charge> charges) override;
  // How many nodes the station has.
  void SetNodes(int nodes) { local_.SetNodes(nodes); }

  // Begins the housekeeping on the clients' own thread: gives back leases and refunds.
  void Start();
  // Gives everything back. Before RedisClients::Close().
  void Close();
  // One round of it: `all`, or what is due. For Start(), Close() and tests.
  Task<void> GiveBack(bool all);

 private:
  struct Item {
    Charge charge;
    int limit = 0;
    int wanted = 1;
    Key key;
  };
  struct Lease {
    std::int64_t bucket = 0;
    int unused = 0;
    int size = 0;  // asked for the last time
    int in_flight = 0;
    Millis used_at{};
    WindowState state;  // as Redis said it, the unused ones counted
    std::int64_t refused_until_ms = 0;
  };
  // Something to be taken off a window.
  struct Return {
    std::int64_t bucket = 0;
    int amount = 1;
    bool anywhere = false;  // a refund: from the newest bucket if not from this one
    bool grace = false;     // first from the bucket before
    Millis since{};
  };
  struct Shard {
    std::mutex mutex;
    boost::unordered_flat_map<LimitKey, Lease, LimitKeyHash> leases;  // of kApi alone
    boost::unordered_flat_map<LimitKey, std::vector<Return>, LimitKeyHash> returns;
  };
  // Subjects with a lease at most in a shard; further ones get none.
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kMaxLeases = 1'000'000 / kShards;
  static constexpr std::size_t kMaxReturns = 1'000'000 / kShards;

  std::vector<Item> Limited(std::span<const Charge> charges) const;
  std::int64_t NowMs() const { return ToEpochMs(clock_.Now()); }
  Shard& ShardOf(const LimitKey& key) { return shards_[(LimitKeyHash()(key) >> 40) % kShards]; }
  // Decides about an API read from what the node holds.
  std::optional<LimitDecision> FromLease(const LimitKey& key, std::int64_t now_ms);
  static LimitDecision Decide(const Lease& lease, bool allowed, std::int64_t now_ms);
  int BeginLease(const Item& item, std::int64_t now_ms);
  void EndLease(const LimitKey& key, std::int64_t bucket, int granted, const WindowState& state,
                std::int64_t now_ms);
  bool InFlight(const LimitKey& key);
  // Runs the script for items of one slot. Appends what each was told; false: one was refused.
  Task<Result<bool>> TakeFrom(std::shared_ptr<RedisHere> here, std::span<const Item> items,
                              std::int64_t now_ms, std::vector<WindowState>& states,
                              std::vector<int>& granted);
  static void FillReturn(redis::Command& command, const LimitKey& key, const Return& what);
  Task<bool> SendReturn(std::shared_ptr<RedisHere> here, const LimitKey& key, const Return& what);
  void Keep(const LimitKey& key, const Return& what);

  RedisClients& clients_;
  const Clock& clock_;
  const RedisLimitsOptions options_;
  const redis::Script take_, give_back_;
  LocalShare local_;
  Breaker breaker_;
  std::array<Shard, kShards> shards_;
};

}  // namespace popradio::store::distributed
