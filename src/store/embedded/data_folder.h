#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace popradio::embedded {

// The folder a station lives in, held by this process alone while the object lives.
class DataFolder {
 public:
  // Makes the folder (0700) and the database file (0600) if they are missing, and takes the lock.
  // SQLite gives the WAL and its index the mode of the database file.
  static Result<std::unique_ptr<DataFolder>> Open(const std::string& path);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string database() const;

 private:
  DataFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;
};

// Makes what was created in the folder survive a loss of power.
Result<void> SyncFolder(const std::string& path);

}  // namespace popradio::embedded
