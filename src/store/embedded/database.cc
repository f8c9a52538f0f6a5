#include "store/embedded/database.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace popradio::embedded {
namespace {

// How long a statement waits for a lock: only another program's look into the file can hold one.
constexpr int kBusyTimeoutMs = 2000;
constexpr char kGetMeta[] = "SELECT value FROM meta WHERE key = ?";
constexpr char kSetMeta[] =
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = "
    "excluded.value";

template <class Id>
Id IdFrom(const SQLite::Column& column) {
  std::array<std::uint8_t, Id::kBytes> bytes{};
  const void* blob = column.getBlob();
  if (blob != nullptr && column.getBytes() == static_cast<int>(Id::kBytes)) {
    std::memcpy(bytes.data(), blob, Id::kBytes);
  }
  return Id(bytes);
}

int OnWal(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

int OpenFlags(Database::Mode mode) {
  return mode == Database::Mode::kWriter
             ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX
             : SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX;
}

}  // namespace

Query& Query::Bind(std::int64_t value) {
  statement_->bind(next_++, value);
  return *this;
}

Query& Query::Bind(double value) {
  statement_->bind(next_++, value);
  return *this;
}

Query& Query::Bind(const std::string& text) {
  statement_->bindNoCopy(next_++, text);
  return *this;
}

Query& Query::Bind(const char* text) {
  statement_->bindNoCopy(next_++, text);
  return *this;
}

Query& Query::BindBlob(std::span<const std::uint8_t> bytes) {
  static constexpr std::uint8_t kNothing = 0;  // a null pointer would bind NULL, not an empty value
  statement_->bindNoCopy(next_++,
                         static_cast<const void*>(bytes.empty() ? &kNothing : bytes.data()),
                         static_cast<int>(bytes.size()));
  return *this;
}

Query& Query::BindNull() {
  statement_->bind(next_++);
  return *this;
}

int Query::Run() {
  while (statement_->executeStep()) {
  }
  return statement_->getChanges();
}

std::vector<std::uint8_t> Query::Blob(int column) const {
  const SQLite::Column value = statement_->getColumn(column);
  const auto* bytes = static_cast<const std::uint8_t*>(value.getBlob());
  return bytes == nullptr ? std::vector<std::uint8_t>()
                          : std::vector<std::uint8_t>(bytes, bytes + value.getBytes());
}

ObjectId Query::Id(int column) const { return IdFrom<ObjectId>(statement_->getColumn(column)); }
SessionId Query::Session(int column) const {
  return IdFrom<SessionId>(statement_->getColumn(column));
}

TargetKey ToKey(const Target& target) {
  TargetKey key;
  key[0] = static_cast<std::uint8_t>(target.type);
  std::memcpy(key.data() + 1, target.id.bytes().data(), ObjectId::kBytes);
  return key;
}

std::optional<Target> TargetFromKey(std::span<const std::uint8_t> bytes) {
  if (bytes.size() != kTargetKeyBytes ||
      bytes[0] > static_cast<std::uint8_t>(TargetType::kPlaylist)) {
    return std::nullopt;
  }
  std::array<std::uint8_t, ObjectId::kBytes> id;
  std::memcpy(id.data(), bytes.data() + 1, ObjectId::kBytes);
  return Target{static_cast<TargetType>(bytes[0]), ObjectId(id)};
}

Database::Database(const std::string& path, Mode mode, const std::string& vfs)
    : connection_(path, OpenFlags(mode), kBusyTimeoutMs, vfs) {
  sqlite3* handle = connection_.getHandle();
  sqlite3_extended_result_codes(handle, 0);
  // Checkpoints are made by hand between batches, where their errors are seen; the automatic one
  // would swallow them.
  connection_.exec("PRAGMA wal_autocheckpoint = 0");
  if (mode == Mode::kReader) {
    KeepWalOnClose();
    connection_.exec("PRAGMA cache_size = -2000");
  }
}

void Database::StartWriting() {
  SQLite::Statement journal(connection_, "PRAGMA journal_mode = WAL");
  if (!journal.executeStep() || journal.getColumn(0).getString() != "wal") {
    throw SQLite::Exception("the file system does not support SQLite's WAL mode", SQLITE_CANTOPEN);
  }
  // secure_delete: what a listener asked to forget is overwritten, where that costs no extra write.
  connection_.exec(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;"
      "PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = "
      "FAST");
  sqlite3_wal_hook(connection_.getHandle(), OnWal, &wal_pages_);
}

Database::~Database() {
  RollBackIfOpen();
  statements_.clear();
}

Query Database::Prepare(const char* sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(connection_, sql);
  return Query(*statement);
}

void Database::Checkpoint(bool truncate) {
  const int code = sqlite3_wal_checkpoint_v2(
      connection_.getHandle(), nullptr,
      truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK) {
    wal_pages_ = 0;
  } else if (code != SQLITE_BUSY) {
    throw SQLite::Exception(connection_.getHandle(), code);
  }
}

void Database::KeepWalOnClose() {
  sqlite3_db_config(connection_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

bool Database::InTransaction() const {
  return sqlite3_get_autocommit(connection_.getHandle()) == 0;
}

void Database::RollBackIfOpen() noexcept {
  if (InTransaction()) connection_.tryExec("ROLLBACK");
}

std::optional<std::string> Database::Meta(const char* key) {
  Query query = Prepare(kGetMeta);
  query.Bind(key);
  if (!query.Step()) return std::nullopt;
  return query.Text(0);
}

void Database::SetMeta(const char* key, std::string_view value) {
  Prepare(kSetMeta)
      .Bind(key)
      .BindBlob({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()})
      .Run();
}

Failure Classify(const SQLite::Exception& exception) {
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return Failure::kStatement;
    case SQLITE_FULL:
      return Failure::kFull;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Failure::kBusy;
    default:
      return Failure::kUnknown;
  }
}

bool IsDiskFull(const SQLite::Exception& exception, SQLite::Database* connection) {
  if ((exception.getErrorCode() & 0xff) == SQLITE_FULL) return true;
  if ((exception.getErrorCode() & 0xff) != SQLITE_IOERR || connection == nullptr) return false;
  const int error = sqlite3_system_errno(connection->getHandle());
  return error == ENOSPC || error == EDQUOT;
}

}  // namespace popradio::embedded
