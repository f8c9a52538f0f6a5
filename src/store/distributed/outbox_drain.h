#pragma once

#include <cstddef>
#include <cstdint>

#include "store/distributed/mongo_likers.h"
#include "store/distributed/sync_source.h"

namespace popradio::store::distributed {

// Outbox entries of a partition that are written at once.
inline constexpr std::size_t kOutboxBatch = 1'000;

// Carries a partition's likes and unlikes to MongoDB, until there are few. Anybody may do this, any
// number at once. Returns how many entries.
Task<Result<std::int64_t>> DrainOutbox(SyncSource& source, MongoLikers& likers, int partition);

}  // namespace popradio::store::distributed
