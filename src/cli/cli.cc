#include "cli/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <filesystem>
#include <map>
#include <tuple>

#include "api/service.h"
#include "app/serve.h"
#include "app/settings.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace popradio::cli {
namespace {

constexpr int kUsage = 2;

constexpr const char* kAbout =
    "PopRadio: a music-video radio station that everybody watches in step.\n\n"
    "  popradio demo && popradio serve            a station to look at\n"
    "  popradio scan ~/Videos && popradio serve   a station of your own\n";

// What the command line said, for whichever verb it named.
struct Parsed {
  std::map<std::string, std::string> flags;  // settings, by name
  std::string config;
  app::VerbCall call;
  bool as_json = false, once = false;
  MigrateCall migrate;
  CheckCall check;
};

// Every verb takes every setting: one rule, no surprises.
void AddSettings(CLI::App& verb, Parsed& parsed) {
  verb.add_option("--config", parsed.config,
                  "Settings file (TOML); otherwise popradio.toml here or in /etc/popradio.")
      ->type_name("FILE")
      ->group("Settings");
  for (const app::SettingRow& row : app::SettingTable()) {
    std::string names = "--" + std::string(row.name);
    if (!row.short_flag.empty()) names = std::string(row.short_flag) + "," + names;
    std::string meaning(row.meaning);
    if (!row.fallback.empty()) meaning += " [" + std::string(row.fallback) + "]";
    verb.add_option_function<std::string>(
            names,
            [&parsed, name = std::string(row.name)](const std::string& value) {
              parsed.flags[name] = value;
            },
            meaning)
        ->type_name("VALUE")
        ->group("Settings")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

void AddArgument(CLI::App& verb, Parsed& parsed, const char* name, const char* label,
                 const char* meaning) {
  verb.add_option_function<std::string>(
          name,
          [&parsed, name](const std::string& value) {
            // Another process may do the work, from another folder.
            parsed.call.arguments.emplace_back(
                name, std::filesystem::absolute(value).lexically_normal().string());
          },
          meaning)
      ->type_name(label)
      ->required();
}

void AddFlag(CLI::App& verb, Parsed& parsed, const char* name, const char* meaning) {
  verb.add_flag_callback(
      std::string("--") + name,
      [&parsed, name] { parsed.call.arguments.emplace_back(name, "yes"); }, meaning);
}

LogLevel LevelOf(const std::string& name) {
  return name == "debug"   ? LogLevel::kDebug
         : name == "warn"  ? LogLevel::kWarn
         : name == "error" ? LogLevel::kError
                           : LogLevel::kInfo;
}

int PrintRoutes(bool as_json, app::Output& output) {
  const std::string routes = api::RoutesAsJson();
  if (as_json) {
    output.Out(routes + "\n");
    return 0;
  }
  std::string text;
  const boost::json::value parsed = boost::json::parse(routes);
  for (const auto& value : parsed.as_array()) {
    std::string method = value.at("method").as_string().c_str();
    std::string path = value.at("path").as_string().c_str();
    method.resize(std::max<std::size_t>(7, method.size()), ' ');
    path.resize(std::max<std::size_t>(36, path.size() + 1), ' ');
    text += method + " " + path + value.at("doc").as_string().c_str() + "\n";
  }
  output.Out(text);
  return 0;
}

}  // namespace

int Main(int argc, char** argv) {
  Parsed parsed;
  Terminal terminal;
  CLI::App program(kAbout, "popradio");
  program.set_version_flag("--version", "popradio " POPRADIO_VERSION);
  program.failure_message([](const CLI::App*, const CLI::Error& error) {
    return std::string("popradio: ") + error.what() +
           "\n'popradio help' lists the verbs, 'popradio VERB --help' explains one.\n";
  });

  auto* serve = program.add_subcommand("serve", "Runs the station.");
  serve->footer(
      "Prints one line when it is ready: listening on http://HOST:PORT\nSIGTERM or Ctrl-C stops it "
      "in order.");
  auto* demo = program.add_subcommand(
      "demo", "Makes the demo station in the data folder, if it holds no songs.");
  auto* scan = program.add_subcommand(
      "scan", "Adds a folder of videos and music; again later: only what changed.");
  AddArgument(*scan, parsed, "dir", "DIR",
              "The folder. Its files stay where they are and are never changed.");
  scan->footer(
      "Files are known by their content: one that was moved or renamed keeps its likes.\n"
      "  popradio scan ~/Videos --media.min_duration_s 60");
  auto* import = program.add_subcommand(
      "import", "Adds a catalogue: .json, .csv or .m3u; says by line what was refused.");
  AddArgument(*import, parsed, "file", "FILE", "The catalogue.");
  import->footer(
      "A song or playlist whose _id is known is changed, any other is added.\nExit code 1 if "
      "anything was refused.");
  auto* export_verb = program.add_subcommand(
      "export", "Prints the station as JSON; 'import' of it elsewhere gives the same station.");
  auto* backup = program.add_subcommand(
      "backup", "Writes a consistent copy of the whole station, also while it runs.");
  AddArgument(*backup, parsed, "file", "FILE", "A new file; an existing one is never overwritten.");
  auto* sync = program.add_subcommand(
      "sync", "Carries what Redis counts to MongoDB, for a station of many machines.");
  sync->add_flag("--once", parsed.once, "One round, then end.");
  sync->footer(
      "Counters every sync.interval_s seconds and on SIGUSR1, likes every second. Any number of "
      "workers may run.");
  auto* migrate = program.add_subcommand(
      "migrate", "Moves the whole station between the data folder and Redis with MongoDB.");
  for (const auto& [name, side, meaning] :
       {std::tuple("--from", &parsed.migrate.from,
                   "Where the station is: embedded (--data) or "
                   "distributed (--redis and --mongo)."),
        std::tuple("--to", &parsed.migrate.to, "Where it goes: the other one.")}) {
    migrate->add_option(name, *side, meaning)
        ->type_name("SIDE")
        ->check(CLI::IsMember({"embedded", "distributed"}).description(""))
        ->required();
  }
  migrate->add_flag("--overwrite", parsed.migrate.overwrite,
                    "Remove what is in the target first; without it a target that holds anything "
                    "is refused.");
  migrate->add_flag("--dry-run", parsed.migrate.dry_run,
                    "Only show how much there is on both sides.");
  migrate->footer(
      "Stop the server or the nodes first; a data folder in use and running nodes are refused. The "
      "source is not changed.\n"
      "If it is stopped or killed, run it again: it goes on where it was, and nothing starts on a "
      "target that is not whole.\n"
      "At the end both sides are counted. Exit code 1 if anything differs or was refused.\n"
      "Media files and the data folder's pictures and admin token stay where they are; limits and "
      "idempotency keys begin anew.\n"
      "  popradio migrate --from embedded --to distributed --data /var/lib/popradio --redis "
      "redis://10.0.0.1 --mongo 'mongodb://10.0.0.1,10.0.0.2,10.0.0.3/popradio'");
  auto* check = program.add_subcommand(
      "check", "Says what is wrong with this set-up, and what to do about it.");
  check->add_flag("--counts", parsed.check.counts,
                  "Also compare every count with who likes what, and put right what differs.");
  check->add_flag("--dry-run", parsed.check.dry_run, "With --counts: put nothing right.");
  check->footer(
      "--counts works while the station runs. With Redis and MongoDB the set of likers in Redis is "
      "the truth, and 'popradio sync' does the same every night (sync.check_hour).\n"
      "Exit code 1 if something keeps the station from working, or counts differ and were not put "
      "right.");
  auto* settings_verb = program.add_subcommand(
      "settings", "Prints the settings: name, value, meaning, and where a value came from.");
  settings_verb->add_flag("--json", parsed.as_json, "As JSON.");
  auto* routes = program.add_subcommand("routes", "Prints the routes of the API.");
  routes->add_flag("--json", parsed.as_json, "As JSON.");
  auto* version = program.add_subcommand("version", "Prints the version.");
  program.add_subcommand("help", "Prints this, or explains a verb: popradio help scan");
  AddFlag(*demo, parsed, "again",
          "Also when there are songs already: adds what is missing of the demo.");
  for (CLI::App* verb :
       {serve, demo, scan, import, export_verb, backup, sync, migrate, check, settings_verb})
    AddSettings(*verb, parsed);

  // Here and not through CLI11, which would say "a subcommand is required" and not which word was
  // wrong.
  if (argc < 2) {
    terminal.Err("popradio: say what to do.\n\n" + program.help());
    return kUsage;
  }
  const std::string first = argv[1];
  const auto named_so = [&](const std::string& name) {
    return program.get_subcommands([&](const CLI::App* verb) { return verb->get_name() == name; });
  };
  if (!first.starts_with('-') && named_so(first).empty()) {
    terminal.Err("popradio: there is no verb '" + first + "'; 'popradio help' lists them.\n");
    return kUsage;
  }
  if (first == "help" && !(argc > 2 && argv[2][0] == '-')) {
    const auto about = argc > 2 ? named_so(argv[2]) : std::vector<CLI::App*>{&program};
    if (about.empty()) {
      terminal.Err("popradio: there is no verb '" + std::string(argv[2]) +
                   "'; 'popradio help' lists them.\n");
      return kUsage;
    }
    terminal.Out(argc > 2 ? about.front()->help("popradio") : program.help());
    return 0;
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    // CLI11 names the argument in lower case; the help calls it FILE or DIR.
    std::string name = error.what();
    name.resize(std::min(name.find(' '), name.size()));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    terminal.Err("popradio: " + first + " needs " + name + "; 'popradio " + first +
                 " --help' explains it.\n");
    return kUsage;
  } catch (const CLI::ParseError& error) {
    const int code = program.exit(error);
    return code == 0 ? 0 : kUsage;
  }

  if (version->parsed()) {
    terminal.Out("popradio " POPRADIO_VERSION "\n");
    return 0;
  }
  if (routes->parsed()) return PrintRoutes(parsed.as_json, terminal);

  const auto loaded = app::LoadSettings(parsed.config, app::Environment(), parsed.flags);
  if (!loaded) {
    Refuse(terminal, loaded.error());
    return kUsage;
  }
  const app::Settings& settings = loaded->values;
  // A verb says what it has to say by itself; the servers it talks to are worth a word only when
  // something is wrong, or somebody asked for more.
  const bool goes_on = serve->parsed() || sync->parsed();
  const bool asked = loaded->origins.at("log.level").where != "default";
  ConfigureLog(goes_on || asked ? LevelOf(settings.log.level) : LogLevel::kWarn,
               settings.log.format == "json" ? LogFormat::kJson : LogFormat::kText);
  if (settings_verb->parsed()) return PrintSettings(*loaded, parsed.as_json, terminal);
  if (serve->parsed()) return app::Serve(settings, RunStationVerb);
  if (migrate->parsed()) {
    terminal.CatchInterrupts();
    return RunMigrate(settings, parsed.migrate, terminal);
  }
  if (sync->parsed()) return RunSync(settings, parsed.once, terminal);
  if (check->parsed()) return RunCheck(*loaded, parsed.check, terminal);

  parsed.call.verb = program.get_subcommands().front()->get_name();
  if (scan->parsed()) {
    parsed.call.arguments.emplace_back("min_duration_s",
                                       std::to_string(settings.media.min_duration_s));
  }
  if (scan->parsed() || import->parsed() || export_verb->parsed()) terminal.CatchInterrupts();
  return RunWhereTheDataIs(parsed.call, settings, terminal);
}

}  // namespace popradio::cli
