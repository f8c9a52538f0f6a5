#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <mutex>
#include <vector>

#include "store/embedded/read_pool.h"
#include "store/embedded/writer_thread.h"
#include "store/session_store.h"

namespace popradio::embedded {

inline constexpr std::size_t kSessionMapShards = 16;
// Sessions remembered as lately seen; while there are more, further ones are not noted.
inline constexpr std::size_t kMaxRecentSessions = 262'144;

// Who was here, and when. A touch goes to memory. Once a minute a pass writes what was touched
// since the last one, in the order of the ids, as they stand in the table: then many of them share
// a page, where one at a time would write a page for each. What was touched in the last minute
// stays in memory, so that it is not written again within it. Locking: one mutex per shard. The
// pass belongs to the writer thread.
class Sessions final : public store::SessionStore, public BatchPart {
 public:
  Sessions(WriterThread& writer, ReadPool& reads, const Clock& clock)
      : writer_(writer), reads_(reads), clock_(clock) {}

  void Touch(const SessionId& session, Instant now) override;
  Task<Result<std::optional<store::SessionInfo>>> Find(SessionId session) override;
  Task<Result<void>> Forget(SessionId session) override;

  void Write(Transaction& transaction, Housekeeping& housekeeping) override;
  void Committed() override { writing_.clear(); }
  void RolledBack() override;

 private:
  struct Recent {
    std::int64_t first_ms = 0;  // of the touches that are not written yet
    std::int64_t last_ms = 0;
    std::int64_t written_ms = 0;  // 0: never, as far as memory knows
  };
  struct Shard {
    std::mutex mutex;
    boost::unordered_flat_map<SessionId, Recent, SessionIdHash> recent;
    std::vector<SessionId> dirty;
  };
  Shard& ShardOf(const SessionId& session) {
    return shards_[(SessionIdHash()(session) >> 40) % kSessionMapShards];
  }
  void BeginPass();
  // What memory knows beyond the file.
  std::optional<store::SessionInfo> Unwritten(const SessionId& session);

  WriterThread& writer_;
  ReadPool& reads_;
  const Clock& clock_;
  std::array<Shard, kSessionMapShards> shards_;
  std::vector<SessionId> pass_;     // still to be written, the greatest id first
  std::vector<SessionId> writing_;  // in the open transaction
  std::int64_t pass_begun_ms_ = 0;  // steady
};

}  // namespace popradio::embedded
