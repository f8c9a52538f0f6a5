#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "store/distributed/mongo/pool.h"
#include "store/session_store.h"

namespace popradio::store::distributed {

struct SessionVisit {
  SessionId session;
  Instant first;  // seen, as far as the writer knows
  Instant last;
  bool operator==(const SessionVisit&) const = default;
};

// The lasting copy of when sessions were first and last seen, so that a first visit outlives Redis.
// MongoDB removes a session 30 days after its last activity. Thread-safe.
class MongoSessions {
 public:
  MongoSessions(mongo::Pool& pool) : pool_(pool) {}  // NOLINT: only a borrowed part

  // The earliest first and the latest last of what stands there and what is given; a session that
  // was quiet for 30 days begins anew. May be repeated.
  Task<Result<void>> Write(std::vector<SessionVisit> visits);
  // None: never seen, or not within the 30 days before `now`.
  Task<Result<std::optional<SessionInfo>>> Find(SessionId session, Instant now);
  Task<Result<void>> Forget(SessionId session);
  // For migrating: in the order of the sessions; those after `after`.
  Task<Result<std::vector<SessionVisit>>> Dump(std::optional<SessionId> after, std::size_t limit);
  Task<Result<std::int64_t>> CountAll();

 private:
  mongo::Pool& pool_;
};

}  // namespace popradio::store::distributed
