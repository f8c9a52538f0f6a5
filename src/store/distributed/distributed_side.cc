#include "store/distributed/distributed_side.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "store/distributed/mongo_analytics.h"
#include "store/distributed/mongo_catalogue.h"
#include "store/distributed/mongo_comments.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/mongo_moving.h"
#include "store/distributed/mongo_sessions.h"
#include "store/distributed/mongo_station.h"
#include "store/distributed/mongo_timeline.h"
#include "store/distributed/rebuild.h"
#include "store/distributed/redis_moving.h"
#include "store/distributed/servers.h"
#include "store/distributed/sync_source.h"

namespace popradio::store {
namespace {

using namespace distributed;  // NOLINT: it is what this reads and writes

// Likers that are written at the same time: the server works on them with all its cores.
constexpr std::size_t kLikersPerWrite = 2'500;
constexpr std::size_t kWriters = 4;
// The version of everything that is moved in: newer than what was never counted, older than
// whatever is counted afterwards (kVersionLeap).
constexpr std::int64_t kFirstVersion = 1;
// Days that are still being counted: today and yesterday, as the sync worker writes them.
constexpr std::chrono::days kCountedDays{1};

std::int64_t NumberIn(const std::string& text, std::int64_t fallback) {
  std::int64_t number = fallback;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string Fingerprint(std::string_view secret) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char byte : secret) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3ULL;
  return std::to_string(hash);
}

class DistributedSide final : public StationSide {
 public:
  DistributedSide(Servers servers, const Clock& clock, Random& random)
      : clock_(clock),
        random_(random),
        redis_(std::move(servers.redis)),
        mongo_(std::move(servers.mongo)),
        likers_(*mongo_),
        comments_(*mongo_, clock, /*ttl_days=*/30),
        sessions_(*mongo_),
        analytics_(*mongo_, {}),
        timeline_(*mongo_, clock, random),
        counted_(*redis_) {}
  ~DistributedSide() override {
    redis_->Close();
    mongo_->Stop();
  }

  // Looks at both servers.
  Result<void> Begin(bool look_only);

  std::string where() const override {
    std::string hosts;
    for (const redis::Endpoint& host : redis_->url().hosts) {
      hosts += (hosts.empty() ? "" : ",") + host.ToString();
    }
    return "MongoDB at " + mongo_->hosts() + " (" + mongo_->database() + ") and Redis at " + hosts;
  }
  Result<StationTally> Count(Instant staying) override;
  Result<std::string> Token() override;
  Result<CarriedPage> Read(Part part, const std::string& after, std::size_t limit) override;
  Result<std::optional<CarryMark>> Mark() override {
    return Mongo<std::optional<CarryMark>>(ReadCarryMark);
  }
  Result<void> SetMark(const CarryMark& mark) override {
    return Mongo<void>([&](mongo::Database& database) { return WriteCarryMark(database, mark); });
  }
  Result<void> Clear() override;
  Result<void> Write(Part part, CarriedRows rows, const CarryMark& then) override;
  Result<void> Complete(const CarryStep& step) override;
  Result<void> RemoveMark() override { return Mongo<void>(RemoveCarryMark); }

 private:
  template <class T>
  Result<T> Mongo(const std::function<Result<T>(mongo::Database&)>& work) {
    return mongo_->RunHere<T>(work);
  }
  template <class T>
  T Wait(std::function<Task<T>()> work) {
    return RunThere<T>(*redis_, std::move(work));
  }
  Result<void> OpenStation();
  std::vector<Target> Targets() const;
  Result<std::map<Target, StationTally::Numbers>> ReadCounts();
  Result<void> ReadDays(CarriedRows* rows);
  Result<void> WriteLikes(std::vector<CarriedLike> likes);
  Result<void> WriteRows(Part part, CarriedRows rows);

  const Clock& clock_;
  Random& random_;
  const std::unique_ptr<RedisClients> redis_;
  const std::unique_ptr<mongo::Pool> mongo_;
  MongoLikers likers_;
  MongoComments comments_;
  MongoSessions sessions_;
  MongoAnalytics analytics_;
  MongoTimeline timeline_;
  SyncSource counted_;
  std::unique_ptr<MongoCatalogue> catalogue_;
  std::string secret_;
  std::vector<CarriedCount> plays_;  // while they are read
};

Result<void> DistributedSide::OpenStation() {
  auto station = MongoStation::Open(*mongo_, clock_, random_, /*moving_in=*/true);
  if (!station) return Fail(station.error());
  secret_ = (*station)->secret();
  catalogue_ = std::make_unique<MongoCatalogue>(*mongo_, clock_, random_);
  return catalogue_->Load();
}

Result<void> DistributedSide::Begin(bool look_only) {
  for (const Finding& finding : LookAtRedis(*redis_)) {
    if (finding.error) return Fail(ErrorCode::kInvalidParameter, finding.sentence);
  }
  const auto nodes = Wait<Result<std::int64_t>>([this] { return ListeningNodes(*redis_); });
  if (!nodes) return Fail(nodes.error());
  if (*nodes > 0) {
    return Fail(ErrorCode::kConflict,
                (*nodes == 1 ? std::string("A node is") : std::to_string(*nodes) + " nodes are") +
                    " running on this Redis. Stop all nodes first, or what listeners do meanwhile "
                    "is not moved.");
  }
  if (!look_only) return OpenStation();
  if (auto facts = AskMongo(*mongo_, clock_); !facts) return Fail(facts.error());
  catalogue_ = std::make_unique<MongoCatalogue>(*mongo_, clock_, random_);
  return catalogue_->Load();
}

std::vector<Target> DistributedSide::Targets() const {
  std::vector<Target> targets;
  const CataloguePtr catalogue = catalogue_->Current();
  for (const Song& song : catalogue->songs()) targets.push_back({TargetType::kSong, song.id});
  for (const Playlist& playlist : catalogue->playlists()) {
    targets.push_back({TargetType::kPlaylist, playlist.id});
  }
  return targets;
}

Result<std::map<Target, StationTally::Numbers>> DistributedSide::ReadCounts() {
  const std::vector<Target> targets = Targets();
  auto likers = Mongo<std::map<Target, std::int64_t>>(
      [&](mongo::Database& database) { return CountLikers(database, targets); });
  if (!likers) return Fail(likers.error());
  auto counts =
      Wait<Result<std::vector<TargetCounts>>>([&] { return likers_.ReadCounts(targets); });
  if (!counts) return Fail(counts.error());
  std::map<Target, StationTally::Numbers> numbers;
  for (const auto& [target, likes] : *likers) numbers[target].likes = likes;
  for (const TargetCounts& one : *counts) {
    if (one.plays != 0) numbers[one.target].plays = one.plays;
  }
  return numbers;
}

Result<StationTally> DistributedSide::Count(Instant staying) {
  auto tally = Mongo<StationTally>(
      [&](mongo::Database& database) { return CountDocuments(database, staying); });
  if (!tally) return tally;
  auto numbers = ReadCounts();
  if (!numbers) return Fail(numbers.error());
  tally->numbers = *std::move(numbers);
  auto live = Wait<Result<std::map<Target, StationTally::Numbers>>>(
      [this] { return ReadNumbers(*redis_, Targets()); });
  if (!live) return Fail(live.error());
  tally->live = *std::move(live);
  if (tally->empty() && tally->live->empty()) {
    // Redis may hold a station whose MongoDB was lost, or another one.
    const auto holds = Wait<Result<bool>>([this] { return HoldsAStation(*redis_); });
    if (!holds) return Fail(holds.error());
    if (*holds) (*tally->live)[Target()] = {0, 1};
  }
  return tally;
}

Result<std::string> DistributedSide::Token() {
  const auto sum = Mongo<std::int64_t>(SumOfVersions);
  if (!sum) return Fail(sum.error());
  const auto station = Mongo<CarriedStation>(ReadCarriedStation);
  if (!station) return Fail(station.error());
  return "distributed " + Fingerprint(secret_) + " " +
         std::to_string(catalogue_->stored_version()) + " " + std::to_string(*sum) + " " +
         std::to_string(station->revision);
}

Result<void> DistributedSide::ReadDays(CarriedRows* rows) {
  const Instant today = std::chrono::floor<std::chrono::days>(clock_.Now());
  auto days = Wait<Result<std::vector<AnalyticsDay>>>(
      [&] { return analytics_.StoredDays(Instant(), today + std::chrono::days(1)); });
  if (!days) return Fail(days.error());
  for (AnalyticsDay& day : *days) {
    CarriedDay carried{std::move(day), {}};
    std::int64_t plays = 0;
    if (carried.day.date >= today - kCountedDays) {
      for (int partition = 0; partition < kPartitions; ++partition) {
        auto counts = Wait<Result<std::vector<DayCount>>>(
            [&] { return counted_.Day(carried.day.date, partition); });
        if (!counts) return Fail(counts.error());
        for (const DayCount& count : *counts) {
          carried.counted.push_back({count.target, count.plays, count.likes});
          if (count.target.type == TargetType::kSong) plays += count.plays;
        }
      }
      // Redis was emptied since: then what was rolled up before is more.
      if (plays < carried.day.total_plays) carried.counted.clear();
      std::sort(carried.counted.begin(), carried.counted.end(),
                [](const auto& a, const auto& b) { return a.target < b.target; });
    }
    rows->days.push_back(std::move(carried));
  }
  return {};
}

Result<CarriedPage> DistributedSide::Read(Part part, const std::string& after, std::size_t limit) {
  CarriedPage page;
  CarriedRows& rows = page.rows;
  const auto slice = [&](const auto& all, auto& out) {
    const auto begin = static_cast<std::size_t>(NumberIn(after, 0));
    const std::size_t last = std::min(all.size(), begin + limit);
    for (std::size_t i = begin; i < last; ++i) out.push_back(all[i]);
    if (last < all.size()) page.next = std::to_string(last);
  };
  // Puts what was read in its place; the cursor is made from the last of them.
  const auto take = [&](auto read, auto& out, const auto& cursor) -> Result<CarriedPage> {
    if (!read) return Fail(read.error());
    for (const auto& one : *read) out.push_back({one});
    if (read->size() == limit) page.next = cursor(read->back());
    return std::move(page);
  };
  const auto after_id = ObjectId::Parse(after);
  switch (part) {
    case Part::kStation: {
      auto station = Mongo<CarriedStation>(ReadCarriedStation);
      if (!station) return Fail(station.error());
      station->secret = secret_;
      rows.station = *std::move(station);
      break;
    }
    case Part::kSongs:
      slice(catalogue_->Current()->songs(), rows.songs);
      break;
    case Part::kPlaylists:
      slice(catalogue_->Current()->playlists(), rows.playlists);
      break;
    case Part::kLikes: {
      std::optional<LikerChange> from;
      if (const std::size_t end = after.rfind(':'); end != after.npos) {
        const auto target = ParseTargetName(std::string_view(after).substr(0, end));
        const auto session = SessionId::Parse(std::string_view(after).substr(end + 1));
        if (target && session) from = LikerChange{*target, *session, true, {}, 0};
      }
      auto likes =
          Wait<Result<std::vector<LikerChange>>>([&] { return likers_.Dump(from, limit); });
      if (!likes) return Fail(likes.error());
      rows.likes.reserve(likes->size());
      for (const LikerChange& like : *likes) {
        rows.likes.push_back({like.target, like.session, like.at});
      }
      if (likes->size() == limit) {
        page.next =
            TargetName(rows.likes.back().target).str() + ":" + rows.likes.back().session.ToString();
      }
      break;
    }
    case Part::kPlays:
      if (after.empty() || plays_.empty()) {  // or another process began
        auto numbers = ReadCounts();
        if (!numbers) return Fail(numbers.error());
        plays_.clear();
        for (const auto& [target, one] : *numbers) plays_.push_back({target, one.likes, one.plays});
      }
      slice(plays_, rows.plays);
      break;
    case Part::kComments:
      return take(
          Wait<Result<std::vector<Comment>>>([&] { return comments_.Dump(after_id, limit); }),
          rows.comments, [](const Comment& last) { return last.id.ToHex(); });
    case Part::kForgotten:
      return take(Mongo<std::vector<CarriedPlace>>([&](mongo::Database& database) {
                    return ReadForgotten(database, after_id.value_or(ObjectId()), limit);
                  }),
                  rows.forgotten, [](const CarriedPlace& last) { return last.comment.ToHex(); });
    case Part::kSessions: {
      auto visits = Wait<Result<std::vector<SessionVisit>>>(
          [&] { return sessions_.Dump(SessionId::Parse(after), limit); });
      if (!visits) return Fail(visits.error());
      for (const SessionVisit& visit : *visits) {
        rows.sessions.push_back({visit.session, visit.first, visit.last});
      }
      if (visits->size() == limit) page.next = visits->back().session.ToString();
      break;
    }
    case Part::kDays:
      if (auto read = ReadDays(&rows); !read) return Fail(read.error());
      break;
    case Part::kSlots:
      return take(Mongo<std::vector<Slot>>([&](mongo::Database& database) {
                    return ReadSlots(database, NumberIn(after, INT64_MIN), limit);
                  }),
                  rows.slots, [](const Slot& last) { return std::to_string(last.seq); });
  }
  return page;
}

Result<void> DistributedSide::Clear() {
  if (auto removed = Mongo<void>(RemoveStationDocuments); !removed) return removed;
  if (auto removed = Wait<Result<void>>([this] { return RemoveStation(*redis_); }); !removed) {
    return removed;
  }
  return OpenStation();  // makes the indexes again
}

Result<void> DistributedSide::WriteLikes(std::vector<CarriedLike> likes) {
  std::vector<std::vector<LikerChange>> batches;
  for (const CarriedLike& like : likes) {
    if (batches.empty() || batches.back().size() == kLikersPerWrite) {
      batches.emplace_back().reserve(kLikersPerWrite);
    }
    batches.back().push_back({like.target, like.session, true, like.at, kFirstVersion});
  }
  std::vector<Result<void>> results(kWriters);
  std::vector<std::thread> writers;
  for (std::size_t writer = 0; writer < std::min(kWriters, batches.size()); ++writer) {
    writers.emplace_back([&, writer] {
      for (std::size_t at = writer; at < batches.size() && results[writer]; at += kWriters) {
        results[writer] = Wait<Result<void>>([&] { return likers_.Write(std::move(batches[at])); });
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  for (Result<void>& result : results) {
    if (!result) return std::move(result);
  }
  return {};
}

Result<void> DistributedSide::WriteRows(Part part, CarriedRows rows) {
  switch (part) {
    case Part::kStation: {
      if (auto written = Mongo<void>([&](mongo::Database& database) {
            return WriteCarriedStation(database, *rows.station);
          });
          !written) {
        return written;
      }
      if (!rows.station->secret.empty()) secret_ = rows.station->secret;
      if (!rows.station->rotation) return {};
      return Wait<Result<void>>([&] { return timeline_.SaveRotation(*rows.station->rotation); });
    }
    case Part::kSongs:
    case Part::kPlaylists:
      return Mongo<void>([&](mongo::Database& database) {
        return WriteCatalogue(database, rows.songs, rows.playlists);
      });
    case Part::kLikes:
      return WriteLikes(std::move(rows.likes));
    case Part::kPlays: {
      std::vector<TargetCounts> counts;
      for (const CarriedCount& one : rows.plays) {
        counts.push_back({one.target, one.likes, one.plays, kFirstVersion});
      }
      auto written = Wait<Result<std::size_t>>([&] { return likers_.WriteCounts(counts); });
      if (!written) return Fail(written.error());
      return {};
    }
    case Part::kComments:
      return Wait<Result<void>>([&] { return comments_.AddAll(std::move(rows.comments)); });
    case Part::kForgotten:
      return Mongo<void>(
          [&](mongo::Database& database) { return WriteForgotten(database, rows.forgotten); });
    case Part::kSessions:
      return Mongo<void>([&](mongo::Database& database) {
        return distributed::WriteSessions(database, rows.sessions);
      });
    case Part::kDays:
      for (CarriedDay& day : rows.days) {
        if (auto written = Wait<Result<void>>([&] { return analytics_.WriteDay(day.day); });
            !written) {
          return written;
        }
        if (day.counted.empty()) continue;
        if (auto written = Wait<Result<void>>([&] { return WriteCountedDay(*redis_, day); });
            !written) {
          return written;
        }
      }
      return {};
    case Part::kSlots:
      return Mongo<void>(
          [&](mongo::Database& database) { return WriteSlots(database, rows.slots); });
  }
  return {};
}

Result<void> DistributedSide::Write(Part part, CarriedRows rows, const CarryMark& then) {
  if (rows.size() > 0) {
    if (auto written = WriteRows(part, std::move(rows)); !written) return written;
  }
  return SetMark(then);
}

Result<void> DistributedSide::Complete(const CarryStep& step) {
  catalogue_ = std::make_unique<MongoCatalogue>(*mongo_, clock_, random_);
  if (auto loaded = catalogue_->Load(); !loaded) return loaded;
  Numbers numbers;
  RedisEngagement engagement(*redis_, numbers, clock_, nullptr);
  Rebuild rebuild(engagement, likers_, *catalogue_);
  rebuild.OnFilled([&](std::int64_t done, std::int64_t all) { step("filling Redis", done, all); });
  step("filling Redis", 0, kPartitions);
  const auto filled = Wait<Result<int>>([&] { return rebuild.Run(/*moving_in=*/true); });
  if (!filled) return Fail(filled.error());
  return {};
}

}  // namespace

Result<std::unique_ptr<StationSide>> OpenDistributedSide(const DistributedOptions& options,
                                                         bool look_only, const Clock& clock,
                                                         Random& random) {
  auto servers = Connect(options, clock, random);
  if (!servers) return Fail(servers.error());
  auto side = std::make_unique<DistributedSide>(*std::move(servers), clock, random);
  if (auto begun = side->Begin(look_only); !begun) return Fail(begun.error());
  return std::unique_ptr<StationSide>(std::move(side));
}

}  // namespace popradio::store
