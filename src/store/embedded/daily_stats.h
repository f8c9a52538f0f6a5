#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/random.h"
#include "store/analytics_store.h"
#include "store/embedded/read_pool.h"
#include "store/embedded/write_operation.h"

namespace popradio::embedded {

inline constexpr std::size_t kVisitShards = 16;
// Visitors told apart on one day; those beyond are not counted.
inline constexpr std::size_t kMaxDailyVisitors = 4'000'000;
// Days after which only the top targets of a day are kept.
inline constexpr int kDaysWithEveryTarget = 2;

// The days from `first` to `last` (since 1970, UTC) as the file has them, oldest first. Throws
// SQLite::Exception.
std::vector<store::AnalyticsDay> ReadDays(Database& database, std::int64_t first,
                                          std::int64_t last);

// The daily rollup. Plays and likes arrive from the engagement store's batch and are written in the
// same commit; visits gather in memory and are written within the flush interval.
//
// A visitor is a keyed hash (SipHash-2-4 with 128 random bits) that lives for one day: when another
// day begins, key and hashes are thrown away, in memory and in the file.
//
// Locking: visits under their shard's mutex; the day's key changes under all of them. The rest
// belongs to the writer thread.
class DailyStats final : public store::AnalyticsStore, public BatchPart {
 public:
  DailyStats(ReadPool& reads, Random& random) : reads_(reads), random_(random) {}

  void Visit(const SessionId& session, Instant now) override;
  Task<Result<std::vector<store::AnalyticsDay>>> Days(Instant from, Instant to) override;

  // The batch counted this much for the target. Writer thread, before Write().
  void Count(const Target& target, std::int64_t plays, std::int64_t likes);

  void Write(Transaction& transaction, Housekeeping& housekeeping) override;
  void Committed() override;
  void RolledBack() override;
  // What was taken for unwritten may have reached the file after all.
  void Reload(Database& database) override;

  // Before the writer thread starts: today's visits.
  void Load(Database& database);

 private:
  using Day = std::int64_t;  // since 1970, UTC
  struct Salt {
    std::uint64_t low = 0, high = 0;
  };
  struct Hasher {
    std::size_t operator()(std::uint64_t hash) const { return hash >> 4; }
  };
  struct Shard {
    std::mutex mutex;
    Day day = -1;
    Salt salt;
    boost::unordered_flat_set<std::uint64_t, Hasher> seen;
    std::vector<std::uint64_t> unwritten;
  };
  struct Delta {
    std::int64_t plays = 0, likes = 0;
  };

  static Day DayOf(Instant now);
  // The day that is being counted, and its visitors so far, written or not.
  std::pair<Day, std::int64_t> Today();
  void BeginDay(Day day);
  void WriteCounts(Transaction& transaction);
  void WriteVisits(Transaction& transaction, Housekeeping& housekeeping);
  void WriteShard(std::size_t index, Transaction& transaction, Housekeeping& housekeeping);
  void StoreDay(Database& database, Day day, const Salt& salt);
  void Prune(Transaction& transaction);

  ReadPool& reads_;
  Random& random_;
  std::array<Shard, kVisitShards> shards_;
  struct Finished {
    Day day;
    std::int64_t visitors;
  };
  std::mutex day_mutex_;            // taken before any shard's: one thread begins a day
  std::vector<Finished> finished_;  // visitors of a day that was over before they were written

  // Writer thread only.
  boost::unordered_flat_map<Target, Delta, std::hash<Target>> counted_;
  struct Written {
    std::size_t shard;
    Day day;
    std::vector<std::uint64_t> hashes;
  };
  std::vector<Written> writing_;  // visits in the open transaction
  Day stored_day_ = -1;           // whose salt and hashes the file holds
  Day storing_day_ = -1;          // the same, once the open transaction is committed
  std::vector<Finished> writing_finished_;
  Day pruned_day_ = -1;  // up to this one only the top targets are left
  std::optional<Day> pruning_day_;
};

}  // namespace popradio::embedded
