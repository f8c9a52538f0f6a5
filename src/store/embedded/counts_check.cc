#include "store/embedded/counts_check.h"

#include <map>

namespace popradio::embedded {
namespace {

// Numbers that differ only because a commit is on its way into memory agree, or differ otherwise,
// once the writer has gone on.
constexpr int kLooks = 4;

constexpr char kCountLikes[] = "SELECT target, count(*) FROM likes GROUP BY target";
constexpr char kCountDoubles[] =
    "SELECT target, sum(rows - 1) FROM (SELECT target, count(*) AS rows FROM likes GROUP BY "
    "target, session HAVING rows > 1) GROUP BY target";
constexpr char kReadPlays[] = "SELECT target, count FROM plays";
constexpr char kRemoveDoubles[] =
    "DELETE FROM likes WHERE target = ?1 AND seq NOT IN (SELECT min(seq) FROM likes WHERE target = "
    "?1 GROUP BY session)";

struct Numbers {
  std::int64_t likes = 0, doubles = 0, plays = 0;
};
using AllNumbers = std::map<Target, Numbers>;

AllNumbers ReadRows(Database& database) {
  // One moment for all of them.
  SQLite::Transaction snapshot(database.connection());
  AllNumbers all;
  const auto read = [&](const char* sql, std::int64_t Numbers::*field) {
    Query rows = database.Prepare(sql);
    while (rows.Step()) {
      if (const auto target = TargetFromKey(rows.Blob(0))) all[*target].*field = rows.Int(1);
    }
  };
  read(kCountLikes, &Numbers::likes);
  read(kCountDoubles, &Numbers::doubles);
  read(kReadPlays, &Numbers::plays);
  for (auto& [target, numbers] : all) numbers.likes -= numbers.doubles;
  return all;
}

struct Known {
  Target target;
  std::string name;
};

std::vector<Known> KnownTargets(const Catalogue& catalogue) {
  std::vector<Known> known;
  for (const Song& song : catalogue.songs()) {
    known.push_back({{TargetType::kSong, song.id},
                     "the song \"" + song.title + "\" (" + song.id.ToHex() + ")"});
  }
  for (const Playlist& playlist : catalogue.playlists()) {
    known.push_back({{TargetType::kPlaylist, playlist.id},
                     "the playlist \"" + playlist.title + "\" (" + playlist.id.ToHex() + ")"});
  }
  return known;
}

// "likes 5 and 6" of a target, as both say; empty: they agree.
std::string Difference(const Numbers& rows, const EngagementTable::Counted& memory) {
  std::string what;
  const auto note = [&](const char* name, std::int64_t counted, std::int64_t kept) {
    if (counted == kept) return;
    what += (what.empty() ? "" : ", ") + std::to_string(counted) + " " + name +
            " are counted and " + std::to_string(kept) + " are in the file";
  };
  note("likes", memory.likes, rows.likes);
  note("plays", memory.plays, rows.plays);
  return what;
}

Task<Result<void>> RemoveDoubles(WriterThread& writer, Target target) {
  FunctionWrite<void> operation([target](Transaction& transaction) -> Result<void> {
    const TargetKey key = ToKey(target);
    transaction.db().Prepare(kRemoveDoubles).BindBlob(key).Run();
    return {};
  });
  co_await writer.Run(operation);
  co_return std::move(operation.result);
}

// Comes back when memory has all commits that a reader could see before.
Task<Result<void>> PassTheWriter(WriterThread& writer) {
  FunctionWrite<void> operation([](Transaction&) -> Result<void> { return {}; });
  co_await writer.Run(operation);
  co_return std::move(operation.result);
}

}  // namespace

Task<Result<store::CountsReport>> CheckCounts(WriterThread& writer, ReadPool& reads,
                                              const EngagementTable& engagement,
                                              CataloguePtr catalogue, bool repair) {
  store::CountsReport report;
  const std::vector<Known> known = KnownTargets(*catalogue);
  AllNumbers rows;
  // What each look found; what is not there the next time was a commit on its way.
  std::map<Target, std::string> differing;
  for (int look = 0; look < kLooks && (look == 0 || !differing.empty()); ++look) {
    std::function<Result<AllNumbers>(Database&)> read = [](Database& database) {
      return Result<AllNumbers>(ReadRows(database));
    };
    if (look > 0) {
      if (auto passed = co_await PassTheWriter(writer); !passed) co_return Fail(passed.error());
    }
    auto found = co_await reads.Run<AllNumbers>(std::move(read));
    if (!found) co_return Fail(found.error());
    rows = *std::move(found);
    std::map<Target, std::string> now;
    for (const Known& one : known) {
      std::string what = Difference(rows[one.target], engagement.CountedOf(one.target));
      if (what.empty()) continue;
      if (look > 0 && differing[one.target] != what) continue;
      now[one.target] = std::move(what);
    }
    differing = std::move(now);
  }
  for (const Known& one : known) {
    ++report.targets;
    report.likes += rows[one.target].likes;
    if (const std::int64_t doubles = rows[one.target].doubles; doubles > 0) {
      if (repair) {
        if (auto removed = co_await RemoveDoubles(writer, one.target); !removed) {
          co_return Fail(removed.error());
        }
      }
      report.Add(one.name + ": " + std::to_string(doubles) + " likes stand in the file twice",
                 repair);
    }
    if (const auto found = differing.find(one.target); found != differing.end()) {
      report.Add(one.name + ": " + found->second +
                     "; the file is right: restart the server, which counts it anew",
                 false);
    }
    rows.erase(one.target);
  }
  for (const auto& [target, numbers] : rows) {
    report.Add(std::string("a ") + Name(target.type) + " that is not in the catalogue (" +
                   target.id.ToHex() + ") has " + std::to_string(numbers.likes) + " likes and " +
                   std::to_string(numbers.plays) + " plays: import it again, with this id",
               false);
  }
  co_return report;
}

}  // namespace popradio::embedded
