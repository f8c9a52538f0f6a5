#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "store/catalogue_store.h"
#include "store/distributed/breaker.h"
#include "store/distributed/keys.h"
#include "store/distributed/liked_cache.h"
#include "store/distributed/numbers.h"
#include "store/distributed/redis_clients.h"
#include "store/engagement_store.h"

namespace popradio::store::distributed {

// How long a like, an unlike or a play may take, a failover included. Then kUnavailable.
inline constexpr Millis kWriteTimeout{2'000};
// The same for a read, which then goes on with what was last known.
inline constexpr Millis kReadTimeout{300};
// Of the session's index, which a like does not depend on.
inline constexpr Millis kIndexTimeout{300};
// How long a day's counts stay in Redis.
inline constexpr int kDayKeptDays = 40;
// Commands that leave at once when many are sent.
inline constexpr std::size_t kPipelineChunk = 512;
// Between what MongoDB last heard of a target's version and where counting goes on after Redis was
// emptied: more changes than one target sees between two syncs.
inline constexpr std::int64_t kVersionLeap = 1 << 20;

// Hears of every change that this node made, once Redis has it: to tell the other nodes. Called on
// the thread that made it; must not block.
class ChangeSink {
 public:
  virtual ~ChangeSink() = default;
  // `counts` holds the number that changed; the other one is Counts::kUntold.
  virtual void LikeChanged(const Target& target, const SessionId& session, bool liked,
                           const Counts& counts, std::int64_t version) = 0;
  virtual void Counted(const Target& target, const Counts& counts, std::int64_t version) = 0;
};

// A like that MongoDB remembers.
struct RestoredLike {
  SessionId session;
  std::int64_t at_ms = 0;
};

// Likes, plays and views in Redis. What the scripts of engagement_scripts.h say is the truth; the
// numbers of all targets are mirrored in memory (Numbers), and what a session likes is cached.
//
// A write is acknowledged when Redis has it, and as many replicas as the client's options ask for.
// kUnavailable after a lost answer means that nobody knows: a retry settles it, and then
// kAlreadyLiked or kNotLiked say that it had happened.
//
// While Redis is away reads answer what was last known, at once; writes are kUnavailable.
class RedisEngagement final : public EngagementStore {
 public:
  // `sink` may be null. All outlive it. Follows the catalogue's base counts from here on.
  RedisEngagement(RedisClients& clients, Numbers& numbers, const Clock& clock, ChangeSink* sink);

  bool ReadNow(const SessionId* session, std::span<const Target> targets,
               std::span<Engagement> out) const override;
  Task<Result<void>> Read(const SessionId* session, std::span<const Target> targets,
                          std::span<Engagement> out) override;
  std::uint64_t Version() const override { return numbers_.version(); }
  Task<Result<std::int64_t>> Like(SessionId session, Target target) override;
  Task<Result<std::int64_t>> Unlike(SessionId session, Target target) override;
  Task<Result<std::int64_t>> Count(Target target, const SessionId* session,
                                   std::optional<std::string> idempotency_key) override;
  // In the order they were liked, as the likers say; the session's index is put right by it.
  Task<Result<LikedSet>> Liked(SessionId session) override;
  // Looks at every target that anybody likes: the index may lack one.
  Task<Result<void>> Forget(SessionId session) override;

  // ---- From other nodes.
  void Apply(const Target& target, const Counts& counts, std::int64_t version) {
    numbers_.Apply(target, counts, version);
  }
  void ForgetCached(const SessionId& session) { liked_.Forget(session); }
  // After messages were lost.
  void ForgetAllCached() { liked_.ForgetAll(); }
  // Reads the versions of all targets and the numbers of those that differ: heals what was missed.
  // Partitions that are not built are left alone. Fails with the first thing that went wrong,
  // having done the rest.
  Task<Result<void>> Compare();
  // To be called at the start and whenever the catalogue has changed: base counts, and the numbers
  // of targets that are new here (with the next Compare() or Read()).
  void Follow(const Catalogue& catalogue) { numbers_.SetBases(catalogue); }

  // ---- A Redis that is empty, or was emptied.
  // Whether each partition counts.
  Task<Result<std::array<bool, kPartitions>>> Built();
  Task<Result<bool>> IsBuilt(int partition);
  // From now on it counts: it was filled, or MongoDB is empty as well.
  Task<Result<void>> MarkBuilt(int partition);
  // Fills a target of a partition that is not built. Any number of likers, in any number of calls,
  // then the counts (plays without the base; likes are counted from the likers). May be repeated,
  // also by several nodes at once. Does nothing in a partition that is built.
  Task<Result<void>> LoadLikers(Target target, std::span<const RestoredLike> likers);
  Task<Result<void>> LoadCounts(Target target, std::int64_t plays, std::int64_t version);
  // Both.
  Task<Result<void>> LoadTarget(Target target, std::span<const RestoredLike> likers,
                                std::int64_t plays, std::int64_t version);

 private:
  struct Answer {
    std::int64_t what = 0, number = 0, version = 0;
  };
  struct LikedAt {
    double at;
    ObjectId id;
  };

  Task<Result<Answer>> Change(std::shared_ptr<RedisHere> here, const SessionId& session,
                              const Target& target, bool like);
  // Sends SADD or SREM to the session's index. Not waited for beyond kIndexTimeout.
  Task<bool> Index(std::shared_ptr<RedisHere> here, const SessionId& session, const Target& target,
                   bool add);
  // Puts the index right later, as the likers say then.
  void RepairLater(const SessionId& session, const Target& target);
  Task<void> Repair(SessionId session, Target target);
  // The session's likes of the type, verified, in order.
  Task<Result<std::vector<LikedAt>>> Load(SessionId session, TargetType type, Millis timeout);
  // When the session liked each of them; none: it does not.
  Task<Result<std::vector<std::optional<double>>>> Scores(const SessionId& session,
                                                          std::span<const Target> targets,
                                                          Millis timeout);
  Task<Result<void>> Refresh(std::vector<Numbers::Cell*> cells, Millis timeout);
  Result<Answer> Judge(const redis::Outcome& outcome) const;
  static Error Away();

  RedisClients& clients_;
  Numbers& numbers_;
  const Clock& clock_;
  ChangeSink* const sink_;
  const redis::Script like_, unlike_, count_, load_likers_, load_counts_;
  mutable LikedCache liked_;
  mutable Breaker breaker_;
  std::atomic<int> repairs_{0};
};

}  // namespace popradio::store::distributed
