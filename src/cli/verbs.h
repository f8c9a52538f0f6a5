#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/control.h"
#include "app/serve.h"
#include "app/settings.h"

namespace popradio::cli {

// Verbs that work on a station's data. Each runs where the database is open: here, or inside the
// server that runs on the same folder; so it knows nothing but its call, the stores, and where to
// print.
int RunDemo(const app::VerbCall& call, const app::StationAccess& station, app::Output& output);
int RunScan(const app::VerbCall& call, const app::StationAccess& station, app::Output& output);
int RunImport(const app::VerbCall& call, const app::StationAccess& station, app::Output& output);
int RunExport(const app::VerbCall& call, const app::StationAccess& station, app::Output& output);
int RunBackup(const app::VerbCall& call, const app::StationAccess& station, app::Output& output);
int RunCheckStation(const app::VerbCall& call, const app::StationAccess& station,
                    app::Output& output);

struct StationVerbRow {
  std::string_view name;
  int (*run)(const app::VerbCall&, const app::StationAccess&, app::Output&);
};
std::span<const StationVerbRow> StationVerbs();

// Finds the verb in the table and runs it: what a server does with a call from its control socket.
int RunStationVerb(const app::VerbCall& call, const app::StationAccess& station,
                   app::Output& output);

// Runs the verb on the server that has the data folder, else here with the stores opened for it.
int RunWhereTheDataIs(const app::VerbCall& call, const app::Settings& settings,
                      app::Output& output);

// Verbs that need no stores.
struct CheckCall {
  bool counts = false, dry_run = false;
};
int RunCheck(const app::LoadedSettings& settings, CheckCall call, app::Output& output);
// Runs the sync worker; `once`: one round.
int RunSync(const app::Settings& settings, bool once, app::Output& output);
struct MigrateCall {
  std::string from, to;  // "embedded" or "distributed"
  bool overwrite = false, dry_run = false;
};
int RunMigrate(const app::Settings& settings, const MigrateCall& call, app::Output& output);
int PrintSettings(const app::LoadedSettings& settings, bool as_json, app::Output& output);

// "popradio: " and the sentence on standard error; returns 1.
int Refuse(app::Output& output, const Error& error);
// "1 song", "12,480 songs".
std::string Counted(std::int64_t n, std::string_view one, std::string_view many);

}  // namespace popradio::cli
