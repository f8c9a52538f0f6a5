#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/distributed/keys.h"
#include "store/distributed/redis_clients.h"

namespace popradio::store::distributed {

// What Redis has counted for one target: without the catalogue's base.
struct CountedTarget {
  Target target;
  std::int64_t likes = 0;
  std::int64_t plays = 0;
  std::int64_t version = 0;
  bool operator==(const CountedTarget&) const = default;
};

// One like or unlike, in the order of its partition.
struct OutboxEntry {
  std::string id;  // of the stream: "1770000000000-0"
  bool liked = false;
  Target target;
  SessionId session;
  std::int64_t at_ms = 0;
  std::int64_t version = 0;
};

struct DayCount {
  Target target;
  std::int64_t plays = 0;
  std::int64_t likes = 0;
  bool operator==(const DayCount&) const = default;
};

// What the sync worker reads from Redis and ticks off there. Any number of workers may do so at the
// same time: nothing here is destructive before it was written elsewhere. With store.redis_replicas
// only what so many replicas have is read: kUnavailable until they do. Thread-safe.
class SyncSource {
 public:
  explicit SyncSource(RedisClients& clients);

  // The targets of a partition that changed since they were last written, with their numbers.
  Task<Result<std::vector<CountedTarget>>> Dirty(int partition);
  // How many there are in all partitions.
  Task<Result<std::int64_t>> DirtyCount();
  // It was written as of `version`: removes the mark, unless it has changed again.
  Task<Result<void>> Clean(Target target, std::int64_t version);
  Task<Result<void>> Clean(const std::vector<CountedTarget>& written);

  // The oldest entries of a partition, at most `most`. One that cannot be read (somebody else wrote
  // it) is left out, unless it is the last: then `last_id` still says where to trim.
  struct Outbox {
    std::vector<OutboxEntry> entries;
    std::string last_id;  // empty: there is nothing
  };
  Task<Result<Outbox>> ReadOutbox(int partition, std::size_t most);
  // Removes everything up to this id, itself included.
  Task<Result<void>> TrimOutbox(int partition, std::string id);
  // Entries in all partitions, and when the oldest of them was written.
  Task<Result<std::int64_t>> OutboxLength();
  Task<Result<std::optional<Instant>>> OldestEntry();

  // What a day counted, in one partition.
  Task<Result<std::vector<DayCount>>> Day(Instant date, int partition);

 private:
  RedisClients& clients_;
  const redis::Script clean_;
};

}  // namespace popradio::store::distributed
