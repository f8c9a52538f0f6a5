#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/station_side.h"

namespace popradio::migrate {

// Rows that are carried at once.
inline constexpr std::size_t kRowsPerPage = 20'000;
// What is gone by itself this soon is not compared: it may go while it is being counted.
inline constexpr Millis kSoon{15 * 60'000};

struct Progress {
  std::string what;  // "likes", "filling Redis"
  std::int64_t done = 0, all = 0;
  double rows_per_s = 0;     // 0: not known yet
  double seconds_left = -1;  // less than 0: not known yet
};

struct Options {
  bool overwrite = false;  // what is in the target goes first
  std::size_t rows_per_page = kRowsPerPage;
  std::function<void(const Progress&)> progress = [](const Progress&) {};
  std::function<bool()> cancelled = [] { return false; };
};

// A line of the comparison at the end.
struct Compared {
  std::string what;
  std::int64_t source = 0, target = 0;
  bool agree = false;
};
std::vector<Compared> Compare(const store::StationTally& source, const store::StationTally& target);
bool AllAgree(const std::vector<Compared>& lines);

struct Report {
  std::vector<Compared> compared;
  std::int64_t rows = 0;  // carried by this run
  bool resumed = false;
  Millis took{0};
};

// Carries a station from one kind of store to another, whole: catalogue, comments, who likes what
// and since when, plays and views, first visits, timeline, statistics, and the secret that authors'
// names are made with. Afterwards everything is counted on both sides; only when all of it agrees
// is the target a station that serves.
//
// May die at any moment and be run again. The target keeps a mark: which station at which moment is
// being carried, which part of it, and up to which row; no server starts on a target with a mark.
// It is written first, with "being emptied" for its part; then the parts follow in the order of
// store::Part, page by page, each page with the mark behind it (in one transaction where the target
// has one; else every row under an id of its own, so that a page that is written again changes
// nothing); then what is made from all rows (Redis; the order of likes), which may be repeated;
// then the mark goes. If the counts differ, the mark says "being emptied" again. A mark of another
// station, or of this one at another moment, is refused without `overwrite`.
//
// Refused as well: a target with anything in it, without `overwrite` (kConflict). The source is
// never changed.
Result<Report> Migrate(store::StationSide& source, store::StationSide& target, const Clock& clock,
                       const Options& options);

}  // namespace popradio::migrate
