#pragma once

#include <memory>

#include "store/contract/harness.h"
#include "store/distributed/distributed_backend.h"
#include "store/distributed/mongo/mongo_testing.h"
#include "store/distributed/redis_stores_testing.h"

namespace popradio::store::distributed {

// Three members, shared by all tests of a program.
mongo::ReplicaSet& SharedSetOfThree();

// A whole node of a station of its own: an emptied Redis and a new database, which goes with its
// set: dropping it would take longer than most tests. Its data live by the
// test's clock, its connections by the machine's.
class BackendHarness final : public contract::Harness {
 public:
  BackendHarness(const TestRedis& redis, mongo::ReplicaSet& set, const LimitTable& limits);
  Backend& backend() override { return *backend_; }
  contract::ManualClock& clock() override { return clock_; }
  void Restart() override;

 private:
  void Open();
  const SystemClock real_;
  SystemRandom random_;
  contract::ManualClock clock_{contract::Start()};
  DistributedOptions options_;
  std::unique_ptr<Backend> backend_;
};

}  // namespace popradio::store::distributed
