#pragma once

#include <cstddef>

namespace popradio::app {

// Descriptors that are no connections: the database, media files being sent, listeners, logs.
inline constexpr std::size_t kDescriptorReserve = 512;

// Raises the descriptor limit as far as it may be, and returns it.
std::size_t RaiseDescriptorLimit();

// Whether a thread may have a descriptor table of its own here: unshare(CLONE_FILES) is refused in
// some containers.
bool CanOwnDescriptorTable();
// Gives the calling thread its own table, a copy of the present one. From then on its descriptors
// live and die on it, and what other threads open later does not exist for it.
void OwnDescriptorTable();

// How many connections are served by how many threads.
struct ConnectionPlan {
  std::size_t threads = 1;
  std::size_t max_connections = 0;
  bool own_tables = false;  // each I/O thread calls OwnDescriptorTable() before it listens
};

// `limit`: descriptors of one table; `threads`: as the settings or the cores say; `wanted`
// connections, 0: as many as one table allows. Where one table is too small for what is wanted and
// `can_own_tables`, each thread gets its own, and there are as many threads as that takes.
ConnectionPlan PlanConnections(std::size_t limit, std::size_t threads, std::size_t wanted,
                               bool can_own_tables);

}  // namespace popradio::app
