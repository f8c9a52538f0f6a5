#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/embedded/database.h"
#include "store/station_side.h"

// A station's rows as `popradio migrate` carries them (store/station_side.h). Both functions throw
// SQLite::Exception.
namespace popradio::embedded {

// What pages are made of beside the tables.
struct AlsoCarried {
  const std::vector<store::CarriedCount>& plays;  // of Part::kPlays, which is many tables' sum
  Instant now;
};

// At most `page_size` rows of a part behind the cursor `after` ("" is the beginning).
store::CarriedPage ReadCarriedPage(Database& database, store::Part part, const std::string& after,
                                   std::size_t page_size, const AlsoCarried& also);

// Puts them beside or over what is there; likes into a table of their own, carried_likes. Runs
// within the caller's transaction.
void WriteCarriedRows(Database& database, const store::CarriedRows& rows);

}  // namespace popradio::embedded
