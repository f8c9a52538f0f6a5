#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "store/distributed/distributed_backend.h"
#include "store/station_side.h"

namespace popradio::store {

// Redis and MongoDB as the source or target of a move. Looks at both as OpenDistributed() does, and
// refuses while nodes run: who listens for their events is counted. `clock` and `random`
// (thread-safe) outlive it.
//
// As a source it is what MongoDB holds: sync first. As a target MongoDB is filled first, every
// document under its own id, so that a page that is written again changes nothing; Complete() fills
// Redis from it as an emptied one is filled. `look_only`: not even indexes are made.
Result<std::unique_ptr<StationSide>> OpenDistributedSide(const DistributedOptions& options,
                                                         bool look_only, const Clock& clock,
                                                         Random& random);

}  // namespace popradio::store
