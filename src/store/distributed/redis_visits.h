#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/random.h"
#include "store/analytics_store.h"
#include "store/distributed/keys.h"
#include "store/distributed/redis_clients.h"

namespace popradio::store::distributed {

// Visitors that one node keeps apart in a day; further ones are sent again whenever they come.
inline constexpr std::size_t kMaxVisitorsKept = 1'000'000;

// The days as Redis counts them: plays, views and likes as the scripts of the engagement added them
// up, and visitors in a HyperLogLog (within about one per cent) of hashes with the day's own salt.
// Redis keeps a day for forty days; what is older is in MongoDB, written from Day() by the rollup.
// Thread-safe.
class RedisVisits final : public AnalyticsStore {
 public:
  // `random` must be a SystemRandom outside tests: it draws the day's salt.
  RedisVisits(RedisClients& clients, const Clock& clock, Random& random);

  void Visit(const SessionId& session, Instant now) override;
  // Those days that Redis still keeps.
  Task<Result<std::vector<AnalyticsDay>>> Days(Instant from, Instant to) override;
  // One day, whole. Nothing of it: an empty one.
  Task<Result<AnalyticsDay>> Day(Instant date);

  // Begins to send visits on the clients' own thread.
  void Start();
  // Sends what is left. Before RedisClients::Close().
  void Close();
  Task<Result<void>> Flush();

 private:
  using DayNumber = std::int64_t;  // since 1970, UTC
  static DayNumber DayOf(Instant now) {
    return std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  }
  static Instant Midnight(DayNumber day) { return std::chrono::sys_days(std::chrono::days(day)); }
  struct Unsent {
    DayNumber day;
    SessionId session;
  };
  Task<Result<std::string>> SaltOf(std::shared_ptr<RedisHere> here, DayNumber day);
  Task<Result<void>> Send(std::shared_ptr<RedisHere> here, DayNumber day,
                          const std::vector<SessionId>& sessions);

  RedisClients& clients_;
  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  Random& random_;
  DayNumber day_ = -1;
  boost::unordered_flat_set<std::uint64_t> seen_;  // hashes of this process, of day_
  std::vector<Unsent> unsent_;
  DayNumber salt_day_ = -1;
  std::string salt_;
};

}  // namespace popradio::store::distributed
