#include "store/embedded/carried_rows.h"

#include <algorithm>
#include <charconv>

#include "store/embedded/catalogue_rows.h"
#include "store/embedded/comment_rows.h"
#include "store/embedded/daily_stats.h"
#include "store/embedded/embedded_backend.h"
#include "store/embedded/timeline.h"

namespace popradio::embedded {
namespace {

using store::CarriedCount;
using store::CarriedDay;
using store::CarriedLike;
using store::CarriedPage;
using store::CarriedPlace;
using store::CarriedRows;
using store::CarriedStation;
using store::CarriedVisit;
using store::Part;
using store::TargetDay;

constexpr char kOldestOfStation[] =
    "SELECT min(created_at) FROM (SELECT min(created_at) AS created_at FROM songs UNION ALL SELECT "
    "min(created_at) FROM playlists)";
constexpr char kPageOfLikes[] =
    "SELECT seq, session, target, coalesce(liked_at, ?1 + seq) FROM likes WHERE seq > ?2 ORDER BY "
    "seq LIMIT ?3";
constexpr char kPageOfComments[] =
    "SELECT " POPRADIO_COMMENT_COLUMNS " FROM comments WHERE id > ? ORDER BY id LIMIT ?";
constexpr char kPageOfForgotten[] =
    "SELECT id, created_at, expire_at FROM forgotten_comments WHERE id > ? ORDER BY id LIMIT ?";
constexpr char kPageOfSessions[] =
    "SELECT id, created_at, last_activity FROM sessions WHERE id > ? ORDER BY id LIMIT ?";
constexpr char kPageOfDays[] = "SELECT day FROM days WHERE day > ? ORDER BY day LIMIT ?";
constexpr char kPageOfCounted[] =
    "SELECT target, plays, likes FROM target_days WHERE day = ? ORDER BY target";
constexpr char kPageOfSlots[] =
    "SELECT seq, song, starts_at, ends_at, why, skipped FROM slots WHERE seq > ? ORDER BY seq "
    "LIMIT ?";
constexpr char kPageOfTimeline[] = "SELECT revision, seed FROM timeline";

constexpr char kCarryTimeline[] = "UPDATE timeline SET revision = ?, seed = ?";
constexpr char kCarryLike[] = "INSERT INTO carried_likes (session, target, at) VALUES (?, ?, ?)";
constexpr char kCarryPlays[] = "INSERT OR REPLACE INTO plays (target, count) VALUES (?, ?)";
constexpr char kCarryForgotten[] =
    "INSERT OR REPLACE INTO forgotten_comments (id, created_at, expire_at) VALUES (?, ?, ?)";
constexpr char kCarrySession[] =
    "INSERT OR REPLACE INTO sessions (id, created_at, last_activity) VALUES (?, ?, ?)";
constexpr char kCarryDay[] = "INSERT OR REPLACE INTO days (day, plays, visitors) VALUES (?, ?, ?)";
constexpr char kDropCarriedDay[] = "DELETE FROM target_days WHERE day = ?";
constexpr char kCarryTargetDay[] =
    "INSERT OR REPLACE INTO target_days (day, target, plays, likes) VALUES (?, ?, ?, ?)";
constexpr char kCarrySlot[] =
    "INSERT OR REPLACE INTO slots (seq, song, starts_at, ends_at, why, skipped) VALUES (?, ?, ?, "
    "?, ?, ?)";
constexpr char kMakeCarriedLikes[] =
    "CREATE TABLE IF NOT EXISTS carried_likes (session BLOB NOT NULL, target BLOB NOT NULL, at "
    "INTEGER NOT NULL) STRICT";

std::int64_t CursorNumber(const std::string& text, std::int64_t fallback) {
  std::int64_t number = fallback;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::int64_t DayNumber(Instant moment) {
  return std::chrono::floor<std::chrono::days>(moment).time_since_epoch().count();
}

CarriedStation ReadCarriedStation(Database& database) {
  CarriedStation station;
  station.secret = database.Meta(store::kSecretKey).value_or("");
  if (const auto text = database.Meta(kRotationKey)) station.rotation = RotationFromJson(*text);
  Query row = database.Prepare(kPageOfTimeline);
  if (row.Step()) {
    station.revision = row.Int(0);
    station.seed = static_cast<std::uint64_t>(row.Int(1));
  }
  return station;
}

CarriedDay ReadCarriedDay(Database& database, std::int64_t number, Instant now) {
  CarriedDay day;
  day.day = ReadDays(database, number, number).front();
  if (number <= DayNumber(now) - kDaysWithEveryTarget) return day;
  Query rows = database.Prepare(kPageOfCounted);
  rows.Bind(number);
  while (rows.Step()) {
    if (const auto target = TargetFromKey(rows.Blob(0))) {
      day.counted.push_back({*target, rows.Int(1), rows.Int(2)});
    }
  }
  return day;
}

void WriteCarriedStation(Database& database, const CarriedStation& station) {
  if (!station.secret.empty()) database.SetMeta(store::kSecretKey, station.secret);
  if (station.rotation) database.SetMeta(kRotationKey, RotationToJson(*station.rotation));
  database.Prepare(kCarryTimeline)
      .Bind(station.revision)
      .Bind(static_cast<std::int64_t>(station.seed))
      .Run();
}

void WriteCarriedDay(Database& database, const CarriedDay& carried) {
  const std::int64_t day = DayNumber(carried.day.date);
  database.Prepare(kCarryDay)
      .Bind(day)
      .Bind(carried.day.total_plays)
      .Bind(carried.day.unique_visitors)
      .Run();
  database.Prepare(kDropCarriedDay).Bind(day).Run();
  const auto write = [&](const Target& target, std::int64_t plays, std::int64_t likes) {
    const TargetKey key = ToKey(target);
    database.Prepare(kCarryTargetDay).Bind(day).BindBlob(key).Bind(plays).Bind(likes).Run();
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

}  // namespace

CarriedPage ReadCarriedPage(Database& database, store::Part part, const std::string& after,
                            std::size_t page_size, const AlsoCarried& also) {
  const auto limit = static_cast<std::int64_t>(page_size);
  CarriedPage page;
  CarriedRows& rows = page.rows;
  const auto end_at = [&](std::size_t count, std::string cursor) {
    if (count == static_cast<std::size_t>(limit)) page.next = std::move(cursor);
  };
  // Of what is in memory as a whole: the place in it.
  const auto slice = [&](const auto& all, auto& out) {
    const auto begin = static_cast<std::size_t>(CursorNumber(after, 0));
    const std::size_t last = std::min(all.size(), begin + static_cast<std::size_t>(limit));
    for (std::size_t i = begin; i < last; ++i) out.push_back(all[i]);
    if (last < all.size()) page.next = std::to_string(last);
  };
  const ObjectId after_id = ObjectId::Parse(after).value_or(ObjectId());
  switch (part) {
    case Part::kStation:
      rows.station = ReadCarriedStation(database);
      break;
    case Part::kSongs:
      slice(ReadSongs(database), rows.songs);
      break;
    case Part::kPlaylists:
      slice(ReadPlaylists(database), rows.playlists);
      break;
    case Part::kLikes: {
      // Likes of before times were kept: in their order, from when the station began.
      std::int64_t oldest = 0;
      {
        Query row = database.Prepare(kOldestOfStation);
        if (row.Step()) oldest = row.Int(0);
      }
      Query query = database.Prepare(kPageOfLikes);
      query.Bind(oldest).Bind(CursorNumber(after, 0)).Bind(limit);
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
      slice(also.plays, rows.plays);
      break;
    case Part::kComments: {
      Query query = database.Prepare(kPageOfComments);
      query.Bind(after_id).Bind(limit);
      while (query.Step()) rows.comments.push_back(ReadComment(query));
      if (!rows.comments.empty()) end_at(rows.comments.size(), rows.comments.back().id.ToHex());
      break;
    }
    case Part::kForgotten: {
      Query query = database.Prepare(kPageOfForgotten);
      query.Bind(after_id).Bind(limit);
      while (query.Step()) rows.forgotten.push_back({query.Id(0), query.Time(1), query.Time(2)});
      if (!rows.forgotten.empty()) {
        end_at(rows.forgotten.size(), rows.forgotten.back().comment.ToHex());
      }
      break;
    }
    case Part::kSessions: {
      const SessionId after_session = SessionId::Parse(after).value_or(SessionId());
      Query query = database.Prepare(kPageOfSessions);
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
        Query query = database.Prepare(kPageOfDays);
        query.Bind(CursorNumber(after, -1)).Bind(limit);
        while (query.Step()) numbers.push_back(query.Int(0));
      }
      for (const std::int64_t number : numbers)
        rows.days.push_back(ReadCarriedDay(database, number, also.now));
      if (!numbers.empty()) end_at(numbers.size(), std::to_string(numbers.back()));
      break;
    }
    case Part::kSlots: {
      Query query = database.Prepare(kPageOfSlots);
      query.Bind(CursorNumber(after, INT64_MIN)).Bind(limit);
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

void WriteCarriedRows(Database& database, const store::CarriedRows& rows) {
  if (rows.station) WriteCarriedStation(database, *rows.station);
  for (const Song& song : rows.songs) WriteSong(database, song);
  for (const Playlist& playlist : rows.playlists) WritePlaylist(database, playlist);
  if (!rows.likes.empty()) database.Execute(kMakeCarriedLikes);
  for (const CarriedLike& like : rows.likes) {
    const TargetKey key = ToKey(like.target);
    database.Prepare(kCarryLike).Bind(like.session).BindBlob(key).Bind(like.at).Run();
  }
  for (const CarriedCount& count : rows.plays) {
    const TargetKey key = ToKey(count.target);
    if (count.plays != 0) database.Prepare(kCarryPlays).BindBlob(key).Bind(count.plays).Run();
  }
  for (const Comment& comment : rows.comments) WriteComment(database, comment);
  for (const CarriedPlace& place : rows.forgotten) {
    database.Prepare(kCarryForgotten)
        .Bind(place.comment)
        .Bind(place.created_at)
        .Bind(place.expire_at)
        .Run();
  }
  for (const CarriedVisit& visit : rows.sessions) {
    database.Prepare(kCarrySession).Bind(visit.session).Bind(visit.first).Bind(visit.last).Run();
  }
  for (const CarriedDay& day : rows.days) WriteCarriedDay(database, day);
  for (const Slot& slot : rows.slots) {
    database.Prepare(kCarrySlot)
        .Bind(slot.seq)
        .Bind(slot.song)
        .Bind(slot.starts_at)
        .Bind(slot.ends_at)
        .Bind(Code(slot.why))
        .Bind(slot.skipped)
        .Run();
  }
}

}  // namespace popradio::embedded
