#include "app/station.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "store/distributed/distributed_side.h"
#include "store/embedded/embedded_backend.h"
#include "store/embedded/embedded_side.h"

namespace popradio::app {
namespace {

constexpr std::size_t kTokenBytes = 24;

std::string Hex(std::span<const std::byte> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte b : bytes) {
    text += kDigits[std::to_integer<int>(b) >> 4];
    text += kDigits[std::to_integer<int>(b) & 15];
  }
  return text;
}

// Writes a new file of mode 0600, whole or not at all.
Result<void> WriteSecret(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new";
  ::unlink(temporary.c_str());
  const int fd = ::open(temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  const std::string line = text + "\n";
  const bool written = fd >= 0 &&
                       ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
    return Fail(ErrorCode::kUnavailable,
                "Cannot write " + path + ": " + std::strerror(error) + ".");
  }
  return {};
}

}  // namespace

Result<void> PrepareDataFolder(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    const auto parent = std::filesystem::absolute(folder).parent_path();
    std::filesystem::create_directories(parent, error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return Fail(ErrorCode::kUnavailable, "Cannot make the data folder '" + folder +
                                               "': " + std::strerror(errno) +
                                               ". Choose another with --data.");
    }
  }
  if (!std::filesystem::is_directory(folder, error)) {
    return Fail(ErrorCode::kUnavailable,
                "The data folder '" + folder + "' is not a folder. Choose another with --data.");
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return Fail(ErrorCode::kUnavailable, "The data folder '" + folder +
                                             "' may not be written by this user (" +
                                             std::strerror(errno) + ").");
  }
  return {};
}

Result<FolderLock> FolderLock::Take(const std::string& folder) {
  if (auto ready = PrepareDataFolder(folder); !ready) return Fail(ready.error());
  const std::string path = folder + "/" + store::kLockFile;
  FolderLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.file_ < 0) {
    return Fail(ErrorCode::kUnavailable, "Cannot open " + path + ": " + std::strerror(errno) + ".");
  }
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    return Fail(ErrorCode::kConflict, "Another popradio is running on the data folder " + folder +
                                          ". Stop it, or name another with --data.");
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

store::LimitTable LimitTableOf(const Settings& settings) {
  store::LimitTable table;
  table.per_window = {settings.limits.api_per_hour,
                      settings.limits.like_per_hour,
                      settings.limits.unlike_per_hour,
                      settings.limits.comment_per_hour,
                      settings.limits.play_per_hour,
                      settings.limits.session_like_per_hour,
                      store::LimitTable().limit(store::LimitAction::kAdminTry)};
  return table;
}

bool IsDistributed(const Settings& settings) {
  return !settings.store.redis.empty() || !settings.store.mongo.empty();
}

store::DistributedOptions DistributedOptionsOf(const Settings& settings) {
  return {settings.store.redis, settings.store.mongo, settings.store.redis_replicas,
          LimitTableOf(settings), settings.comments.ttl_days};
}

Result<std::unique_ptr<store::Backend>> OpenBackend(const Settings& settings, const Clock& clock,
                                                    Random& random) {
  if (auto ready = PrepareDataFolder(settings.store.data); !ready) return Fail(ready.error());
  if (IsDistributed(settings)) {
    return store::OpenDistributed(DistributedOptionsOf(settings), clock, random);
  }
  store::EmbeddedOptions options;
  options.data_dir = settings.store.data;
  options.limits = LimitTableOf(settings);
  options.comment_ttl_days = settings.comments.ttl_days;
  return store::OpenEmbedded(std::move(options), clock, random);
}

Result<std::unique_ptr<store::StationSide>> OpenSide(const Settings& settings, bool distributed,
                                                     SideUse use, const Clock& clock,
                                                     Random& random) {
  if (distributed) {
    return store::OpenDistributedSide(DistributedOptionsOf(settings), use == SideUse::kLook, clock,
                                      random);
  }
  const std::string& data = settings.store.data;
  std::error_code ignored;
  if (use == SideUse::kLook && !std::filesystem::exists(data + "/" + store::kDatabaseFile, ignored))
    return nullptr;
  return store::OpenEmbeddedSide(data, use == SideUse::kSource, clock);
}

Result<AdminToken> ResolveAdminToken(const Settings& settings) {
  if (!settings.admin.token.empty()) return AdminToken{settings.admin.token, ""};
  const std::string path = settings.store.data + "/admin-token";
  if (std::ifstream file(path); file) {
    std::string token;
    std::getline(file, token);
    while (!token.empty() && token.back() <= ' ') token.pop_back();
    if (token.size() < 16) {
      return Fail(
          ErrorCode::kUnavailable,
          path + " holds no token of at least 16 characters. Remove it, and a new one is made.");
    }
    return AdminToken{token, path};
  }
  std::array<std::byte, kTokenBytes> bytes{};
  SystemRandom::Fill(bytes);
  AdminToken made{Hex(bytes), path};
  if (auto written = WriteSecret(path, made.value); !written) return Fail(written.error());
  return made;
}

}  // namespace popradio::app
