#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "store/station_side.h"

namespace popradio::store {

// A data folder as the source or target of a move. Holds the folder as a server does, so that one
// of both waits for the other. `must_exist`: a folder without a station is refused, and not made.
// Fails as OpenEmbedded(). `clock` outlives it.
//
// Rows and the mark behind them are one transaction: nothing of a page is there twice. Likes gather
// in a table of their own, and Complete() puts them into the order they were given in.
Result<std::unique_ptr<StationSide>> OpenEmbeddedSide(const std::string& data_dir, bool must_exist,
                                                      const Clock& clock);

}  // namespace popradio::store
