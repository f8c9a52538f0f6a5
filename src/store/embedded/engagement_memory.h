#pragma once

#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <vector>

#include "base/ids.h"
#include "domain/catalogue.h"
#include "domain/comment.h"
#include "store/embedded/database.h"
#include "store/embedded/packed_list.h"
#include "store/engagement_store.h"

namespace popradio::embedded {

inline constexpr std::size_t kSessionShards = 64;

// The committed truth about likes and plays: who likes what, in the order it was liked, and the
// numbers of each target. A like takes 8 bytes beside its session's 32 or so.
//
// Locking: only one thread writes (the writer thread; before it starts, the one that opens), and it
// may read without a lock. Every other thread reads: the target index under a shared lock, a
// session's likes under its shard's mutex, the numbers as atomics. No two locks are ever held
// together.
class EngagementMemory {
 public:
  // A target's place in the table; stable while the process lives.
  using Index = std::uint32_t;
  // A like packs its target's index (24 bits) and its row number (40 bits: a thousand likes a
  // second for thirty years).
  static constexpr int kIndexBits = 24;
  static constexpr std::uint64_t kMaxTargets = 1ULL << kIndexBits;

  // Any thread.
  void Read(const SessionId* session, std::span<const Target> targets,
            std::span<store::Engagement> out) const;
  store::LikedSet Liked(const SessionId& session) const;
  // Likers and plays without the catalogue's base.
  std::pair<std::int64_t, std::int64_t> CountedOf(const Target& target) const;
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

  // The writing thread.
  // Finds or makes the target's place. Throws std::length_error at kMaxTargets.
  Index Intern(const Target& target);
  const Target& TargetAt(Index index) const { return counters_[index].target; }
  std::size_t targets() const { return counters_.size(); }
  std::int64_t Likes(Index index) const;  // with the catalogue's base
  std::int64_t Plays(Index index) const;
  std::int64_t CountedPlays(Index index) const { return counters_[index].plays; }  // without
  // The row of the session's like of the target; none if it does not like it.
  std::optional<std::uint64_t> FindLike(const SessionId& session, Index index) const;
  // The session's likes as (target, row), oldest first.
  std::vector<std::pair<Index, std::uint64_t>> LikesOf(const SessionId& session) const;
  void AddLike(const SessionId& session, Index index, std::uint64_t row);
  void RemoveLike(const SessionId& session, Index index);
  void AddPlays(Index index, std::int64_t plays) { counters_[index].plays += plays; }
  void Changed() { version_.fetch_add(1, std::memory_order_release); }
  // The base counts of songs and playlists as the catalogue gives them.
  void SetBases(std::span<const Song> songs, std::span<const Playlist> playlists);

  // Replaces likes and plays by what the database holds; bases stay. Returns the highest row
  // number.
  std::uint64_t Load(Database& database);

 private:
  using LikeMap = boost::unordered_flat_map<SessionId, PackedList, SessionIdHash>;
  struct Shard {
    mutable std::mutex mutex;
    LikeMap likes;
  };
  struct Counter {
    explicit Counter(const Target& t) : target(t) {}
    const Target target;
    std::atomic<std::int64_t> base_likes{0}, base_plays{0}, likers{0}, plays{0};
  };

  static std::size_t ShardOf(const SessionId& session) {
    // Other bits than the map inside the shard uses.
    return (SessionIdHash()(session) >> 40) % kSessionShards;
  }
  static Index IndexOf(std::uint64_t word) { return static_cast<Index>(word & (kMaxTargets - 1)); }
  static std::uint64_t RowOf(std::uint64_t word) { return word >> kIndexBits; }

  mutable std::shared_mutex targets_mutex_;
  boost::unordered_flat_map<Target, Index, std::hash<Target>> index_;
  std::deque<Counter> counters_;  // never shrinks; places stay where they are
  std::array<Shard, kSessionShards> shards_;
  std::atomic<std::uint64_t> version_{1};
};

}  // namespace popradio::embedded
