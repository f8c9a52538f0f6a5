#include "store/embedded/embedded_side.h"

#include <charconv>
#include <filesystem>

#include "store/embedded/catalogue_rows.h"
#include "store/embedded/comment_rows.h"
#include "store/embedded/daily_stats.h"
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

constexpr char kOldest[] =
    "SELECT min(created_at) FROM (SELECT min(created_at) AS created_at FROM songs UNION ALL SELECT "
    "min(created_at) FROM playlists)";
constexpr char kReadLikes[] =
    "SELECT seq, session, target, coalesce(liked_at, ?1 + seq) FROM likes WHERE seq > ?2 ORDER BY "
    "seq LIMIT ?3";
constexpr char kReadComments[] =
    "SELECT " POPRADIO_COMMENT_COLUMNS " FROM comments WHERE id > ? ORDER BY id LIMIT ?";
constexpr char kReadForgotten[] =
    "SELECT id, created_at, expire_at FROM forgotten_comments WHERE id > ? ORDER BY id LIMIT ?";
constexpr char kReadSessions[] =
    "SELECT id, created_at, last_activity FROM sessions WHERE id > ? ORDER BY id LIMIT ?";
constexpr char kNextDays[] = "SELECT day FROM days WHERE day > ? ORDER BY day LIMIT ?";
constexpr char kReadCounted[] =
    "SELECT target, plays, likes FROM target_days WHERE day = ? ORDER BY target";
constexpr char kReadSlots[] =
    "SELECT seq, song, starts_at, ends_at, why, skipped FROM slots WHERE seq > ? ORDER BY seq "
    "LIMIT ?";
constexpr char kReadTimeline[] = "SELECT revision, seed FROM timeline";

constexpr char kWriteTimeline[] = "UPDATE timeline SET revision = ?, seed = ?";
constexpr char kWriteLike[] = "INSERT INTO carried_likes (session, target, at) VALUES (?, ?, ?)";
constexpr char kWritePlays[] = "INSERT OR REPLACE INTO plays (target, count) VALUES (?, ?)";
constexpr char kWriteForgotten[] =
    "INSERT OR REPLACE INTO forgotten_comments (id, created_at, expire_at) VALUES (?, ?, ?)";
constexpr char kWriteSession[] =
    "INSERT OR REPLACE INTO sessions (id, created_at, last_activity) VALUES (?, ?, ?)";
constexpr char kWriteDay[] = "INSERT OR REPLACE INTO days (day, plays, visitors) VALUES (?, ?, ?)";
constexpr char kDropDay[] = "DELETE FROM target_days WHERE day = ?";
constexpr char kWriteTargetDay[] =
    "INSERT OR REPLACE INTO target_days (day, target, plays, likes) VALUES (?, ?, ?, ?)";
constexpr char kWriteSlot[] =
    "INSERT OR REPLACE INTO slots (seq, song, starts_at, ends_at, why, skipped) VALUES (?, ?, ?, "
    "?, ?, ?)";
constexpr char kDropMark[] = "DELETE FROM meta WHERE key = ?";
constexpr char kCarriedLikes[] = "carried_likes";
constexpr char kMakeCarriedLikes[] =
    "CREATE TABLE IF NOT EXISTS carried_likes (session BLOB NOT NULL, target BLOB NOT NULL, at "
    "INTEGER NOT NULL) STRICT";
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

std::int64_t NumberOf(const std::string& text, std::int64_t fallback) {
  std::int64_t number = fallback;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::int64_t DayOf(Instant moment) {
  return std::chrono::floor<std::chrono::days>(moment).time_since_epoch().count();
}

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
  CarriedStation ReadStation();
  CarriedPage ReadPage(Part part, const std::string& after, std::int64_t limit);
  CarriedDay ReadCarriedDay(std::int64_t day);
  void WriteRows(const CarriedRows& rows);
  void WriteStation(const CarriedStation& station);
  void WriteDay(const CarriedDay& day);
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
  return Guarded<CarriedPage>(
      [&] { return ReadPage(part, after, static_cast<std::int64_t>(limit)); });
}

CarriedStation EmbeddedSide::ReadStation() {
  CarriedStation station;
  station.secret = db().Meta(kSecretKey).value_or("");
  if (const auto text = db().Meta(kRotationKey)) station.rotation = RotationFromJson(*text);
  Query row = db().Prepare(kReadTimeline);
  if (row.Step()) {
    station.revision = row.Int(0);
    station.seed = static_cast<std::uint64_t>(row.Int(1));
  }
  return station;
}

CarriedDay EmbeddedSide::ReadCarriedDay(std::int64_t number) {
  CarriedDay day;
  day.day = ReadDays(db(), number, number).front();
  if (number <= DayOf(clock_.Now()) - kDaysWithEveryTarget) return day;
  Query rows = db().Prepare(kReadCounted);
  rows.Bind(number);
  while (rows.Step()) {
    if (const auto target = TargetFromKey(rows.Blob(0))) {
      day.counted.push_back({*target, rows.Int(1), rows.Int(2)});
    }
  }
  return day;
}

CarriedPage EmbeddedSide::ReadPage(Part part, const std::string& after, std::int64_t limit) {
  CarriedPage page;
  CarriedRows& rows = page.rows;
  const auto end_at = [&](std::size_t count, std::string cursor) {
    if (count == static_cast<std::size_t>(limit)) page.next = std::move(cursor);
  };
  // Of what is in memory as a whole: the place in it.
  const auto slice = [&](const auto& all, auto& out) {
    const auto begin = static_cast<std::size_t>(NumberOf(after, 0));
    const std::size_t last = std::min(all.size(), begin + static_cast<std::size_t>(limit));
    for (std::size_t i = begin; i < last; ++i) out.push_back(all[i]);
    if (last < all.size()) page.next = std::to_string(last);
  };
  const ObjectId after_id = ObjectId::Parse(after).value_or(ObjectId());
  switch (part) {
    case Part::kStation:
      rows.station = ReadStation();
      break;
    case Part::kSongs:
      slice(ReadSongs(db()), rows.songs);
      break;
    case Part::kPlaylists:
      slice(ReadPlaylists(db()), rows.playlists);
      break;
    case Part::kLikes: {
      // Likes of before times were kept: in their order, from when the station began.
      const std::int64_t oldest = CountOf(kOldest);
      Query query = db().Prepare(kReadLikes);
      query.Bind(oldest).Bind(NumberOf(after, 0)).Bind(limit);
      std::int64_t last = 0;
      std::size_t read = 0;
      for (; query.Step(); ++read) {
        last = query.Int(0);
        if (const auto target = TargetFromKey(query.Blob(2))) {
          rows.likes.push_back({*target, query.Session(1), query.Time(3)});
        }
      }
      end_at(read, std::to_string(last));
      break;
    }
    case Part::kPlays:
      if (after.empty() || plays_.empty()) {  // or another process began
        plays_.clear();
        for (const auto& [target, one] : Numbers()) {
          plays_.push_back({target, one.likes, one.plays});
        }
      }
      slice(plays_, rows.plays);
      break;
    case Part::kComments: {
      Query query = db().Prepare(kReadComments);
      query.Bind(after_id).Bind(limit);
      while (query.Step()) rows.comments.push_back(ReadComment(query));
      if (!rows.comments.empty()) end_at(rows.comments.size(), rows.comments.back().id.ToHex());
      break;
    }
    case Part::kForgotten: {
      Query query = db().Prepare(kReadForgotten);
      query.Bind(after_id).Bind(limit);
      while (query.Step()) rows.forgotten.push_back({query.Id(0), query.Time(1), query.Time(2)});
      if (!rows.forgotten.empty()) {
        end_at(rows.forgotten.size(), rows.forgotten.back().comment.ToHex());
      }
      break;
    }
    case Part::kSessions: {
      const SessionId after_session = SessionId::Parse(after).value_or(SessionId());
      Query query = db().Prepare(kReadSessions);
      query.Bind(after_session).Bind(limit);
      while (query.Step()) {
        rows.sessions.push_back({query.Session(0), query.Time(1), query.Time(2)});
      }
      if (!rows.sessions.empty()) {
        end_at(rows.sessions.size(), rows.sessions.back().session.ToString());
      }
      break;
    }
    case Part::kDays: {
      std::vector<std::int64_t> numbers;
      {
        Query query = db().Prepare(kNextDays);
        query.Bind(NumberOf(after, -1)).Bind(limit);
        while (query.Step()) numbers.push_back(query.Int(0));
      }
      for (const std::int64_t number : numbers) rows.days.push_back(ReadCarriedDay(number));
      if (!numbers.empty()) end_at(numbers.size(), std::to_string(numbers.back()));
      break;
    }
    case Part::kSlots: {
      Query query = db().Prepare(kReadSlots);
      query.Bind(NumberOf(after, INT64_MIN)).Bind(limit);
      while (query.Step()) {
        rows.slots.push_back({query.Int(0), query.Id(1), query.Time(2), query.Time(3),
                              WhyFromCode(query.Text(4)), query.Int(5) != 0});
      }
      if (!rows.slots.empty()) end_at(rows.slots.size(), std::to_string(rows.slots.back().seq));
      break;
    }
  }
  return page;
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

void EmbeddedSide::WriteStation(const CarriedStation& station) {
  if (!station.secret.empty()) db().SetMeta(kSecretKey, station.secret);
  if (station.rotation) db().SetMeta(kRotationKey, RotationToJson(*station.rotation));
  db().Prepare(kWriteTimeline)
      .Bind(station.revision)
      .Bind(static_cast<std::int64_t>(station.seed))
      .Run();
}

void EmbeddedSide::WriteDay(const CarriedDay& carried) {
  const std::int64_t day = DayOf(carried.day.date);
  db().Prepare(kWriteDay)
      .Bind(day)
      .Bind(carried.day.total_plays)
      .Bind(carried.day.unique_visitors)
      .Run();
  db().Prepare(kDropDay).Bind(day).Run();
  const auto write = [&](const Target& target, std::int64_t plays, std::int64_t likes) {
    const TargetKey key = ToKey(target);
    db().Prepare(kWriteTargetDay).Bind(day).BindBlob(key).Bind(plays).Bind(likes).Run();
  };
  for (const TargetDay& top : carried.day.top_songs) {
    write({TargetType::kSong, top.id}, top.plays, top.likes);
  }
  for (const TargetDay& top : carried.day.top_playlists) {
    write({TargetType::kPlaylist, top.id}, top.plays, top.likes);
  }
  for (const auto& counted : carried.counted) {
    write(counted.target, counted.plays, counted.likes);
  }
}

void EmbeddedSide::WriteRows(const CarriedRows& rows) {
  if (rows.station) WriteStation(*rows.station);
  for (const Song& song : rows.songs) WriteSong(db(), song);
  for (const Playlist& playlist : rows.playlists) WritePlaylist(db(), playlist);
  if (!rows.likes.empty()) db().Execute(kMakeCarriedLikes);
  for (const CarriedLike& like : rows.likes) {
    const TargetKey key = ToKey(like.target);
    db().Prepare(kWriteLike).Bind(like.session).BindBlob(key).Bind(like.at).Run();
  }
  for (const CarriedCount& count : rows.plays) {
    const TargetKey key = ToKey(count.target);
    if (count.plays != 0) db().Prepare(kWritePlays).BindBlob(key).Bind(count.plays).Run();
  }
  for (const Comment& comment : rows.comments) WriteComment(db(), comment);
  for (const CarriedPlace& place : rows.forgotten) {
    db().Prepare(kWriteForgotten)
        .Bind(place.comment)
        .Bind(place.created_at)
        .Bind(place.expire_at)
        .Run();
  }
  for (const CarriedVisit& visit : rows.sessions) {
    db().Prepare(kWriteSession).Bind(visit.session).Bind(visit.first).Bind(visit.last).Run();
  }
  for (const CarriedDay& day : rows.days) WriteDay(day);
  for (const Slot& slot : rows.slots) {
    db().Prepare(kWriteSlot)
        .Bind(slot.seq)
        .Bind(slot.song)
        .Bind(slot.starts_at)
        .Bind(slot.ends_at)
        .Bind(Code(slot.why))
        .Bind(slot.skipped)
        .Run();
  }
}

Result<void> EmbeddedSide::Write(Part, CarriedRows rows, const CarryMark& then) {
  return Change([&] { WriteRows(rows); }, &then);
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
