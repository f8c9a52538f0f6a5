#pragma once

#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/analytics_store.h"
#include "store/catalogue_store.h"
#include "store/comment_store.h"
#include "store/counts_check.h"
#include "store/engagement_store.h"
#include "store/node_bus.h"
#include "store/rate_limit_store.h"
#include "store/session_store.h"
#include "store/timeline_store.h"

namespace popradio::store {

// One part that the station leans on, as /health lists it.
struct ServiceHealth {
  std::string name;  // "database", "redis", "mongodb"
  bool ok = true;
  std::string detail;  // when not ok: what is wrong, for people; no secrets
  Instant since;       // since when it has been so
};

// A set of stores that belong together: the embedded ones, or Redis with MongoDB. Owns them.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual CatalogueStore& catalogue() = 0;
  virtual EngagementStore& engagement() = 0;
  virtual CommentStore& comments() = 0;
  virtual SessionStore& sessions() = 0;
  virtual RateLimitStore& limits() = 0;
  virtual TimelineStore& timeline() = 0;
  virtual AnalyticsStore& analytics() = 0;

  // To the other nodes of the station; null where there is only one.
  virtual NodeBus* bus() { return nullptr; }

  // Closes what the stores have opened for this io_context. On its thread, after its last use and
  // before the thread ends: with a descriptor table of its own nobody else can.
  virtual void LeaveThread(boost::asio::io_context&) {}

  virtual std::vector<ServiceHealth> Health() const = 0;
  // A secret of this station that outlives restarts (author names are keyed by it). 32 bytes.
  virtual std::string StationSecret() const = 0;
  // A consistent copy of everything in a new file; refuses to overwrite one.
  virtual Task<Result<void>> Backup(std::string path) = 0;
  // Compares what is counted with who likes what, in every place that has it, and puts right what
  // differs if `repair`. Does not hinder a station that runs: what changes meanwhile is looked at
  // again, and told only when it stays.
  virtual Task<Result<CountsReport>> CheckCounts(bool repair) {
    (void)repair;
    co_return CountsReport();
  }
  // Writes what is still in memory and stops the store's threads. Called once, after the last
  // request.
  virtual Result<void> Close() = 0;
};

}  // namespace popradio::store
