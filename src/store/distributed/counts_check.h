#pragma once

#include "store/catalogue_store.h"
#include "store/counts_check.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/redis_clients.h"
#include "store/distributed/sync_source.h"

namespace popradio::store::distributed {

// Compares, for every song and playlist, the set of likers in Redis, the numbers in Redis, the
// likers in MongoDB and the numbers in MongoDB's documents.
//
// The truth is the set of likers in Redis where its partition counts; in one that does not (Redis
// was emptied) it is the likers in MongoDB, by which the document's numbers are corrected. Plays
// have one place each; MongoDB's copy follows Redis.
//
// On a station that runs, something is a difference only if it is one while the target's version
// stands still and the outbox is drained in between. A repair raises the version and writes as of
// it, so that neither an older entry of the outbox nor another worker can undo it, and any newer
// change wins over it.
class CountsCheck {
 public:
  CountsCheck(RedisClients& clients, MongoLikers& likers, const CatalogueStore& catalogue);

  Task<Result<CountsReport>> Run(bool repair);

 private:
  // Of one target, at one moment.
  struct Seen {
    bool built = false, dirty = false;
    std::int64_t likers = 0, likes = 0, plays = 0, version = 0;
    std::optional<std::int64_t> liked_at_ms;  // by the session that was asked about
  };
  struct Job {
    Target target;
    std::string name;  // "the song \"Love Story\" (65…)"
    bool repair = false;
    CountsReport* report = nullptr;
  };

  Task<Result<Seen>> Look(Target target, const SessionId* session);
  Task<Result<Seen>> Mend(Target target, const SessionId* session, std::int64_t version);
  Task<Result<void>> CheckTarget(Job job);
  Task<Result<void>> CheckUnbuilt(Job job, TargetCounts stored);
  Task<Result<void>> CheckNumbers(Job job);
  Task<Result<void>> CheckLikers(Job job);
  Task<Result<void>> CheckLiker(Job job, SessionId session);
  Task<Result<TargetCounts>> Stored(Target target);
  Task<Result<std::vector<SessionId>>> LikersInRedis(Target target);
  Task<Result<void>> LikersApart(Target target, std::vector<SessionId>* apart);

  RedisClients& clients_;
  MongoLikers& likers_;
  const CatalogueStore& catalogue_;
  SyncSource source_;
  const redis::Script look_, mend_;
};

}  // namespace popradio::store::distributed
