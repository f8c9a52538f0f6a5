#include "store/embedded/daily_stats.h"

#include <algorithm>
#include <cstring>

#include "store/embedded/sip_hash.h"

namespace popradio::embedded {
namespace {

constexpr char kAddDay[] =
    "INSERT INTO days (day, plays, visitors) VALUES (?, ?, ?) ON CONFLICT (day) DO UPDATE SET "
    "plays = plays + excluded.plays, visitors = visitors + excluded.visitors";
constexpr char kAddTarget[] =
    "INSERT INTO target_days (day, target, plays, likes) VALUES (?, ?, ?, ?) ON CONFLICT (day, "
    "target) DO "
    "UPDATE SET plays = plays + excluded.plays, likes = likes + excluded.likes";
constexpr char kAddVisit[] = "INSERT INTO visitors (hash) VALUES (?)";
constexpr char kDropVisits[] = "DELETE FROM visitors";
constexpr char kReadVisits[] = "SELECT hash FROM visitors";
constexpr char kReadDays[] =
    "SELECT day, plays, visitors FROM days WHERE day BETWEEN ? AND ? ORDER BY day";
// Keys of songs begin with 00, those of playlists with 01.
constexpr char kReadTop[] =
    "SELECT target, plays, likes FROM target_days WHERE day = ?1 AND target >= ?2 AND target < ?3 "
    "ORDER BY plays DESC, likes DESC, target LIMIT ?4";
constexpr char kNextToPrune[] = "SELECT min(day) FROM target_days WHERE day > ? AND day < ?";
constexpr char kPruneDay[] =
    "DELETE FROM target_days WHERE day = ?1 AND target NOT IN (SELECT target FROM target_days "
    "WHERE day = ?1 "
    "AND target < X'01' ORDER BY plays DESC, likes DESC, target LIMIT ?2) AND target NOT IN "
    "(SELECT target "
    "FROM target_days WHERE day = ?1 AND target >= X'01' ORDER BY plays DESC, likes DESC, target "
    "LIMIT ?2)";
constexpr char kVisitDay[] = "visit_day";
constexpr char kVisitSalt[] = "visit_salt";
constexpr char kPrunedDay[] = "pruned_day";

std::vector<store::TargetDay> Top(Database& database, std::int64_t day, TargetType type) {
  const auto first = static_cast<std::uint8_t>(type);
  const std::uint8_t begin[] = {first}, end[] = {static_cast<std::uint8_t>(first + 1)};
  Query rows = database.Prepare(kReadTop);
  rows.Bind(day).BindBlob(begin).BindBlob(end).Bind(static_cast<std::int64_t>(store::kTopTargets));
  std::vector<store::TargetDay> top;
  while (rows.Step()) {
    if (const auto target = TargetFromKey(rows.Blob(0)))
      top.push_back({target->id, rows.Int(1), rows.Int(2)});
  }
  return top;
}

}  // namespace

std::vector<store::AnalyticsDay> ReadDays(Database& database, std::int64_t first,
                                          std::int64_t last) {
  std::vector<store::AnalyticsDay> days;
  std::vector<std::int64_t> numbers;
  {
    Query rows = database.Prepare(kReadDays);
    rows.Bind(first).Bind(last);
    while (rows.Step()) {
      store::AnalyticsDay& day = days.emplace_back();
      numbers.push_back(rows.Int(0));
      day.date = std::chrono::sys_days(std::chrono::days(rows.Int(0)));
      day.total_plays = rows.Int(1);
      day.unique_visitors = rows.Int(2);
    }
  }
  for (std::size_t i = 0; i < days.size(); ++i) {
    days[i].top_songs = Top(database, numbers[i], TargetType::kSong);
    days[i].top_playlists = Top(database, numbers[i], TargetType::kPlaylist);
  }
  return days;
}

DailyStats::Day DailyStats::DayOf(Instant now) {
  return std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
}

void DailyStats::Visit(const SessionId& session, Instant now) {
  const Day day = DayOf(now);
  const std::size_t index = session.bytes()[15] % kVisitShards;
  Shard& shard = shards_[index];
  for (;;) {
    {
      const std::lock_guard lock(shard.mutex);
      if (shard.day == day) {
        // The shard stands in the hash, so that it is found again after a restart.
        const std::uint64_t hash = (SipHash(shard.salt.low, shard.salt.high, session) &
                                    ~(std::uint64_t{kVisitShards} - 1)) |
                                   index;
        if (shard.seen.size() < kMaxDailyVisitors / kVisitShards &&
            shard.seen.insert(hash).second) {
          shard.unwritten.push_back(hash);
        }
        return;
      }
    }
    BeginDay(day);
  }
}

std::pair<DailyStats::Day, std::int64_t> DailyStats::Today() {
  const std::lock_guard day_lock(day_mutex_);
  std::int64_t visitors = 0;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    visitors += static_cast<std::int64_t>(shard.seen.size());
  }
  return {shards_[0].day, visitors};
}

void DailyStats::BeginDay(Day day) {
  const std::lock_guard day_lock(day_mutex_);
  const Day before = shards_[0].day;  // days change only here
  if (before == day) return;
  const Salt salt{random_.Next(), random_.Next()};
  std::int64_t unwritten = 0;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    unwritten += static_cast<std::int64_t>(shard.unwritten.size());
    shard.day = day;
    shard.salt = salt;
    shard.seen = {};
    shard.unwritten.clear();
  }
  if (unwritten > 0) finished_.push_back({before, unwritten});
}

void DailyStats::Count(const Target& target, std::int64_t plays, std::int64_t likes) {
  Delta& delta = counted_[target];
  delta.plays += plays;
  delta.likes += likes;
}

void DailyStats::Write(Transaction& transaction, Housekeeping& housekeeping) {
  WriteCounts(transaction);
  if (!housekeeping.due) return;
  WriteVisits(transaction, housekeeping);
  Prune(transaction);
}

void DailyStats::WriteCounts(Transaction& transaction) {
  if (counted_.empty()) return;
  const Day day = DayOf(transaction.now());
  std::int64_t song_plays = 0;
  for (const auto& [target, delta] : counted_) {
    if (delta.plays == 0 && delta.likes == 0) continue;
    const TargetKey key = ToKey(target);
    transaction.db()
        .Prepare(kAddTarget)
        .Bind(day)
        .BindBlob(key)
        .Bind(delta.plays)
        .Bind(delta.likes)
        .Run();
    if (target.type == TargetType::kSong) song_plays += delta.plays;
  }
  transaction.db().Prepare(kAddDay).Bind(day).Bind(song_plays).Bind(std::int64_t{0}).Run();
}

void DailyStats::WriteVisits(Transaction& transaction, Housekeeping& housekeeping) {
  const Day today = DayOf(transaction.now());
  bool over = false;
  {
    const std::lock_guard day_lock(day_mutex_);
    writing_finished_.swap(finished_);
    over = shards_[0].day >= 0 && shards_[0].day < today;
  }
  for (const Finished& finished : writing_finished_) {
    transaction.db()
        .Prepare(kAddDay)
        .Bind(finished.day)
        .Bind(std::int64_t{0})
        .Bind(finished.visitors)
        .Run();
  }
  for (std::size_t i = 0; i < kVisitShards && housekeeping.rows_left > 0; ++i) {
    WriteShard(i, transaction, housekeeping);
  }
  if (over && writing_.empty()) BeginDay(today);  // nobody came yet: the day is over all the same
  if (stored_day_ >= 0 && stored_day_ < today && writing_.empty()) {
    StoreDay(transaction.db(), -1, Salt{});
  }
}

void DailyStats::WriteShard(std::size_t index, Transaction& transaction,
                            Housekeeping& housekeeping) {
  Written written{index, -1, {}};
  Salt salt;
  {
    Shard& shard = shards_[index];
    const std::lock_guard lock(shard.mutex);
    const std::size_t count = std::min(shard.unwritten.size(), housekeeping.rows_left);
    if (count == 0) return;
    written.day = shard.day;
    salt = shard.salt;
    written.hashes.assign(shard.unwritten.end() - static_cast<std::ptrdiff_t>(count),
                          shard.unwritten.end());
    shard.unwritten.resize(shard.unwritten.size() - count);
  }
  housekeeping.rows_left -= written.hashes.size();
  Database& database = transaction.db();
  if (storing_day_ != written.day) StoreDay(database, written.day, salt);
  for (const std::uint64_t hash : written.hashes) {
    database.Prepare(kAddVisit).Bind(static_cast<std::int64_t>(hash)).Run();
  }
  database.Prepare(kAddDay)
      .Bind(written.day)
      .Bind(std::int64_t{0})
      .Bind(static_cast<std::int64_t>(written.hashes.size()))
      .Run();
  writing_.push_back(std::move(written));
}

void DailyStats::StoreDay(Database& database, Day day, const Salt& salt) {
  database.Prepare(kDropVisits).Run();
  database.SetMeta(kVisitDay, std::to_string(day));
  database.SetMeta(kVisitSalt, {reinterpret_cast<const char*>(&salt), sizeof salt});
  storing_day_ = day;
}

void DailyStats::Prune(Transaction& transaction) {
  const Day end = DayOf(transaction.now()) - kDaysWithEveryTarget;
  if (pruned_day_ + 1 >= end) return;
  std::optional<Day> next;
  {
    Query days = transaction.read().Prepare(kNextToPrune);
    days.Bind(pruned_day_).Bind(end);
    if (days.Step() && !days.IsNull(0)) next = days.Int(0);
  }
  if (!next) {
    pruned_day_ = end - 1;
    return;
  }
  transaction.db()
      .Prepare(kPruneDay)
      .Bind(*next)
      .Bind(static_cast<std::int64_t>(store::kTopTargets))
      .Run();
  transaction.db().SetMeta(kPrunedDay, std::to_string(*next));
  pruning_day_ = *next;
}

void DailyStats::Committed() {
  counted_.clear();
  writing_.clear();
  writing_finished_.clear();
  stored_day_ = storing_day_;
  if (pruning_day_) pruned_day_ = *pruning_day_;
  pruning_day_.reset();
}

void DailyStats::RolledBack() {
  counted_.clear();
  storing_day_ = stored_day_;
  pruning_day_.reset();
  const std::lock_guard day_lock(day_mutex_);
  finished_.insert(finished_.end(), writing_finished_.begin(), writing_finished_.end());
  writing_finished_.clear();
  for (Written& written : writing_) {
    Shard& shard = shards_[written.shard];
    const std::lock_guard lock(shard.mutex);
    if (shard.day == written.day) {
      shard.unwritten.insert(shard.unwritten.end(), written.hashes.begin(), written.hashes.end());
    } else {
      finished_.push_back({written.day, static_cast<std::int64_t>(written.hashes.size())});
    }
  }
  writing_.clear();
}

void DailyStats::Load(Database& database) {
  if (const auto pruned = database.Meta(kPrunedDay)) pruned_day_ = std::atoll(pruned->c_str());
  const std::optional<std::string> day = database.Meta(kVisitDay);
  const std::optional<std::string> salt = database.Meta(kVisitSalt);
  if (!day || !salt || salt->size() != sizeof(Salt)) return;
  stored_day_ = storing_day_ = std::atoll(day->c_str());
  if (stored_day_ < 0) return;
  for (Shard& shard : shards_) {
    shard.day = stored_day_;
    std::memcpy(&shard.salt, salt->data(), sizeof shard.salt);
  }
  Query rows = database.Prepare(kReadVisits);
  while (rows.Step()) {
    const auto hash = static_cast<std::uint64_t>(rows.Int(0));
    shards_[hash % kVisitShards].seen.insert(hash);
  }
}

void DailyStats::Reload(Database& database) {
  const std::optional<std::string> day = database.Meta(kVisitDay);
  stored_day_ = storing_day_ = day ? std::atoll(day->c_str()) : -1;
  boost::unordered_flat_set<std::uint64_t, Hasher> stored;
  Query rows = database.Prepare(kReadVisits);
  while (rows.Step()) stored.insert(static_cast<std::uint64_t>(rows.Int(0)));
  const std::lock_guard day_lock(day_mutex_);
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    if (shard.day != stored_day_) continue;
    std::erase_if(shard.unwritten, [&](std::uint64_t hash) { return stored.contains(hash); });
  }
}

Task<Result<std::vector<store::AnalyticsDay>>> DailyStats::Days(Instant from, Instant to) {
  const Day first = DayOf(from), last = DayOf(to);
  std::function<Result<std::vector<store::AnalyticsDay>>(Database&)> read =
      [first, last](Database& database) -> Result<std::vector<store::AnalyticsDay>> {
    return ReadDays(database, first, last);
  };
  auto days = co_await reads_.Run<std::vector<store::AnalyticsDay>>(std::move(read));
  // The file is a batch behind with visitors; today's are known here.
  const auto [today, visitors] = Today();
  if (!days || visitors == 0 || today < first || today > last) co_return days;
  const Instant date = std::chrono::sys_days(std::chrono::days(today));
  const auto at =
      std::lower_bound(days->begin(), days->end(), date,
                       [](const store::AnalyticsDay& day, Instant d) { return day.date < d; });
  if (at != days->end() && at->date == date) {
    // A clock set back begins a day again: then the file knows more than this process has seen.
    at->unique_visitors = std::max(at->unique_visitors, visitors);
  } else {
    store::AnalyticsDay fresh;
    fresh.date = date;
    fresh.unique_visitors = visitors;
    days->insert(at, std::move(fresh));
  }
  co_return days;
}

}  // namespace popradio::embedded
