#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "store/embedded/database.h"

namespace popradio::embedded {

// One step forward. Steps are only ever appended: a released one never changes.
struct Migration {
  int version;      // the schema's version afterwards; steps count from 1 without gaps
  const char* sql;  // run in one transaction together with the new version number
};

// The schema as this program knows it.
std::span<const Migration> Migrations();

// Refuses a version newer than the newest of `steps` and a file that another program made, with a
// sentence that names `path`. Writes nothing. Throws SQLite::Exception when the file cannot be
// read.
Result<void> CheckVersion(Database& database, std::span<const Migration> steps,
                          const std::string& path);

// Brings a checked database to the newest of `steps`, each step in its own transaction;
// "PRAGMA user_version" holds where it is. Throws SQLite::Exception.
void Migrate(Database& database, std::span<const Migration> steps);

}  // namespace popradio::embedded
