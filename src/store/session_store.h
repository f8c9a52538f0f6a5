#pragma once

#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"

namespace popradio::store {

struct SessionInfo {
  Instant created_at;
  Instant last_activity;
};

// When a session was first and last seen, for 30 days after the last. Thread-safe.
class SessionStore {
 public:
  virtual ~SessionStore() = default;

  // Seen now. Never waits: written within a minute, and at most once a minute for one session.
  virtual void Touch(const SessionId& session, Instant now) = 0;
  virtual Task<Result<std::optional<SessionInfo>>> Find(SessionId session) = 0;
  virtual Task<Result<void>> Forget(SessionId session) = 0;
};

inline constexpr int kSessionDays = 30;

}  // namespace popradio::store
