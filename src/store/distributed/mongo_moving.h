#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/distributed/mongo/database.h"
#include "store/station_side.h"

// What only carrying a station needs of MongoDB. Everything here blocks, on a connection of the
// caller's.
namespace popradio::store::distributed {

Result<std::optional<CarryMark>> ReadCarryMark(mongo::Database& database);
Result<void> WriteCarryMark(mongo::Database& database, const CarryMark& mark);
Result<void> RemoveCarryMark(mongo::Database& database);

// Removes everything but the mark; the indexes go as well.
Result<void> RemoveStationDocuments(mongo::Database& database);

// How many there are; `numbers` holds likes only.
Result<StationTally> CountDocuments(mongo::Database& database, Instant staying);
// Likers of each of these targets and of those that are not among them, counted in stretches.
Result<std::map<Target, std::int64_t>> CountLikers(mongo::Database& database,
                                                   std::vector<Target> targets);
// Rises with every like, unlike, play and view that was synced.
Result<std::int64_t> SumOfVersions(mongo::Database& database);

// Without transactions, unlike a curator's change: one that died in the middle would hold its
// records for a minute. Those that are there keep their place, new ones come behind.
Result<void> WriteCatalogue(mongo::Database& database, const std::vector<Song>& songs,
                            const std::vector<Playlist>& playlists);

// Rotation and timeline; the secret is the caller's.
Result<CarriedStation> ReadCarriedStation(mongo::Database& database);
Result<void> WriteCarriedStation(mongo::Database& database, const CarriedStation& station);

// In the order of their keys, those after `after` (empty: from the first).
Result<std::vector<CarriedPlace>> ReadForgotten(mongo::Database& database, const ObjectId& after,
                                                std::size_t limit);
Result<std::vector<Slot>> ReadSlots(mongo::Database& database, std::int64_t after,
                                    std::size_t limit);
// What is there already stays.
Result<void> WriteForgotten(mongo::Database& database, const std::vector<CarriedPlace>& places);
Result<void> WriteSessions(mongo::Database& database, const std::vector<CarriedVisit>& visits);
Result<void> WriteSlots(mongo::Database& database, const std::vector<Slot>& slots);

}  // namespace popradio::store::distributed
