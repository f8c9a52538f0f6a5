#include "store/distributed/counts_check.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "store/distributed/engagement_scripts.h"
#include "store/distributed/outbox_drain.h"
#include "store/distributed/outcomes.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Outcome;
using redis::Repeat;

constexpr Millis kCheckTimeout{5'000};
constexpr int kScanned = 1'000;
constexpr std::size_t kLikersPerPage = 5'000;
// How often something that changes while it is looked at is looked at again, before it is left to
// the next check.
constexpr int kLooks = 5;

std::string Number(std::int64_t number) { return std::to_string(number); }

std::string NameOf(const char* kind, const std::string& title, const ObjectId& id) {
  return std::string("the ") + kind + " \"" + title + "\" (" + id.ToHex() + ")";
}

}  // namespace

CountsCheck::CountsCheck(RedisClients& clients, MongoLikers& likers,
                         const CatalogueStore& catalogue)
    : clients_(clients),
      likers_(likers),
      catalogue_(catalogue),
      source_(clients),
      look_(scripts::kLook),
      mend_(scripts::kMend) {}

Task<Result<CountsReport>> CountsCheck::Run(bool repair) {
  CountsReport report;
  const CataloguePtr catalogue = catalogue_.Current();
  std::vector<Job> jobs;
  for (const Song& song : catalogue->songs()) {
    jobs.push_back(
        {{TargetType::kSong, song.id}, NameOf("song", song.title, song.id), repair, &report});
  }
  for (const Playlist& playlist : catalogue->playlists()) {
    jobs.push_back({{TargetType::kPlaylist, playlist.id},
                    NameOf("playlist", playlist.title, playlist.id),
                    repair,
                    &report});
  }
  for (const Job& job : jobs) {
    if (auto checked = co_await CheckTarget(job); !checked) co_return Fail(checked.error());
  }
  co_return report;
}

// ---- Looking.

namespace {

template <class Seen>
Result<Seen> SeenIn(const Outcome& outcome) {
  if (!Good(outcome)) return Fail(WhyNot(outcome));
  Seen seen;
  seen.built = outcome->at(0).integer() == 1;
  seen.likers = outcome->at(1).integer();
  seen.likes = outcome->at(2).integer();
  seen.plays = outcome->at(3).integer();
  seen.version = outcome->at(4).integer();
  seen.dirty = outcome->at(5).integer() == 1;
  if (const std::string score(outcome->at(6).text()); !score.empty()) {
    seen.liked_at_ms = static_cast<std::int64_t>(std::strtod(score.c_str(), nullptr) / 1000);
  }
  return seen;
}

void FillKeys(Command& command, const Target& target) {
  const int partition = PartitionOf(target);
  command.Key(BuiltKey(partition))
      .Key(LikersKey(target))
      .Key(LikesKey(target))
      .Key(PlaysKey(target))
      .Key(VersionKey(target))
      .Key(DirtyKey(partition));
  command.Arg(TargetName(target));
}

}  // namespace

Task<Result<CountsCheck::Seen>> CountsCheck::Look(Target target, const SessionId* session) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const auto fill = [&](Command& command) {
    FillKeys(command, target);
    if (session) command.Arg(session->ToString());
  };
  const CallOptions options{.deadline = clients_.In(kCheckTimeout), .repeat = Repeat::kSafe};
  const Outcome outcome = co_await Evaluate(here, look_, 6, fill, options);
  co_return SeenIn<Seen>(outcome);
}

Task<Result<CountsCheck::Seen>> CountsCheck::Mend(Target target, const SessionId* session,
                                                  std::int64_t version) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const auto fill = [&](Command& command) {
    FillKeys(command, target);
    command.Arg(session ? session->ToString() : "").Arg(version);
  };
  // Twice raises the version twice, which harms nobody.
  const CallOptions options{
      .deadline = clients_.In(kCheckTimeout), .repeat = Repeat::kSafe, .durable = true};
  const Outcome outcome = co_await Evaluate(here, mend_, 6, fill, options);
  co_return SeenIn<Seen>(outcome);
}

Task<Result<TargetCounts>> CountsCheck::Stored(Target target) {
  std::vector<Target> targets;
  targets.push_back(target);
  auto counts = co_await likers_.ReadCounts(std::move(targets));
  if (!counts) co_return Fail(counts.error());
  co_return counts->front();
}

// ---- Comparing.

Task<Result<void>> CountsCheck::CheckTarget(Job job) {
  ++job.report->targets;
  const auto seen = co_await Look(job.target, nullptr);
  if (!seen) co_return Fail(seen.error());
  if (!seen->built) {
    const auto stored = co_await Stored(job.target);
    if (!stored) co_return Fail(stored.error());
    co_return co_await CheckUnbuilt(job, *stored);
  }
  job.report->likes += seen->likers;
  if (auto numbers = co_await CheckNumbers(job); !numbers) co_return numbers;
  co_return co_await CheckLikers(job);
}

Task<Result<void>> CountsCheck::CheckUnbuilt(Job job, TargetCounts stored) {
  const auto likers = co_await likers_.Count(job.target);
  if (!likers) co_return Fail(likers.error());
  job.report->likes += *likers;
  if (*likers == stored.likes) co_return Result<void>();
  if (job.repair) {
    std::vector<TargetCounts> counts;
    counts.push_back({job.target, *likers, stored.plays, stored.version + 1});
    if (auto written = co_await likers_.WriteCounts(std::move(counts)); !written) {
      co_return Fail(written.error());
    }
  }
  job.report->Add(job.name + ": MongoDB says " + Number(stored.likes) + " likes and knows " +
                      Number(*likers) + " likers (Redis is empty and not filled again yet)",
                  job.repair);
  co_return Result<void>();
}

Task<Result<void>> CountsCheck::CheckNumbers(Job job) {
  for (int looks = 0; looks < kLooks; ++looks) {
    const auto before = co_await Look(job.target, nullptr);
    if (!before) co_return Fail(before.error());
    const auto stored = co_await Stored(job.target);
    if (!stored) co_return Fail(stored.error());
    const auto after = co_await Look(job.target, nullptr);
    if (!after) co_return Fail(after.error());
    if (!before->built || !after->built) co_return Result<void>();

    std::string what;
    // One script counts both, so at no moment they may differ.
    if (after->likes != after->likers) {
      what = "Redis counts " + Number(after->likes) + " likes and knows " + Number(after->likers) +
             " likers";
    } else if (stored->version > after->version) {
      what = "MongoDB knows a later version than Redis (" + Number(stored->version) + ", " +
             Number(after->version) + "), so nothing would be synced";
    } else if (before->version != after->version) {
      continue;  // somebody likes it just now
    } else if (stored->version < after->version) {
      if (before->dirty || after->dirty) co_return Result<void>();  // the next sync writes it
      what = "Redis has changes that no sync would find";
    } else if (stored->likes != after->likes || stored->plays != after->plays) {
      what = "MongoDB says " + Number(stored->likes) + " likes and " + Number(stored->plays) +
             " plays, Redis " + Number(after->likes) + " and " + Number(after->plays);
    } else {
      co_return Result<void>();
    }
    if (job.repair) {
      const auto mended = co_await Mend(job.target, nullptr, stored->version);
      if (!mended) co_return Fail(mended.error());
      if (!mended->built) co_return Result<void>();
      std::vector<TargetCounts> counts;
      counts.push_back({job.target, mended->likes, mended->plays, mended->version});
      if (auto written = co_await likers_.WriteCounts(std::move(counts)); !written) {
        co_return Fail(written.error());
      }
    }
    job.report->Add(job.name + ": " + what, job.repair);
    co_return Result<void>();
  }
  co_return Result<void>();
}

Task<Result<std::vector<SessionId>>> CountsCheck::LikersInRedis(Target target) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::vector<SessionId> likers;
  std::string cursor = "0";
  do {
    const Command command =
        Command("ZSCAN").Key(LikersKey(target)).Arg(cursor).Arg("COUNT").Arg(kScanned);
    const CallOptions options{.deadline = clients_.In(kCheckTimeout), .repeat = Repeat::kSafe};
    const Outcome outcome = co_await here->client->Call(command, options);
    if (!Good(outcome)) co_return Fail(WhyNot(outcome));
    cursor = outcome->at(0).text();
    const auto& members = outcome->at(1).elements();
    for (std::size_t i = 0; i < members.size(); i += 2) {
      if (const auto session = SessionId::Parse(members[i].text())) likers.push_back(*session);
    }
  } while (cursor != "0");
  std::sort(likers.begin(), likers.end());
  likers.erase(std::unique(likers.begin(), likers.end()), likers.end());
  co_return likers;
}

// Sessions that stand in one of both places only.
Task<Result<void>> CountsCheck::LikersApart(Target target, std::vector<SessionId>* apart) {
  auto here = co_await LikersInRedis(target);
  if (!here) co_return Fail(here.error());
  auto next = here->begin();
  std::optional<SessionId> after;
  for (;;) {
    const auto page = co_await likers_.Read(target, after, kLikersPerPage);
    if (!page) co_return Fail(page.error());
    std::vector<SessionId> there;
    there.reserve(page->size());
    for (const Liker& liker : *page) there.push_back(liker.session);
    const bool last = page->size() < kLikersPerPage;
    // Sessions as text are in the order of their bytes.
    const auto end = last ? here->end() : std::upper_bound(next, here->end(), there.back());
    std::set_symmetric_difference(next, end, there.begin(), there.end(),
                                  std::back_inserter(*apart));
    next = end;
    if (last) co_return Result<void>();
    after = there.back();
  }
}

Task<Result<void>> CountsCheck::CheckLikers(Job job) {
  std::vector<SessionId> apart;
  if (auto looked = co_await LikersApart(job.target, &apart); !looked) co_return looked;
  for (const SessionId& session : apart) {
    if (auto checked = co_await CheckLiker(job, session); !checked) co_return checked;
  }
  co_return Result<void>();
}

Task<Result<void>> CountsCheck::CheckLiker(Job job, SessionId session) {
  for (int looks = 0; looks < kLooks; ++looks) {
    const auto before = co_await Look(job.target, &session);
    if (!before) co_return Fail(before.error());
    // What changed until then is in MongoDB after this.
    const auto drained = co_await DrainOutbox(source_, likers_, PartitionOf(job.target));
    if (!drained) co_return Fail(drained.error());
    const auto stored = co_await likers_.Find(job.target, session);
    if (!stored) co_return Fail(stored.error());
    const auto after = co_await Look(job.target, &session);
    if (!after) co_return Fail(after.error());
    if (!before->built || !after->built) co_return Result<void>();
    const bool in_mongo = *stored && (*stored)->liked;
    if (after->liked_at_ms.has_value() == in_mongo) co_return Result<void>();
    if (before->version != after->version) continue;
    if (job.repair) {
      const std::int64_t known = *stored ? (*stored)->version : 0;
      const auto mended = co_await Mend(job.target, &session, known);
      if (!mended) co_return Fail(mended.error());
      if (!mended->built) co_return Result<void>();
      std::vector<LikerChange> change;
      change.push_back(
          {job.target, session, mended->liked_at_ms.has_value(),
           mended->liked_at_ms ? FromEpochMs(*mended->liked_at_ms) : clients_.clock().Now(),
           mended->version});
      if (auto written = co_await likers_.Write(std::move(change)); !written) {
        co_return Fail(written.error());
      }
    }
    job.report->Add(job.name + (in_mongo ? ": MongoDB knows a liker that Redis does not"
                                         : ": Redis knows a liker that MongoDB does not"),
                    job.repair);
    co_return Result<void>();
  }
  co_return Result<void>();
}

}  // namespace popradio::store::distributed
