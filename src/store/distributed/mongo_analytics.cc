#include "store/distributed/mongo_analytics.h"

#include <map>

#include "store/distributed/mongo_collections.h"

namespace popradio::store::distributed {
namespace {

using mongo::Database;
using mongo::Document;
using mongo::FindOptions;
using mongo::List;
using mongo::View;

Instant MidnightOf(Instant moment) { return std::chrono::floor<std::chrono::days>(moment); }

// The day's seconds, and zeros: one date has one id, so that two writers cannot make two documents.
ObjectId DayId(Instant date) {
  const auto seconds = static_cast<std::uint32_t>(ToEpochMs(date) / 1000);
  std::array<std::uint8_t, ObjectId::kBytes> bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
  return ObjectId(bytes);
}

List TopList(const std::vector<TargetDay>& top, const char* id, const char* plays) {
  List list;
  for (const TargetDay& target : top) {
    list.Add(Document{{id, target.id}, {plays, target.plays}, {"likes", target.likes}});
  }
  return list;
}

std::vector<TargetDay> ReadTop(View day, const char* field, const char* id, const char* plays) {
  std::vector<TargetDay> top;
  for (const View target : day.Subs(field)) {
    top.push_back({target.Id(id), target.Int(plays), target.Int("likes")});
  }
  return top;
}

Document DayDocument(const AnalyticsDay& day) {
  return Document{{"_id", DayId(day.date)},
                  {"date", day.date},
                  {"totalPlays", day.total_plays},
                  {"uniqueVisitors", day.unique_visitors},
                  {"topSongs", TopList(day.top_songs, "songId", "plays")},
                  {"topPlaylists", TopList(day.top_playlists, "playlistId", "views")}};
}

AnalyticsDay ReadDay(View view) {
  AnalyticsDay day;
  day.date = view.Date("date");
  day.total_plays = view.Int("totalPlays");
  day.unique_visitors = view.Int("uniqueVisitors");
  day.top_songs = ReadTop(view, "topSongs", "songId", "plays");
  day.top_playlists = ReadTop(view, "topPlaylists", "playlistId", "views");
  return day;
}

}  // namespace

Task<Result<std::vector<AnalyticsDay>>> MongoAnalytics::StoredDays(Instant from, Instant to) {
  std::function<Result<std::vector<AnalyticsDay>>(Database&)> work =
      [from, to](Database& database) -> Result<std::vector<AnalyticsDay>> {
    FindOptions options;
    options.sort = Document{{"date", 1}};
    std::vector<AnalyticsDay> days;
    auto done = database.Find(
        kAnalytics,
        Document{{"date", Document{{"$gte", MidnightOf(from)}, {"$lte", MidnightOf(to)}}}}, options,
        [&](View view) { days.push_back(ReadDay(view)); });
    if (!done) return Fail(done.error());
    return days;
  };
  co_return co_await pool_.Run<std::vector<AnalyticsDay>>(std::move(work));
}

Task<Result<std::vector<AnalyticsDay>>> MongoAnalytics::Days(Instant from, Instant to) {
  Result<std::vector<AnalyticsDay>> stored = co_await StoredDays(from, to);
  if (!stored) co_return stored;
  Result<std::vector<AnalyticsDay>> live = co_await live_.days(from, to);
  if (!live) co_return stored;
  std::map<Instant, AnalyticsDay> days;
  for (AnalyticsDay& day : *stored) days[day.date] = std::move(day);
  for (AnalyticsDay& day : *live) {
    // Redis may have lost a day that was rolled up while it was still there.
    const auto kept = days.find(day.date);
    if (kept != days.end() && kept->second.total_plays > day.total_plays) continue;
    days[day.date] = std::move(day);
  }
  std::vector<AnalyticsDay> all;
  for (auto& [date, day] : days) all.push_back(std::move(day));
  co_return all;
}

Task<Result<void>> MongoAnalytics::WriteDay(AnalyticsDay day) {
  day.date = MidnightOf(day.date);
  std::function<Result<void>(Database&)> work = [&day](Database& database) -> Result<void> {
    const Document whole{{"$literal", DayDocument(day)}};
    auto written = database.Update(kAnalytics, Document{{"_id", DayId(day.date)}},
                                   List{Document{{"$replaceWith", whole}}}, /*upsert=*/true);
    if (!written) return Fail(written.error());
    return {};
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

}  // namespace popradio::store::distributed
