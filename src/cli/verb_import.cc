#include <algorithm>
#include <filesystem>

#include "app/blocking.h"
#include "cli/file_progress.h"
#include "cli/shown_counts.h"
#include "cli/verbs.h"
#include "media/catalogue_json.h"
#include "media/csv.h"
#include "media/files.h"
#include "media/import.h"
#include "media/library.h"
#include "media/m3u.h"
#include "media/resolve.h"

namespace popradio::cli {
namespace {

// More than this many lines of one kind would hide the rest; the numbers are told in any case.
constexpr std::size_t kListedRecords = 20;

std::string Extension(const std::string& file) {
  std::string extension = std::filesystem::path(file).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return extension;
}

Result<media::ParsedCatalogue> Parse(const std::string& file, std::string_view bytes) {
  const std::string extension = Extension(file);
  if (extension == ".json") return media::ParseCatalogueJson(bytes);
  if (extension == ".csv") return media::ParseCsv(bytes);
  if (extension == ".m3u" || extension == ".m3u8") return media::ParseM3u(bytes);
  return Fail(
      ErrorCode::kInvalidParameter,
      "its name must end in .json, .csv, .m3u or .m3u8, so that it is known how to read it");
}

void PrintNoted(app::Output& output, std::string_view verb,
                const std::vector<media::Noted>& records) {
  for (std::size_t i = 0; i < std::min(records.size(), kListedRecords); ++i) {
    output.Out("  " + std::string(verb) + " " + records[i].what + " (line " +
               std::to_string(records[i].line) + ")\n");
  }
  if (records.size() > kListedRecords) {
    output.Out("  " + std::string(verb) + " " +
               Counted(static_cast<std::int64_t>(records.size() - kListedRecords), "more", "more") +
               "\n");
  }
}

void PrintReport(app::Output& output, const std::string& name, const media::ImportReport& report) {
  PrintNoted(output, "added", report.added);
  PrintNoted(output, "changed", report.changed);
  for (const std::string& warning : report.warnings)
    output.Err("warning: " + name + ": " + warning + "\n");
  for (const media::Refusal& refusal : report.refused) {
    output.Err("refused: " + name + ", line " + std::to_string(refusal.line) + ": " + refusal.what +
               ": " + refusal.reason + "\n");
  }
  output.Out(
      name + ": " + std::to_string(report.added.size()) + " added, " +
      std::to_string(report.changed.size()) + " changed, " + std::to_string(report.unchanged) +
      " unchanged, " +
      (report.comments > 0
           ? Counted(static_cast<std::int64_t>(report.comments), "comment", "comments") + ", "
           : "") +
      std::to_string(report.refused.size()) + " refused\n");
}

}  // namespace

int RunImport(const app::VerbCall& call, const app::StationAccess& station, app::Output& output) {
  const std::string& file = call.Get("file");
  const std::string name = std::filesystem::path(file).filename().string();
  auto bytes = media::ReadWholeFile(file, media::kMaxCatalogueBytes);
  if (!bytes) return Refuse(output, bytes.error());
  auto parsed = Parse(file, *bytes);
  if (!parsed)
    return Refuse(output, Error(parsed.error().code, name + ": " + parsed.error().message));
  bytes->clear();

  store::CatalogueStore& catalogue = station.backend.catalogue();
  const std::string& data = station.settings.store.data;
  media::FfmpegTool tool(station.clock);
  FileProgress progress(output);
  media::ResolveEvents events;
  events.progress = [&](const media::ScanProgress& p) { progress.Show(p); };
  events.stopped = [&] { return output.Cancelled(); };
  const bool resolved =
      media::ResolveFiles(*parsed, std::filesystem::path(file).parent_path().string(), data,
                          *catalogue.Current(), tool, station.clock, events);
  progress.Clear();
  if (!resolved) {
    output.Err("popradio: stopped; nothing was imported.\n");
    return 1;
  }
  for (const std::string& root : parsed->library_roots) {
    if (auto added = media::AddLibraryRoot(data, root); !added)
      return Refuse(output, added.error());
  }

  const media::ImportOptions options{
      .counts = ShownCounts(station.backend.engagement()),
      .comment_ttl = std::chrono::days(station.settings.comments.ttl_days),
      .station_secret = station.backend.StationSecret()};
  media::ImportPlan plan;
  auto changed = app::RunBlocking(
      catalogue.Update([&](const Catalogue& current) -> Result<store::CatalogueChange> {
        plan = media::PlanImport(current, *parsed, station.clock.Now(), station.random, options);
        return plan.change;
      }));
  if (!changed) return Refuse(output, changed.error());
  for (std::size_t begin = 0; begin < plan.comments.size(); begin += kCommentsAtOnce) {
    std::vector<Task<Result<void>>> adding;
    const std::size_t end = std::min(begin + kCommentsAtOnce, plan.comments.size());
    for (std::size_t i = begin; i < end; ++i) {
      adding.push_back(station.backend.comments().Add(std::move(plan.comments[i])));
    }
    if (auto added = app::RunAllBlocking(std::move(adding)); !added) {
      return Refuse(output, added.error());
    }
  }
  PrintReport(output, name, plan.report);
  return plan.report.refused.empty() ? 0 : 1;
}

}  // namespace popradio::cli
