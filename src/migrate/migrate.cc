#include "migrate/migrate.h"

#include <algorithm>
#include <set>
#include <utility>

namespace popradio::migrate {
namespace {

using store::CarryMark;
using store::Part;
using store::StationTally;

// Before this a rate would be a guess.
constexpr Millis kRateAfter{1'000};

std::int64_t RowsOf(const StationTally& tally, Part part) {
  switch (part) {
    case Part::kStation:
      return 1;
    case Part::kSongs:
      return tally.songs;
    case Part::kPlaylists:
      return tally.playlists;
    case Part::kLikes:
      return tally.Likes();
    case Part::kPlays:
      return static_cast<std::int64_t>(tally.numbers.size());
    case Part::kComments:
      return tally.comments;
    case Part::kForgotten:
      return tally.forgotten;
    case Part::kSessions:
      return tally.sessions;
    case Part::kDays:
      return tally.days;
    case Part::kSlots:
      return tally.slots;
  }
  return 0;
}

// How fast something goes, and how long it will take.
class Pace {
 public:
  Pace(const Clock& clock, const Options& options, std::string what, std::int64_t all)
      : clock_(clock), options_(options), began_(clock.Steady()), now_{std::move(what), 0, all} {}
  void Reached(std::int64_t done) {
    now_.done = done;
    now_.all = std::max(now_.all, done);
    const double seconds = static_cast<double>((clock_.Steady() - began_).count()) / 1000;
    if (done > 0 && seconds * 1000 >= static_cast<double>(kRateAfter.count())) {
      now_.rows_per_s = static_cast<double>(done) / seconds;
      now_.seconds_left = static_cast<double>(now_.all - done) / now_.rows_per_s;
    }
    options_.progress(now_);
  }

 private:
  const Clock& clock_;
  const Options& options_;
  const Millis began_;
  Progress now_;
};

Error Stopped() {
  return {ErrorCode::kConflict, "stopped. Run the same command again: it goes on from here."};
}

// Whether all of the source is there to be read.
Result<void> LooksWhole(store::StationSide& source, const StationTally& here) {
  const auto mark = source.Mark();
  if (!mark) return Fail(mark.error());
  if (*mark) {
    return Fail(ErrorCode::kConflict, "The source, " + source.where() +
                                          ", is itself being moved into, and not all of it is "
                                          "there. Finish that move first.");
  }
  if (here.songs + here.playlists == 0) {
    return Fail(ErrorCode::kInvalidParameter,
                "There is no song and no playlist in " + source.where() +
                    ", so there is no station to move. Is it the right one?");
  }
  if (here.live && *here.live != here.numbers) {
    return Fail(ErrorCode::kConflict,
                "In " + source.where() +
                    " Redis and MongoDB count differently, also after a sync. Run 'popradio check "
                    "--counts', which puts it right, and then this again.");
  }
  return {};
}

// Up to where this target has been filled with this source; none: it is to be emptied first.
Result<std::optional<CarryMark>> WhereToBegin(store::StationSide& target, const std::string& token,
                                              const StationTally& there, bool overwrite) {
  const auto mark = target.Mark();
  if (!mark) return Fail(mark.error());
  if (*mark && (*mark)->source == token) {
    if ((*mark)->part >= 0) return *mark;
    return std::optional<CarryMark>();
  }
  if (overwrite) return std::optional<CarryMark>();
  if (*mark) {
    return Fail(
        ErrorCode::kConflict,
        "An unfinished move of another station, or of this one before it changed, lies in " +
            target.where() + ". Give --overwrite to remove it and begin anew.");
  }
  const bool live = there.live && !there.live->empty();
  if (!there.empty() || live) {
    return Fail(ErrorCode::kConflict, "There is something in " + target.where() +
                                          " already: " + std::to_string(there.songs) + " songs, " +
                                          std::to_string(there.Likes()) + " likes, " +
                                          std::to_string(there.comments) + " comments" +
                                          (live && there.empty() ? ", and counts in Redis" : "") +
                                          ". Give --overwrite to remove all of it first.");
  }
  return std::optional<CarryMark>();
}

Result<void> CarryPart(store::StationSide& source, store::StationSide& target, Part part,
                       CarryMark mark, std::int64_t all, const Clock& clock, const Options& options,
                       Report* report) {
  Pace pace(clock, options, store::Name(part), all);
  std::int64_t carried = 0;
  for (;;) {
    if (options.cancelled()) return Fail(Stopped());
    auto page = source.Read(part, mark.cursor, options.rows_per_page);
    if (!page) return Fail(page.error());
    const auto rows = static_cast<std::int64_t>(page->rows.size());
    const bool last = page->next.empty();
    mark.cursor = page->next;
    if (last) ++mark.part;
    if (auto written = target.Write(part, std::move(page->rows), mark); !written) return written;
    report->rows += rows;
    carried += rows;
    pace.Reached(carried);
    if (last) return {};
  }
}

}  // namespace

std::vector<Compared> Compare(const StationTally& source, const StationTally& target) {
  std::vector<Compared> lines;
  const auto line = [&](std::string what, std::int64_t a, std::int64_t b) {
    lines.push_back({std::move(what), a, b, a == b});
  };
  // Sums that agree may hide that two targets do not.
  const auto numbers = [&](const std::string& where,
                           const std::map<Target, StationTally::Numbers>& there) {
    std::set<Target> targets;
    for (const auto* side : {&source.numbers, &there}) {
      for (const auto& [one, ignored] : *side) targets.insert(one);
    }
    Compared likes{"likes" + where}, plays{"plays and views" + where};
    likes.agree = plays.agree = true;
    const auto of = [](const auto& map, const Target& one) {
      const auto found = map.find(one);
      return found == map.end() ? StationTally::Numbers() : found->second;
    };
    for (const Target& one : targets) {
      const auto here = of(source.numbers, one), other = of(there, one);
      likes.source += here.likes;
      likes.target += other.likes;
      plays.source += here.plays;
      plays.target += other.plays;
      likes.agree = likes.agree && here.likes == other.likes;
      plays.agree = plays.agree && here.plays == other.plays;
    }
    lines.push_back(likes);
    lines.push_back(plays);
  };
  line("songs", source.songs, target.songs);
  line("playlists", source.playlists, target.playlists);
  numbers("", target.numbers);
  if (target.live) numbers(" in Redis", *target.live);
  line("comments", source.comments, target.comments);
  line("forgotten comments", source.forgotten, target.forgotten);
  line("sessions", source.sessions, target.sessions);
  line("days of statistics", source.days, target.days);
  line("slots of the timeline", source.slots, target.slots);
  return lines;
}

bool AllAgree(const std::vector<Compared>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const Compared& line) { return line.agree; });
}

Result<Report> Migrate(store::StationSide& source, store::StationSide& target, const Clock& clock,
                       const Options& options) {
  const Millis began = clock.Steady();
  Report report;
  const auto token = source.Token();
  if (!token) return Fail(token.error());
  const auto here = source.Count(clock.Now() + kSoon);
  if (!here) return Fail(here.error());
  if (auto whole = LooksWhole(source, *here); !whole) return Fail(whole.error());
  const auto there = target.Count(clock.Now() + kSoon);
  if (!there) return Fail(there.error());
  auto begin = WhereToBegin(target, *token, *there, options.overwrite);
  if (!begin) return Fail(begin.error());

  CarryMark mark{*token, -1, ""};
  if (*begin) {
    mark = **begin;
    report.resumed = true;
  } else {
    if (auto set = target.SetMark(mark); !set) return Fail(set.error());
    if (auto cleared = target.Clear(); !cleared) return Fail(cleared.error());
    mark.part = 0;
    if (auto set = target.SetMark(mark); !set) return Fail(set.error());
  }
  for (int part = mark.part; part < store::kParts; ++part) {
    const auto which = static_cast<Part>(part);
    const CarryMark from{mark.source, part, part == mark.part ? mark.cursor : ""};
    auto carried =
        CarryPart(source, target, which, from, RowsOf(*here, which), clock, options, &report);
    if (!carried) return Fail(carried.error());
  }
  if (options.cancelled()) return Fail(Stopped());
  std::optional<Pace> pace;
  const auto step = [&](const std::string& what, std::int64_t done, std::int64_t all) {
    if (!pace) pace.emplace(clock, options, what, all);
    pace->Reached(done);
  };
  if (auto completed = target.Complete(step); !completed) return Fail(completed.error());

  const Instant staying = clock.Now() + kSoon;
  const auto source_tally = source.Count(staying);
  if (!source_tally) return Fail(source_tally.error());
  const auto target_tally = target.Count(staying);
  if (!target_tally) return Fail(target_tally.error());
  report.compared = Compare(*source_tally, *target_tally);
  report.took = clock.Steady() - began;
  if (!AllAgree(report.compared)) {
    // Nobody serves this, and the next run begins anew.
    if (auto set = target.SetMark({*token, -1, ""}); !set) return Fail(set.error());
    return report;
  }
  if (auto removed = target.RemoveMark(); !removed) return Fail(removed.error());
  report.took = clock.Steady() - began;
  return report;
}

}  // namespace popradio::migrate
