#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/comment.h"

namespace popradio::embedded {

// One use of a prepared statement: bind in order, then Run() or Step(). Gives the statement back
// when it goes. Bound text and bytes are borrowed until then. Throws SQLite::Exception.
class Query {
 public:
  explicit Query(SQLite::Statement& statement) : statement_(&statement) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { statement_->tryReset(); }

  Query& Bind(std::int64_t value);
  Query& Bind(double value);
  Query& Bind(const std::string& text);
  Query& Bind(const char* text);
  Query& Bind(Instant time) { return Bind(ToEpochMs(time)); }
  Query& Bind(bool value) { return Bind(static_cast<std::int64_t>(value)); }
  Query& BindBlob(std::span<const std::uint8_t> bytes);
  Query& Bind(const ObjectId& id) { return BindBlob(id.bytes()); }
  Query& Bind(const SessionId& id) { return BindBlob(id.bytes()); }
  Query& BindNull();

  // Runs to the end; the number of rows changed.
  int Run();
  // The next row; false at the end.
  bool Step() { return statement_->executeStep(); }

  std::int64_t Int(int column) const { return statement_->getColumn(column).getInt64(); }
  double Real(int column) const { return statement_->getColumn(column).getDouble(); }
  std::string Text(int column) const { return statement_->getColumn(column).getString(); }
  bool IsNull(int column) const { return statement_->getColumn(column).isNull(); }
  Instant Time(int column) const { return FromEpochMs(Int(column)); }
  std::vector<std::uint8_t> Blob(int column) const;
  // Zero bytes where the row holds something of another size: only a damaged file does.
  ObjectId Id(int column) const;
  SessionId Session(int column) const;

 private:
  SQLite::Statement* statement_;
  int next_ = 1;
};

// A song or playlist as one key: its type, then its id.
inline constexpr std::size_t kTargetKeyBytes = 1 + ObjectId::kBytes;
using TargetKey = std::array<std::uint8_t, kTargetKeyBytes>;
TargetKey ToKey(const Target& target);
// Nothing for bytes that are no target.
std::optional<Target> TargetFromKey(std::span<const std::uint8_t> bytes);

// One connection with its prepared statements. Used by one thread at a time.
//
// SQLite before 3.51.3 can corrupt a WAL when two connections write or checkpoint at once, so there
// is exactly one kWriter per file; a kReader opens read-only and never checkpoints, not even when
// closed.
class Database {
 public:
  enum class Mode { kWriter, kReader };

  // Opens, and writes nothing yet. `vfs` empty: SQLite's own. Throws SQLite::Exception.
  Database(const std::string& path, Mode mode, const std::string& vfs);
  // Sets WAL and synchronous=FULL: before a writer's first transaction. Throws SQLite::Exception.
  void StartWriting();
  ~Database();

  // A statement, prepared at its first use and kept. `sql` must be a constant with static lifetime:
  // it is found by its address.
  Query Prepare(const char* sql);
  void Execute(const char* sql) { connection_.exec(sql); }
  // Pages the WAL holds after the last commit.
  int wal_pages() const { return wal_pages_; }
  // Moves the WAL into the database; `truncate` also empties the file. Throws when it cannot be
  // written; a reader in the way is no error, the rest is moved the next time.
  void Checkpoint(bool truncate);
  // Leaves the WAL as it is when this closes, so that the next one to open must read it with its
  // checksums.
  void KeepWalOnClose();
  bool InTransaction() const;
  void RollBackIfOpen() noexcept;
  SQLite::Database& connection() { return connection_; }

  std::optional<std::string> Meta(const char* key);
  void SetMeta(const char* key, std::string_view value);

 private:
  SQLite::Database connection_;
  boost::unordered_flat_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
  int wal_pages_ = 0;
};

// What an exception of SQLite's means for what comes next.
enum class Failure {
  kStatement,  // this statement does not fit; the transaction goes on
  kFull,       // no room; the transaction is void, memory and file agree, go on when there is room
  kBusy,       // another program holds the file; the transaction is void, go on when it lets go
  kUnknown,    // anything else that failed while writing: reopen and check before going on
};
Failure Classify(const SQLite::Exception& exception);
// Whether the disk being full is behind it, told by the operating system's error too.
bool IsDiskFull(const SQLite::Exception& exception, SQLite::Database* connection);

}  // namespace popradio::embedded
