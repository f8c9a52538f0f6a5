#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/blocking.h"
#include "cli/verbs.h"
#include "media/scan.h"

namespace popradio::cli {
namespace {

using Kind = media::ScanNote::Kind;

std::string_view Word(Kind kind) {
  switch (kind) {
    case Kind::kAdded:
      return "added";
    case Kind::kChanged:
      return "changed";
    case Kind::kMoved:
      return "moved";
    case Kind::kDuplicate:
      return "duplicate";
    case Kind::kTooShort:
      return "too short";
    case Kind::kBroken:
      return "broken";
    case Kind::kConverted:
      return "converted";
    case Kind::kVanished:
      return "gone";
    case Kind::kReturned:
      return "back";
    case Kind::kWarning:
      return "warning";
  }
  return "";
}

// "1:05", "2:03:09".
std::string Clocked(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  char text[32];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  }
  return text;
}

// On a terminal one line that is written over, else a line at every tenth.
class Progress {
 public:
  explicit Progress(app::Output& output) : output_(output), line_over_(output.Interactive()) {}

  void Show(const media::ScanProgress& p) {
    if (p.total == 0) return;
    const std::size_t tenth = 10 * p.done / p.total;
    if (!line_over_ && tenth == last_tenth_) return;
    last_tenth_ = tenth;
    char rate[48];
    std::snprintf(rate, sizeof rate, "%.1f files/s", p.files_per_s);
    std::string text = std::to_string(p.done) + " of " +
                       Counted(static_cast<std::int64_t>(p.total), "file", "files") + ", " + rate;
    if (p.seconds_left) text += ", " + Clocked(*p.seconds_left) + " left";
    if (p.converting) {
      text += ", converting " + std::filesystem::path(p.current).filename().string() + " " +
              std::to_string(static_cast<int>(*p.converting * 100)) + " %";
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
  bool line_over_;
  bool shown_ = false;
  std::size_t last_tenth_ = 0;
};

}  // namespace

int RunScan(const app::VerbCall& call, const app::StationAccess& station, app::Output& output) {
  const std::string& dir = call.Get("dir");
  media::ScanOptions options{dir, station.settings.store.data,
                             std::atoi(call.Get("min_duration_s").c_str())};
  store::CatalogueStore& catalogue = station.backend.catalogue();
  const CataloguePtr before = catalogue.Current();
  Progress progress(output);
  media::FfmpegTool tool(station.clock);

  media::ScanEvents events;
  events.write = [&](const store::CatalogueChange& change) -> Result<void> {
    auto written = app::RunBlocking(
        catalogue.Update([&](const Catalogue& now) -> Result<store::CatalogueChange> {
          return media::Rebase(change, *before, now);
        }));
    return written ? Result<void>() : Fail(written.error());
  };
  events.progress = [&](const media::ScanProgress& p) { progress.Show(p); };
  events.note = [&](const media::ScanNote& note) {
    progress.Clear();
    std::string path =
        note.path.starts_with(dir + "/") ? note.path.substr(dir.size() + 1) : note.path;
    std::string line(Word(note.kind));
    line.resize(std::max<std::size_t>(line.size() + 2, 11), ' ');
    output.Out(line + path + (note.text.empty() ? "" : "  (" + note.text + ")") + "\n");
  };
  events.stopped = [&] { return output.Cancelled(); };

  const auto report = media::Scan(options, *before, station.clock, station.random, tool, events);
  progress.Clear();
  if (!report) return Refuse(output, report.error());
  std::string summary =
      Counted(static_cast<std::int64_t>(report->files), "media file", "media files") + " in " +
      Clocked(report->seconds) + ":";
  const std::pair<std::size_t, const char*> parts[] = {
      {report->added, "added"},          {report->changed, "changed"},
      {report->moved, "moved"},          {report->returned, "back"},
      {report->vanished, "gone"},        {report->unchanged, "unchanged"},
      {report->duplicates, "duplicate"}, {report->too_short, "too short"},
      {report->broken, "broken"},        {report->converted, "converted"}};
  const char* separator = " ";
  for (const auto& [count, word] : parts) {
    if (count == 0) continue;
    summary += separator + std::to_string(count) + " " + word;
    separator = ", ";
  }
  output.Out(summary + (report->files == 0 ? " nothing to play here" : "") + "\n");
  if (report->stopped) {
    output.Err("popradio: stopped; what was found so far is kept, and the next scan goes on.\n");
    return 1;
  }
  return 0;
}

}  // namespace popradio::cli
