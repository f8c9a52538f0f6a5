#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "domain/comment.h"
#include "store/engagement_store.h"

namespace popradio::store::distributed {

// Sessions whose likes a node keeps in memory; those that were not asked about for longest go.
inline constexpr std::size_t kMaxCachedSessions = 131'072;
// A session that likes more of one type is asked about each time.
inline constexpr std::size_t kMaxCachedLikes = 5'000;
// After this they are read again: what another node said may have been lost.
inline constexpr Millis kLikedMaxAge{30'000};

// What sessions like, as Redis said it a short while ago. Thread-safe: one mutex per shard.
class LikedCache {
 public:
  // What one session likes of one type at the moment that a load of it began. Redis' answer is kept
  // only if nothing changed meanwhile.
  using Ticket = std::uint64_t;

  // Sets out[i].liked for targets[i]. False: not known, or too old unless `any_age`; then they are
  // whatever.
  bool Read(const SessionId& session, std::span<const Target> targets, std::span<Engagement> out,
            Millis now, bool any_age);
  // Whether the one type is known.
  bool Knows(const SessionId& session, TargetType type, Millis now);
  Ticket BeginLoad(const SessionId& session);
  void EndLoad(const SessionId& session, TargetType type, Ticket ticket,
               std::span<const ObjectId> ids, Millis now);

  // The session likes it now, or no longer.
  void Changed(const SessionId& session, const Target& target, bool liked);
  void Forget(const SessionId& session);
  void ForgetAll();

 private:
  static constexpr std::size_t kShards = 64;
  struct Likes {
    std::optional<Millis> loaded_at;
    boost::unordered_flat_set<ObjectId, ObjectIdHash> ids;
  };
  struct Entry {
    Ticket generation = 0;  // drawn anew with every change
    std::array<Likes, 2> likes;
    Likes& of(TargetType type) { return likes[static_cast<std::size_t>(type)]; }
  };
  using Map = boost::unordered_flat_map<SessionId, Entry, SessionIdHash>;
  // Two generations: when the young one is full it becomes the old one, which is forgotten.
  struct Shard {
    std::mutex mutex;
    Ticket next = 1;
    Map young, old;
    Entry* Find(const SessionId& session);
    Entry& Make(const SessionId& session);
  };
  Shard& ShardOf(const SessionId& session) {
    return shards_[(SessionIdHash()(session) >> 40) % kShards];
  }
  std::array<Shard, kShards> shards_;
};

}  // namespace popradio::store::distributed
