#include "store/embedded/schema.h"

namespace popradio::embedded {
namespace {

// "PopR", so that file(1) and we can tell whose database it is.
constexpr std::int64_t kApplicationId = 0x506f7052;

// Times are milliseconds since 1970. A target is its type (0 song, 1 playlist) and its id, 13
// bytes. Likes are only ever appended and found by `seq`, which memory knows: random places in a
// tree would write a page for each like of a batch. Memory, not an index, decides what is liked
// already.
constexpr char kSchema1[] = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE commits (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL) STRICT;
INSERT INTO commits (id, number) VALUES (1, 0);

CREATE TABLE songs (
  id BLOB NOT NULL UNIQUE, title TEXT NOT NULL, artist TEXT NOT NULL, album_art TEXT NOT NULL,
  video_url TEXT NOT NULL, audio_url TEXT NOT NULL, duration_s INTEGER NOT NULL,
  genre TEXT NOT NULL,
  release_year INTEGER, base_likes INTEGER NOT NULL, base_plays INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, is_active INTEGER NOT NULL,
  video_path TEXT NOT NULL, audio_path TEXT NOT NULL, art_path TEXT NOT NULL,
  art_type TEXT NOT NULL,
  fingerprint TEXT NOT NULL, file_bytes INTEGER NOT NULL, file_mtime_ms INTEGER NOT NULL) STRICT;

CREATE TABLE playlists (
  id BLOB NOT NULL UNIQUE, title TEXT NOT NULL, description TEXT NOT NULL,
  cover_image TEXT NOT NULL,
  cover_path TEXT NOT NULL, songs BLOB NOT NULL, base_likes INTEGER NOT NULL,
  base_views INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, is_active INTEGER NOT NULL,
  is_featured INTEGER NOT NULL) STRICT;

CREATE TABLE likes (seq INTEGER PRIMARY KEY, session BLOB NOT NULL, target BLOB NOT NULL) STRICT;
CREATE TABLE plays (target BLOB PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE play_keys (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL,
  counted_at INTEGER NOT NULL) STRICT;

CREATE TABLE comments (
  id BLOB NOT NULL UNIQUE, target BLOB NOT NULL, session BLOB NOT NULL, fingerprint TEXT NOT NULL,
  text TEXT NOT NULL, created_at INTEGER NOT NULL, expire_at INTEGER NOT NULL,
  is_hidden INTEGER NOT NULL) STRICT;
CREATE INDEX comments_by_target ON comments (target, created_at, id);
CREATE INDEX comments_by_time ON comments (created_at, id);
CREATE INDEX comments_by_session ON comments (session);
CREATE INDEX comments_by_expiry ON comments (expire_at);
CREATE TABLE forgotten_comments (
  id BLOB PRIMARY KEY, created_at INTEGER NOT NULL, expire_at INTEGER NOT NULL) STRICT,
  WITHOUT ROWID;

CREATE TABLE sessions (
  id BLOB PRIMARY KEY, created_at INTEGER NOT NULL, last_activity INTEGER NOT NULL) STRICT,
  WITHOUT ROWID;
CREATE INDEX sessions_by_activity ON sessions (last_activity);

CREATE TABLE limits (
  subject BLOB PRIMARY KEY, expire_at INTEGER NOT NULL, buckets BLOB NOT NULL) STRICT,
  WITHOUT ROWID;
CREATE INDEX limits_by_expiry ON limits (expire_at);

CREATE TABLE timeline (
  id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, seed INTEGER NOT NULL) STRICT;
INSERT INTO timeline (id, revision, seed) VALUES (1, 0, 0);
CREATE TABLE slots (
  seq INTEGER PRIMARY KEY, song BLOB NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,
  why TEXT NOT NULL, skipped INTEGER NOT NULL) STRICT;

CREATE TABLE days (
  day INTEGER PRIMARY KEY, plays INTEGER NOT NULL, visitors INTEGER NOT NULL) STRICT;
CREATE TABLE target_days (
  day INTEGER NOT NULL, target BLOB NOT NULL, plays INTEGER NOT NULL, likes INTEGER NOT NULL,
  PRIMARY KEY (day, target)) STRICT, WITHOUT ROWID;
CREATE TABLE visits (hash INTEGER PRIMARY KEY) STRICT;
)sql";

// Moments of a song, and names that imported comments came with. The index has all that finding the
// newest of a stretch asks for, so that the table is read for what is returned only.
constexpr char kSchema2[] = R"sql(
ALTER TABLE comments ADD COLUMN at_ms INTEGER;
ALTER TABLE comments ADD COLUMN author TEXT NOT NULL DEFAULT '';
CREATE INDEX comments_by_moment
  ON comments (target, at_ms, created_at, id, expire_at, is_hidden) WHERE at_ms IS NOT NULL;
)sql";

// Less to write for each newcomer: visitors are only ever appended (memory decides who is new), and
// old sessions are found by walking the table, not by an index that moves with every visit.
constexpr char kSchema3[] = R"sql(
DROP INDEX sessions_by_activity;
CREATE TABLE visitors (seq INTEGER PRIMARY KEY, hash INTEGER NOT NULL) STRICT;
INSERT INTO visitors (hash) SELECT hash FROM visits;
DROP TABLE visits;
)sql";

// When somebody liked something. Unknown of likes that are older than this column; their order is
// that of `seq`, as before.
constexpr char kSchema4[] = "ALTER TABLE likes ADD COLUMN liked_at INTEGER";

constexpr Migration kMigrations[] = {{1, kSchema1}, {2, kSchema2}, {3, kSchema3}, {4, kSchema4}};

std::int64_t Pragma(Database& database, const char* sql) {
  SQLite::Statement statement(database.connection(), sql);
  return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

}  // namespace

std::span<const Migration> Migrations() { return kMigrations; }

Result<void> CheckVersion(Database& database, std::span<const Migration> steps,
                          const std::string& path) {
  const std::int64_t version = Pragma(database, "PRAGMA user_version");
  const std::int64_t application = Pragma(database, "PRAGMA application_id");
  const std::int64_t tables = Pragma(database, "SELECT count(*) FROM sqlite_schema");
  if (tables > 0 && application != kApplicationId) {
    return Fail(ErrorCode::kInvalidParameter,
                path + " is the database of another program. Move it away, or " +
                    "name another data folder with --data.");
  }
  const int newest = steps.empty() ? 0 : steps.back().version;
  if (version > newest) {
    return Fail(ErrorCode::kInvalidParameter,
                path + " was written by a newer PopRadio (schema " + std::to_string(version) +
                    ", this one knows up to " + std::to_string(newest) +
                    "). Start the newer program, or go back to a backup made before it.");
  }
  return {};
}

void Migrate(Database& database, std::span<const Migration> steps) {
  const std::int64_t version = Pragma(database, "PRAGMA user_version");
  for (const Migration& step : steps) {
    if (step.version <= version) continue;
    database.Execute("BEGIN IMMEDIATE");
    database.Execute(step.sql);
    database.Execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
    database.Execute(("PRAGMA user_version = " + std::to_string(step.version)).c_str());
    database.Execute("COMMIT");
  }
}

}  // namespace popradio::embedded
