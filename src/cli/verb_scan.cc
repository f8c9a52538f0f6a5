#include <algorithm>

#include "app/blocking.h"
#include "cli/file_progress.h"
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

}  // namespace

int RunScan(const app::VerbCall& call, const app::StationAccess& station, app::Output& output) {
  const std::string& dir = call.Get("dir");
  media::ScanOptions options{dir, station.settings.store.data,
                             std::atoi(call.Get("min_duration_s").c_str())};
  store::CatalogueStore& catalogue = station.backend.catalogue();
  const CataloguePtr before = catalogue.Current();
  FileProgress progress(output);
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
