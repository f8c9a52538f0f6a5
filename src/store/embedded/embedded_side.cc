#include "store/embedded/embedded_side.h"

#include <filesystem>

#include "store/embedded/carried_rows.h"
#include "store/embedded/data_folder.h"
#include "store/embedded/embedded_backend.h"
#include "store/embedded/schema.h"
#include "store/embedded/timeline.h"

namespace popradio::store {
namespace {

using namespace embedded;  // NOLINT: it is what this reads and writes

// Pages of the log after which it is moved into the file.
constexpr int kCheckpointPages = 8'000;

constexpr char kBegin[] = "BEGIN IMMEDIATE";
constexpr char kCommit[] = "COMMIT";
constexpr char kTables[] = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ?";

constexpr char kCommits[] = "SELECT number FROM commits";
constexpr char kCountSongs[] = "SELECT count(*) FROM songs";
constexpr char kCountPlaylists[] = "SELECT count(*) FROM playlists";
constexpr char kCountComments[] = "SELECT count(*) FROM comments WHERE expire_at > ?";
constexpr char kCountForgotten[] = "SELECT count(*) FROM forgotten_comments WHERE expire_at > ?";
constexpr char kCountSessions[] = "SELECT count(*) FROM sessions WHERE last_activity > ?";
constexpr char kCountDays[] = "SELECT count(*) FROM days";
constexpr char kCountSlots[] = "SELECT count(*) FROM slots WHERE ends_at > ?";
constexpr char kCountLikes[] = "SELECT target, count(*) FROM likes GROUP BY target";
constexpr char kCountPlays[] = "SELECT target, count FROM plays";

constexpr char kDropMark[] = "DELETE FROM meta WHERE key = ?";
constexpr char kCarriedLikes[] = "carried_likes";
// Oldest first; of one moment in the order they came.
constexpr char kOrderLikes[] =
    "INSERT INTO likes (seq, session, target, liked_at) SELECT row_number() OVER (ORDER BY at, "
    "rowid), session, target, at FROM carried_likes";
constexpr char kClear[] =
    "DROP TABLE IF EXISTS carried_likes; DELETE FROM likes; DELETE FROM plays; DELETE FROM "
    "play_keys; DELETE FROM songs; DELETE FROM playlists; DELETE FROM comments; DELETE FROM "
    "forgotten_comments; DELETE FROM sessions; DELETE FROM limits; DELETE FROM slots; DELETE FROM "
    "days; DELETE FROM target_days; DELETE FROM visitors; UPDATE timeline SET revision = 0, seed = "
    "0; DELETE FROM meta WHERE key <> 'carry_mark'";

// Tells stations apart without giving the secret away.
std::string Fingerprint(std::string_view secret) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char byte : secret) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3ULL;
  return std::to_string(hash);
}

class EmbeddedSide final : public StationSide {
 public:
  EmbeddedSide(std::unique_ptr<DataFolder> folder, std::unique_ptr<Database> database,
               const Clock& clock)
      : folder_(std::move(folder)), database_(std::move(database)), clock_(clock) {}

  std::string where() const override { return "the data folder " + folder_->path(); }
  Result<StationTally> Count(Instant staying) override;
  Result<std::string> Token() override;
  Result<CarriedPage> Read(Part part, const std::string& after, std::size_t limit) override;
  Result<std::optional<CarryMark>> Mark() override;
  Result<void> SetMark(const CarryMark& mark) override {
    return Change([] {}, &mark);
  }
  Result<void> Clear() override;
  Result<void> Write(Part part, CarriedRows rows, const CarryMark& then) override;
  Result<void> Complete(const CarryStep& step) override;
  Result<void> RemoveMark() override;

 private:
  template <class T>
  Result<T> Guarded(const std::function<T()>& work);
  // One transaction, with the mark in it.
  Result<void> Change(const std::function<void()>& work, const CarryMark* mark);
  std::int64_t CountOf(const char* sql, std::optional<Instant> after = {});
  std::map<Target, StationTally::Numbers> Numbers();
  Database& db() { return *database_; }

  const std::unique_ptr<DataFolder> folder_;
  const std::unique_ptr<Database> database_;
  const Clock& clock_;
  std::vector<CarriedCount> plays_;  // while they are read
};

template <class T>
Result<T> EmbeddedSide::Guarded(const std::function<T()>& work) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return Fail(ErrorCode::kUnavailable,
                folder_->database() + (IsDiskFull(exception, &db().connection())
                                           ? " cannot be written: the disk is full. Make room and "
                                             "run this again."
                                           : std::string(": ") + exception.what() + "."));
  }
}

Result<void> EmbeddedSide::Change(const std::function<void()>& work, const CarryMark* mark) {
  auto done = Guarded<bool>([&] {
    try {
      db().Prepare(kBegin).Run();
      work();
      if (mark != nullptr) db().SetMeta(kCarryMarkKey, mark->ToText());
      db().Prepare(kCommit).Run();
      if (db().wal_pages() > kCheckpointPages) db().Checkpoint(/*truncate=*/false);
    } catch (...) {
      db().RollBackIfOpen();
      throw;
    }
    return true;
  });
  if (!done) return Fail(done.error());
  return {};
}

std::int64_t EmbeddedSide::CountOf(const char* sql, std::optional<Instant> after) {
  Query row = db().Prepare(sql);
  if (after) row.Bind(*after);
  return row.Step() ? row.Int(0) : 0;
}

std::map<Target, StationTally::Numbers> EmbeddedSide::Numbers() {
  std::map<Target, StationTally::Numbers> numbers;
  for (const char* sql : {kCountLikes, kCountPlays}) {
    Query rows = db().Prepare(sql);
    while (rows.Step()) {
      const auto target = TargetFromKey(rows.Blob(0));
      if (!target || rows.Int(1) == 0) continue;
      StationTally::Numbers& one = numbers[*target];
      (sql == kCountLikes ? one.likes : one.plays) = rows.Int(1);
    }
  }
  return numbers;
}

Result<StationTally> EmbeddedSide::Count(Instant staying) {
  return Guarded<StationTally>([&] {
    StationTally tally;
    tally.songs = CountOf(kCountSongs);
    tally.playlists = CountOf(kCountPlaylists);
    tally.comments = CountOf(kCountComments, staying);
    tally.forgotten = CountOf(kCountForgotten, staying);
    tally.sessions = CountOf(kCountSessions, staying - std::chrono::days(kSessionDays));
    tally.days = CountOf(kCountDays);
    tally.slots = CountOf(kCountSlots, staying - std::chrono::days(kSlotDays));
    tally.numbers = Numbers();
    return tally;
  });
}

Result<std::string> EmbeddedSide::Token() {
  return Guarded<std::string>([&] {
    return "embedded " + Fingerprint(db().Meta(kSecretKey).value_or("")) + " " +
           std::to_string(CountOf(kCommits));
  });
}

Result<CarriedPage> EmbeddedSide::Read(Part part, const std::string& after, std::size_t limit) {
  return Guarded<CarriedPage>([&] {
    if (part == Part::kPlays && (after.empty() || plays_.empty())) {  // or another process began
      plays_.clear();
      for (const auto& [target, one] : Numbers()) plays_.push_back({target, one.likes, one.plays});
    }
    return ReadCarriedPage(db(), part, after, limit, {plays_, clock_.Now()});
  });
}

Result<std::optional<CarryMark>> EmbeddedSide::Mark() {
  return Guarded<std::optional<CarryMark>>([&]() -> std::optional<CarryMark> {
    const auto text = db().Meta(kCarryMarkKey);
    return text ? CarryMark::FromText(*text) : std::nullopt;
  });
}

Result<void> EmbeddedSide::Clear() {
  return Change([&] { db().Execute(kClear); }, nullptr);
}

Result<void> EmbeddedSide::Write(Part, CarriedRows rows, const CarryMark& then) {
  return Change([&] { WriteCarriedRows(db(), rows); }, &then);
}

Result<void> EmbeddedSide::Complete(const CarryStep& step) {
  step("putting the likes in order", 0, 1);
  auto done = Change(
      [&] {
        {
          Query there = db().Prepare(kTables);
          there.Bind(kCarriedLikes);
          if (!there.Step()) return;  // no likes, or all of them are in order already
        }
        // Sorted on disk where it is much.
        db().Prepare(kOrderLikes).Run();
        db().Execute("DROP TABLE carried_likes");
      },
      nullptr);
  if (done) step("putting the likes in order", 1, 1);
  return done;
}

Result<void> EmbeddedSide::RemoveMark() {
  if (auto removed = Change([&] { db().Prepare(kDropMark).Bind(kCarryMarkKey).Run(); }, nullptr);
      !removed) {
    return removed;
  }
  auto moved = Guarded<bool>([&] {
    db().Checkpoint(/*truncate=*/true);
    return true;
  });
  if (!moved) return Fail(moved.error());
  return {};
}

}  // namespace

Result<std::unique_ptr<StationSide>> OpenEmbeddedSide(const std::string& data_dir, bool must_exist,
                                                      const Clock& clock) {
  std::error_code ignored;
  const std::string path = data_dir + "/" + kDatabaseFile;
  if (must_exist && !std::filesystem::exists(path, ignored)) {
    return Fail(ErrorCode::kInvalidParameter, "There is no station in the data folder " + data_dir +
                                                  ". Name the folder that has one with --data.");
  }
  Result<std::unique_ptr<DataFolder>> folder = DataFolder::Open(data_dir);
  if (!folder) return Fail(folder.error());
  try {
    auto database = std::make_unique<Database>(path, Database::Mode::kWriter, "");
    if (auto fits = CheckVersion(*database, Migrations(), path); !fits) return Fail(fits.error());
    database->StartWriting();
    database->Execute("PRAGMA temp_store = FILE");
    Migrate(*database, Migrations());
    return std::unique_ptr<StationSide>(
        new EmbeddedSide(*std::move(folder), std::move(database), clock));
  } catch (const SQLite::Exception& exception) {
    return Fail(ErrorCode::kUnavailable,
                path + " cannot be opened: " + exception.what() + ". 'popradio check' says more.");
  }
}

}  // namespace popradio::store
