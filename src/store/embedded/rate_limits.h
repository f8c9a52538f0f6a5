#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <mutex>
#include <vector>

#include "store/embedded/database.h"
#include "store/embedded/rate_window.h"
#include "store/embedded/write_operation.h"
#include "store/rate_limit_store.h"

namespace popradio::embedded {

inline constexpr std::size_t kLimitShards = 64;
// (Subject, action) pairs counted at most. Beyond it the emptiest and oldest eighth of a shard is
// forgotten, so that a flood of addresses costs its own counts first.
inline constexpr std::size_t kMaxLimitSubjects = 1'000'000;
// Charges of one request.
inline constexpr std::size_t kMaxCharges = 8;

// Rate limits in memory, written to the file within the flush interval and at Close(): a killed
// process forgets a second of counting, nothing else.
//
// Time here is the wall clock as it was at start plus what the steady clock has measured since, and
// it never begins earlier than it ended the last time. So setting the machine's clock neither
// unlocks a subject nor locks it for longer than its hour.
//
// Locking: one mutex per shard; a request's shards are locked in order of their number.
class RateLimits final : public store::RateLimitStore, public BatchPart {
 public:
  RateLimits(const store::LimitTable& table, const Clock& clock);

  std::optional<store::LimitDecision> TakeNow(std::span<const store::Charge> charges) override;
  Task<Result<store::LimitDecision>> Take(std::span<const store::Charge> charges) override;
  void Refund(std::span<const store::Charge> charges) override;

  void Write(Transaction& transaction, Housekeeping& housekeeping) override;
  void Committed() override;
  void RolledBack() override;

  // Before the writer thread starts.
  void Load(Database& database);
  // Milliseconds on this store's clock: what rows expire by.
  std::int64_t NowMs() const;
  // For tests: subjects in memory.
  std::size_t Subjects();

 private:
  struct Key {
    store::LimitAction action;
    store::LimitSubject subject;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Window {
    RateWindow counts;
    bool dirty = false;
  };
  struct Shard {
    std::mutex mutex;
    boost::unordered_flat_map<Key, Window, KeyHash> windows;
    std::vector<Key> dirty;
  };
  static constexpr std::size_t kRowKeyBytes = 18;
  using RowKey = std::array<std::uint8_t, kRowKeyBytes>;
  static RowKey ToRow(const Key& key);

  std::size_t ShardOf(const Key& key) const { return (KeyHash()(key) >> 40) % kLimitShards; }
  Window& WindowOf(Shard& shard, const Key& key, std::int64_t now_ms);
  static void MarkDirty(Shard& shard, const Key& key, Window& window);
  static void MakeRoom(Shard& shard, std::int64_t now_ms);
  struct Limited;

  const store::LimitTable table_;
  const Clock& clock_;
  std::int64_t start_ms_;  // this store's clock when the steady one stood at start_steady_ms_
  const std::int64_t start_steady_ms_;
  std::array<Shard, kLimitShards> shards_;

  // Writer thread only.
  std::vector<Key> writing_;
  std::int64_t swept_ms_ = 0;  // when idle subjects were last dropped
  std::int64_t stored_clock_ms_ = 0;
};

}  // namespace popradio::embedded
