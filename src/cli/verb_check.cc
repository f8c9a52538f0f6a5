#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "app/blocking.h"
#include "app/descriptors.h"
#include "app/station.h"
#include "cli/verbs.h"
#include "media/library.h"
#include "realtime/conductor.h"

namespace popradio::cli {
namespace {

constexpr std::uint64_t kLittleRoom = 200u << 20;  // bytes; less than this is soon full
constexpr std::size_t kFewDescriptors = 4096;
constexpr std::size_t kListedMissing = 10;
constexpr char kRepair[] = "repair";  // the argument "counts" of the verb in a server

// What was found, in the order of looking; errors keep the station from working, warnings do not.
class Findings {
 public:
  explicit Findings(app::Output& output) : output_(output) {}
  void Good(const std::string& text) { Print("ok", "32", text); }
  void Warn(const std::string& text) { Print("warning", "33", text); }
  void Fault(const std::string& text) {
    Print("error", "31", text);
    failed_ = true;
  }
  int ExitCode() const { return failed_ ? 1 : 0; }

 private:
  void Print(const std::string& word, const std::string& colour, const std::string& text) {
    const std::string shown =
        output_.Interactive() ? "\x1b[" + colour + "m" + word + "\x1b[0m" : word;
    output_.Out(shown + std::string(9 - word.size(), ' ') + text + "\n");
  }
  app::Output& output_;
  bool failed_ = false;
};

bool OnPath(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string rest = path ? path : "";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (::access((rest.substr(0, end) + "/" + program).c_str(), X_OK) == 0) return true;
    rest.erase(0, std::min(end + 1, rest.size()));
  }
  return false;
}

void CheckMedia(const Catalogue& catalogue, const std::vector<std::string>& roots,
                Findings& findings) {
  std::vector<std::string> missing;
  for (const auto index : catalogue.active_songs()) {
    const Song& song = catalogue.songs()[index];
    for (const auto kind : {media::MediaKind::kVideo, media::MediaKind::kAudio}) {
      const std::string& path =
          kind == media::MediaKind::kVideo ? song.media.video_path : song.media.audio_path;
      if (!path.empty() && !media::OpenMedia(song, kind, roots))
        missing.push_back("\"" + song.title + "\": " + path);
    }
  }
  if (missing.empty()) return findings.Good("all media files of active songs can be opened");
  findings.Fault(
      Counted(static_cast<std::int64_t>(missing.size()), "media file is", "media files are") +
      " missing or cannot be read; scan the folder again, or take the songs off the air:");
  for (std::size_t i = 0; i < std::min(kListedMissing, missing.size()); ++i)
    findings.Fault("  " + missing[i]);
}

void CheckPlaylists(const Catalogue& catalogue, Findings& findings) {
  for (const auto index : catalogue.active_playlists()) {
    if (catalogue.PlaylistSongs(index).empty()) {
      findings.Warn("the playlist \"" + catalogue.playlists()[index].title +
                    "\" has no active song");
    }
  }
  if (!catalogue.active_playlists().empty() && catalogue.featured_playlists().empty()) {
    findings.Warn("no playlist is featured; listeners see none on the first page");
  }
}

void CheckCounts(store::Backend& backend, bool repair, Findings& findings) {
  const auto report = app::RunBlocking(backend.CheckCounts(repair));
  if (!report) return findings.Fault("the counts: " + report.error().message);
  for (const store::CountsDifference& difference : report->differences) {
    difference.repaired ? findings.Warn(difference.sentence + "; put right")
                        : findings.Fault(difference.sentence);
  }
  const auto told = static_cast<std::int64_t>(report->differences.size());
  if (report->found > told) findings.Warn(Counted(report->found - told, "more", "more"));
  if (report->found == 0) {
    findings.Good("the counts of " +
                  Counted(report->targets, "song or playlist", "songs and playlists") +
                  " agree with " + Counted(report->likes, "like", "likes"));
  }
}

}  // namespace

int RunCheckStation(const app::VerbCall& call, const app::StationAccess& station,
                    app::Output& output) {
  Findings findings(output);
  for (const store::ServiceHealth& service : station.backend.Health()) {
    service.ok ? findings.Good("the " + service.name + " works")
               : findings.Fault("the " + service.name + ": " + service.detail);
  }
  const CataloguePtr catalogue = station.backend.catalogue().Current();
  const std::size_t songs = catalogue->active_songs().size();
  if (songs == 0) {
    findings.Warn(
        "the station has no song: add some with 'popradio scan DIR' or 'popradio import FILE', or "
        "try 'popradio demo'");
  } else {
    findings.Good(Counted(static_cast<std::int64_t>(songs), "active song", "active songs"));
    if (songs <= realtime::kQueueLength)
      findings.Warn("so few songs come round again soon; add more");
    CheckMedia(*catalogue, media::LoadLibraryRoots(station.settings.store.data), findings);
  }
  CheckPlaylists(*catalogue, findings);
  const std::string& counts = call.Get("counts");
  if (!counts.empty()) CheckCounts(station.backend, counts == kRepair, findings);
  return findings.ExitCode();
}

int RunCheck(const app::LoadedSettings& settings, CheckCall call, app::Output& output) {
  Findings findings(output);
  const app::Settings& values = settings.values;
  findings.Good("the settings are understood");
  for (const char* program : {"ffprobe", "ffmpeg"}) {
    if (!OnPath(program))
      findings.Warn(std::string(program) +
                    " is not installed, so 'scan' cannot work: apt-get install ffmpeg");
  }
  const std::size_t descriptors = app::RaiseDescriptorLimit();
  if (descriptors < kFewDescriptors) {
    findings.Warn("this process may open " + std::to_string(descriptors) +
                  " files, so as many listeners can connect; raise 'ulimit -n'");
  }
  if (values.http.public_url.empty()) {
    findings.Warn("http.public_url is empty: links are made from each request's own address");
  }
  const std::string& data = values.store.data;
  std::error_code ignored;
  if (!std::filesystem::exists(data, ignored)) {
    findings.Warn("there is no data folder " + data + " yet; 'serve', 'demo' and 'scan' make it");
    // With Redis and MongoDB it holds pictures and the token only.
    if (!app::IsDistributed(values)) return findings.ExitCode();
  }
  if (auto ready = app::PrepareDataFolder(data); !ready) {
    findings.Fault(ready.error().message);
    return findings.ExitCode();
  }
  struct statvfs room {};
  if (::statvfs(data.c_str(), &room) == 0 && room.f_bavail * room.f_frsize < kLittleRoom) {
    findings.Warn("the disk of " + data + " has less than 200 MiB left");
  }
  struct stat token {};
  if (::stat((data + "/admin-token").c_str(), &token) == 0 && (token.st_mode & 077) != 0) {
    findings.Fault(
        data +
        "/admin-token can be read by others: chmod 600 it, or remove it and a new one is made");
  }
  if (app::IsDistributed(values)) {
    const SystemClock clock;
    SystemRandom random;
    bool broken = false;
    for (const store::Finding& finding :
         store::CheckDistributed(app::DistributedOptionsOf(values), clock, random)) {
      finding.error ? findings.Fault(finding.sentence) : findings.Warn(finding.sentence);
      broken = broken || finding.error;
    }
    if (broken) return findings.ExitCode();  // what lies there cannot be looked at
  }
  app::VerbCall verb{"check", {}};
  if (call.counts) verb.arguments.emplace_back("counts", call.dry_run ? "look" : kRepair);
  const int station = RunWhereTheDataIs(verb, values, output);
  return std::max(station, findings.ExitCode());
}

}  // namespace popradio::cli
