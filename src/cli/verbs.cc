#include "cli/verbs.h"

#include <algorithm>
#include <array>

#include "app/blocking.h"
#include "app/station.h"

namespace popradio::cli {

std::span<const StationVerbRow> StationVerbs() {
  static constexpr std::array<StationVerbRow, 6> kVerbs = {{{"demo", RunDemo},
                                                            {"scan", RunScan},
                                                            {"import", RunImport},
                                                            {"export", RunExport},
                                                            {"backup", RunBackup},
                                                            {"check", RunCheckStation}}};
  return kVerbs;
}

int RunStationVerb(const app::VerbCall& call, const app::StationAccess& station,
                   app::Output& output) {
  for (const StationVerbRow& verb : StationVerbs()) {
    if (verb.name == call.verb) return verb.run(call, station, output);
  }
  output.Err("popradio: the server that runs on this data folder does not know the verb '" +
             call.verb + "'. Is it another version?\n");
  return 1;
}

int RunWhereTheDataIs(const app::VerbCall& call, const app::Settings& settings,
                      app::Output& output) {
  if (const auto code = app::RunOnServer(settings.store.data, call, output)) return *code;
  const SystemClock clock;
  SystemRandom random;
  auto backend = app::OpenBackend(settings, clock, random);
  if (!backend) return Refuse(output, backend.error());
  const int code = RunStationVerb(call, {settings, **backend, clock, random}, output);
  if (auto closed = (*backend)->Close(); !closed) return Refuse(output, closed.error());
  return code;
}

int RunBackup(const app::VerbCall& call, const app::StationAccess& station, app::Output& output) {
  const std::string& file = call.Get("file");
  if (auto done = app::RunBlocking(station.backend.Backup(file)); !done)
    return Refuse(output, done.error());
  output.Out("Wrote " + file +
             ". To restore it, put it into an empty data folder as popradio.db and serve that.\n");
  return 0;
}

int Refuse(app::Output& output, const Error& error) {
  output.Err("popradio: " + error.message + "\n");
  return 1;
}

std::string Counted(std::int64_t n, std::string_view one, std::string_view many) {
  std::string digits = std::to_string(n);
  for (int at = static_cast<int>(digits.size()) - 3; at > (n < 0 ? 1 : 0); at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits.append(" ").append(n == 1 ? one : many);
}

}  // namespace popradio::cli
