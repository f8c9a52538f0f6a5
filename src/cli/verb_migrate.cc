#include <csignal>
#include <cstdio>

#include "app/station.h"
#include "cli/file_progress.h"
#include "cli/verbs.h"
#include "migrate/migrate.h"
#include "sync/sync_worker.h"

namespace popradio::cli {
namespace {

constexpr char kDistributed[] = "distributed";
// Off a terminal a line at every tenth, and no line for what is over at once.
constexpr std::int64_t kRowsWorthALine = 10'000;

std::string Number(std::int64_t n) {
  std::string text = Counted(n, "", "");
  text.pop_back();
  return text;
}

// On a terminal one line that is written over, else lines at tenths. On standard error.
class MoveProgress {
 public:
  explicit MoveProgress(app::Output& output) : output_(output), line_over_(output.Interactive()) {}

  void Show(const migrate::Progress& progress) {
    const std::int64_t tenth = progress.all == 0 ? 10 : 10 * progress.done / progress.all;
    if (progress.what != what_) tenth_ = 0;
    what_ = progress.what;
    if (!line_over_) {
      if (tenth == tenth_ || (progress.all < kRowsWorthALine && tenth < 10)) return;
      tenth_ = tenth;
    }
    std::string text = what_ + ": " + Number(progress.done) + " of " + Number(progress.all);
    if (progress.seconds_left >= 0) {
      text += ", " + Number(static_cast<std::int64_t>(progress.rows_per_s)) + "/s";
      if (progress.done < progress.all) text += ", " + Clocked(progress.seconds_left) + " left";
    }
    output_.Err(line_over_ ? "\r\x1b[K" + text : text + "\n");
    shown_ = line_over_;
  }
  void Clear() {
    if (shown_) output_.Err("\r\x1b[K");
    shown_ = false;
  }

 private:
  app::Output& output_;
  const bool line_over_;
  bool shown_ = false;
  std::string what_;
  std::int64_t tenth_ = 0;
};

void PrintTable(const std::vector<migrate::Compared>& lines, bool judged, app::Output& output) {
  char text[128];
  std::snprintf(text, sizeof text, "%-26s %14s %14s%s\n", "", "source", "target",
                judged ? "  agree" : "");
  output.Out(text);
  for (const migrate::Compared& line : lines) {
    std::snprintf(text, sizeof text, "%-26s %14s %14s%s\n", line.what.c_str(),
                  Number(line.source).c_str(), Number(line.target).c_str(),
                  !judged      ? ""
                  : line.agree ? "  yes"
                               : "  NO");
    output.Out(text);
  }
}

int Look(const app::Settings& settings, bool from_distributed, app::Output& output) {
  const SystemClock clock;
  SystemRandom random;
  store::StationTally tallies[2];
  for (const bool target : {false, true}) {
    const bool distributed = target != from_distributed;
    auto side = app::OpenSide(settings, distributed, app::SideUse::kLook, clock, random);
    if (!side) return Refuse(output, side.error());
    if (!*side && !target) {
      return Refuse(output,
                    {ErrorCode::kInvalidParameter,
                     "There is no station in the data folder " + settings.store.data + "."});
    }
    if (!*side) continue;
    auto tally = (*side)->Count(clock.Now());
    if (!tally) return Refuse(output, tally.error());
    tallies[target ? 1 : 0] = *std::move(tally);
  }
  PrintTable(migrate::Compare(tallies[0], tallies[1]), /*judged=*/false, output);
  output.Out("Nothing was changed.\n");
  return 0;
}

// What only Redis knows goes to MongoDB, which is what is read.
Result<void> SyncFirst(const app::Settings& settings, const Clock& clock, Random& random) {
  auto worker = sync::SyncWorker::Open(app::DistributedOptionsOf(settings), clock, random);
  if (!worker) return Fail(worker.error());
  if (auto report = (*worker)->SyncOnce(); !report) return Fail(report.error());
  return {};
}

}  // namespace

int RunMigrate(const app::Settings& settings, const MigrateCall& call, app::Output& output) {
  if (call.from == call.to) {
    output.Err("popradio: --from and --to are the same. One is embedded, the other distributed.\n");
    return 2;
  }
  if (settings.store.redis.empty() || settings.store.mongo.empty()) {
    output.Err("popradio: name the servers of the distributed side with --redis and --mongo.\n");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  const bool from_distributed = call.from == kDistributed;
  if (call.dry_run) return Look(settings, from_distributed, output);

  const SystemClock clock;
  SystemRandom random;
  auto source = app::OpenSide(settings, from_distributed, app::SideUse::kSource, clock, random);
  if (!source) return Refuse(output, source.error());
  auto target = app::OpenSide(settings, !from_distributed, app::SideUse::kTarget, clock, random);
  if (!target) return Refuse(output, target.error());
  if (from_distributed) {
    if (auto synced = SyncFirst(settings, clock, random); !synced) {
      return Refuse(output, synced.error());
    }
  }

  MoveProgress progress(output);
  migrate::Options options;
  options.overwrite = call.overwrite;
  options.progress = [&](const migrate::Progress& now) { progress.Show(now); };
  options.cancelled = [&] { return output.Cancelled(); };
  const auto report = migrate::Migrate(**source, **target, clock, options);
  progress.Clear();
  if (!report) return Refuse(output, report.error());
  PrintTable(report->compared, /*judged=*/true, output);
  if (!migrate::AllAgree(report->compared)) {
    output.Err(
        "popradio: the two sides differ, so nothing starts on the target. Run this again: it "
        "begins anew. If it differs again, try 'popradio check --counts' on the source.\n");
    return 1;
  }
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f s",
                static_cast<double>(report->took.count()) / 1000);
  output.Out("Moved " + Counted(report->rows, "row", "rows") + " in " + seconds +
             (report->resumed ? ", going on where it had stopped" : "") + ", to " +
             (*target)->where() + ". The source, " + (*source)->where() + ", is as it was.\n");
  return 0;
}

}  // namespace popradio::cli
