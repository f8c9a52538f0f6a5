#pragma once

#include <functional>
#include <vector>

#include "base/clock.h"
#include "store/analytics_store.h"
#include "store/distributed/mongo/pool.h"

namespace popradio::store::distributed {

// Where a day is counted while it lasts.
struct LiveAnalytics {
  // As AnalyticsStore::Visit.
  std::function<void(const SessionId&, Instant)> visit;
  // The days within the two that are still being counted, or were until lately: today, and what the
  // rollup may not have written yet. They hold against what is stored. Oldest first.
  std::function<Task<Result<std::vector<AnalyticsDay>>>(Instant from, Instant to)> days;
};

// The document's analytics collection: a document for each day that is over, written by the rollup
// of the sync worker.
class MongoAnalytics final : public AnalyticsStore {
 public:
  MongoAnalytics(mongo::Pool& pool, LiveAnalytics live) : pool_(pool), live_(std::move(live)) {}

  void Visit(const SessionId& session, Instant now) override { live_.visit(session, now); }
  // When the live days cannot be had, those that are stored are all.
  Task<Result<std::vector<AnalyticsDay>>> Days(Instant from, Instant to) override;

  // What is stored alone.
  Task<Result<std::vector<AnalyticsDay>>> StoredDays(Instant from, Instant to);
  // Puts the day there, or in the place of what was there for that date. May be repeated, by any
  // number of writers.
  Task<Result<void>> WriteDay(AnalyticsDay day);

 private:
  mongo::Pool& pool_;
  const LiveAnalytics live_;
};

}  // namespace popradio::store::distributed
