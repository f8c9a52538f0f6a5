#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "store/distributed/keys.h"
#include "store/distributed/redis_clients.h"
#include "store/session_store.h"

namespace popradio::store::distributed {

// A session that was seen from `first_ms` to `last_ms`, as one flush writes it.
struct SeenSession {
  SessionId session;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
};

// Sessions in Redis: a hash each, with the document's fields, that goes 30 days after the last
// visit. A touch goes to memory, and a session is written at most once a minute; what was not
// written yet is lost with a killed node. Thread-safe: one mutex per shard.
class RedisSessions final : public SessionStore {
 public:
  // Hears of every session that was written, on the clients' own thread; may be null.
  using OnWritten = std::function<void(std::span<const SeenSession>)>;
  RedisSessions(RedisClients& clients, const Clock& clock, OnWritten on_written = {});

  void Touch(const SessionId& session, Instant now) override;
  Task<Result<std::optional<SessionInfo>>> Find(SessionId session) override;
  Task<Result<void>> Forget(SessionId session) override;

  // Begins to write on the clients' own thread.
  void Start();
  // Writes what is left. Before RedisClients::Close().
  void Close();
  // Writes what was touched and not written within the last minute, or `all`.
  Task<Result<void>> Flush(bool all);

 private:
  struct Recent {
    std::int64_t first_ms = 0;  // of the touches that are not written yet; 0: none
    std::int64_t last_ms = 0;
    std::int64_t written_ms = 0;
  };
  static constexpr std::size_t kShards = 16;
  // While there are more, further ones are not noted.
  static constexpr std::size_t kMaxRecent = 262'144 / kShards;
  struct Shard {
    std::mutex mutex;
    boost::unordered_flat_map<SessionId, Recent, SessionIdHash> recent;
  };
  Shard& ShardOf(const SessionId& session) {
    return shards_[(SessionIdHash()(session) >> 40) % kShards];
  }
  void PutBack(std::span<const SeenSession> seen);

  RedisClients& clients_;
  const Clock& clock_;
  const OnWritten on_written_;
  const redis::Script touch_;
  std::array<Shard, kShards> shards_;
};

}  // namespace popradio::store::distributed
