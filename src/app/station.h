#pragma once

#include <memory>
#include <string>
#include <utility>

#include "app/settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "store/backend.h"
#include "store/distributed/distributed_backend.h"
#include "store/station_side.h"

namespace popradio::app {

// Requests per rolling window, as the settings say.
store::LimitTable LimitTableOf(const Settings& settings);

// Whether the station lies in Redis and MongoDB, and how these are reached then.
bool IsDistributed(const Settings& settings);
store::DistributedOptions DistributedOptionsOf(const Settings& settings);

// Opens the stores that the settings name: the only place that knows which implementation that is.
// Makes the data folder if it is missing. Errors are sentences for the operator.
Result<std::unique_ptr<store::Backend>> OpenBackend(const Settings& settings, const Clock& clock,
                                                    Random& random);

// The station in the data folder, or the one in Redis and MongoDB, to be moved elsewhere or filled
// from there. To look at, nothing is made, and a data folder without a station has none (null).
enum class SideUse : std::uint8_t { kSource, kTarget, kLook };
Result<std::unique_ptr<store::StationSide>> OpenSide(const Settings& settings, bool distributed,
                                                     SideUse use, const Clock& clock,
                                                     Random& random);

// Makes the data folder (mode 0700) if it is missing, and says what is wrong when it cannot be
// used.
Result<void> PrepareDataFolder(const std::string& folder);

// The data folder, held by this process alone while the object lives: its control socket and token
// belong to one server.
class FolderLock {
 public:
  // Makes the folder if it is missing. kConflict when another process has it.
  static Result<FolderLock> Take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

// admin.token, or the one kept in the data folder, or a new one that is put there (mode 0600).
struct AdminToken {
  std::string value;
  std::string kept_in;  // the file, empty when the settings gave the token
};
Result<AdminToken> ResolveAdminToken(const Settings& settings);

}  // namespace popradio::app
