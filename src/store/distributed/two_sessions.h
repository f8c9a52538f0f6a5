#pragma once

#include "store/distributed/mongo_sessions.h"
#include "store/distributed/redis_sessions.h"

namespace popradio::store::distributed {

// Sessions as Redis has them, and as MongoDB remembers them where Redis has lost them.
class TwoSessions final : public SessionStore {
 public:
  TwoSessions(RedisSessions& redis, MongoSessions& mongo, const Clock& clock)
      : redis_(redis), mongo_(mongo), clock_(clock) {}

  void Touch(const SessionId& session, Instant now) override { redis_.Touch(session, now); }
  Task<Result<std::optional<SessionInfo>>> Find(SessionId session) override {
    auto found = co_await redis_.Find(session);
    auto kept = co_await mongo_.Find(session, clock_.Now());
    if (!kept || !*kept) co_return found;
    if (!found || !*found) co_return kept;
    // A visit before Redis was emptied is the first one.
    (*found)->created_at = std::min((*found)->created_at, (*kept)->created_at);
    co_return found;
  }
  Task<Result<void>> Forget(SessionId session) override {
    if (auto forgotten = co_await redis_.Forget(session); !forgotten) co_return forgotten;
    co_return co_await mongo_.Forget(session);
  }

 private:
  RedisSessions& redis_;
  MongoSessions& mongo_;
  const Clock& clock_;
};

}  // namespace popradio::store::distributed
