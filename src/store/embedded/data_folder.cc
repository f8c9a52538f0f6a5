#include "store/embedded/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "store/embedded/embedded_backend.h"

namespace popradio::embedded {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

std::string Reason(int error) { return std::generic_category().message(error); }

// Opens or makes a file of the station's own; -1 and errno when it cannot be.
int OpenOwn(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  // A file restored by hand may be readable for all; it holds session ids, which are credentials.
  if (file >= 0) (void)::fchmod(file, kFileMode);
  return file;
}

}  // namespace

std::string DataFolder::database() const { return path_ + "/" + store::kDatabaseFile; }

Result<std::unique_ptr<DataFolder>> DataFolder::Open(const std::string& path) {
  if (path.empty()) return Fail(ErrorCode::kInvalidParameter, "Name a data folder: --data FOLDER.");
  std::error_code failure;
  if (!std::filesystem::is_directory(path, failure)) {
    const std::filesystem::path parent = std::filesystem::absolute(path, failure).parent_path();
    if (!parent.empty()) std::filesystem::create_directories(parent, failure);
    if (::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) {
      return Fail(ErrorCode::kInvalidParameter,
                  "The data folder " + path + " cannot be made: " + Reason(errno) +
                      ". Make it yourself, or name another with --data.");
    }
    if (!std::filesystem::is_directory(path, failure)) {
      return Fail(ErrorCode::kInvalidParameter,
                  "The data folder " + path + " is not a folder. Name another with --data.");
    }
    (void)SyncFolder(parent.empty() ? "." : parent.string());
  }
  const std::string lock_path = path + "/" + store::kLockFile;
  const int lock = OpenOwn(lock_path);
  if (lock < 0) {
    return Fail(ErrorCode::kInvalidParameter,
                "The data folder " + path + " cannot be written: " + Reason(errno) +
                    ". Give this user the right to, or name another with --data.");
  }
  std::unique_ptr<DataFolder> folder(new DataFolder(path, lock));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return Fail(ErrorCode::kConflict,
                errno == EWOULDBLOCK
                    ? "Another PopRadio server is running on the data folder " + path +
                          ". Stop it first, or name another folder with --data."
                    : "The data folder " + path + " cannot be locked: " + Reason(errno) +
                          ". Use a local disk, or name another folder with --data.");
  }
  const int database = OpenOwn(folder->database());
  if (database < 0) {
    return Fail(ErrorCode::kInvalidParameter,
                "The database " + folder->database() + " cannot be opened: " + Reason(errno) +
                    ". Give this user the right to read and write it.");
  }
  ::close(database);
  if (auto synced = SyncFolder(path); !synced) return Fail(synced.error());
  return folder;
}

DataFolder::~DataFolder() { ::close(lock_); }

Result<void> SyncFolder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  const int error = errno;
  if (folder >= 0) ::close(folder);
  if (synced) return {};
  return Fail(ErrorCode::kUnavailable,
              "The folder " + path + " cannot be written to disk: " + Reason(error) + ".");
}

}  // namespace popradio::embedded
