#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "store/backend.h"

namespace popradio::store {

// How the embedded stores are opened. The intervals are real time: they say how long the writer
// thread sleeps, not what the rules mean; those ask the clock.
struct EmbeddedOptions {
  std::string data_dir;  // made, with mode 0700, if it is missing
  LimitTable limits;
  int comment_ttl_days = 30;     // for a comment that comes without an expireAt
  int flush_interval_ms = 1000;  // how long limits, sessions and visits may stay unwritten
  int probe_interval_ms = 1000;  // how often a full or failing disk is tried again
  std::string vfs;               // SQLite's name of the file layer; empty: the system's. For tests.
};

// Names in the data folder.
inline constexpr char kDatabaseFile[] = "popradio.db";
inline constexpr char kLockFile[] = "popradio.lock";
// Names in the file's table `meta`.
inline constexpr char kSecretKey[] = "station_secret";
inline constexpr char kCarryMarkKey[] = "carry_mark";  // see CarryMark

// Opens the stores of a one-machine station: one SQLite file in `data_dir`, and memory in front of
// it. Everything is loaded before this returns. One process at a time may have a data folder open.
//
// Fails with a sentence that names the file and says what to do: folder that cannot be made or
// written, another server on it, a database of a newer PopRadio, a file that is damaged or none of
// ours. `clock` and `random` must outlive the backend. Draws from `random` happen here and, once a
// day, on one of the calling threads, one at a time.
//
// Close() it before the executors of waiting coroutines are destroyed; the destructor closes it
// too.
Result<std::unique_ptr<Backend>> OpenEmbedded(EmbeddedOptions options, const Clock& clock,
                                              Random& random);

}  // namespace popradio::store
