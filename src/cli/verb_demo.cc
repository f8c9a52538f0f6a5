#include <unistd.h>

#include <climits>
#include <filesystem>

#include "app/blocking.h"
#include "cli/verbs.h"
#include "media/demo.h"

namespace popradio::cli {
namespace {

// Where the demo's media lie: beside the sources that the program was built from, or where a
// package puts them.
Result<std::string> FindDemo() {
  char link[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", link, sizeof link);
  const std::filesystem::path program(
      std::string(link, size > 0 ? static_cast<std::size_t>(size) : 0));
  const std::filesystem::path folder = program.parent_path();
  for (const auto& place :
       {folder / "../demo", folder / "../../demo", folder / "../share/popradio/demo"}) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(place / "station.json", ignored)) {
      return std::filesystem::canonical(place, ignored).string();
    }
  }
  return Fail(ErrorCode::kNotFound,
              "The demo station's files are not beside the program (demo/station.json was looked "
              "for above " +
                  folder.string() + "). Make a station of your own with 'popradio scan DIR'.");
}

}  // namespace

int RunDemo(const app::VerbCall& call, const app::StationAccess& station, app::Output& output) {
  store::CatalogueStore& catalogue = station.backend.catalogue();
  if (!catalogue.Current()->songs().empty() && call.Get("again").empty()) {
    output.Out(
        "The station has songs already; nothing was changed. 'popradio demo --again' adds the demo "
        "to them.\n");
    return 0;
  }
  const auto folder = FindDemo();
  if (!folder) return Refuse(output, folder.error());
  auto demo = media::LoadDemoStation(*folder, station.settings.store.data, station.clock.Now());
  if (!demo) return Refuse(output, demo.error());
  const std::size_t songs = demo->songs.size(), playlists = demo->playlists.size();
  auto written = app::RunBlocking(
      catalogue.Update([&](const Catalogue& current) -> Result<store::CatalogueChange> {
        // What is here already may have been changed by the curator, and stays so.
        store::CatalogueChange missing = *demo;
        std::erase_if(missing.songs,
                      [&](const Song& song) { return current.FindSong(song.id).has_value(); });
        std::erase_if(missing.playlists, [&](const Playlist& playlist) {
          return current.FindPlaylist(playlist.id).has_value();
        });
        return missing;
      }));
  if (!written) return Refuse(output, written.error());
  output.Out(
      "Made the demo station: " + Counted(static_cast<std::int64_t>(songs), "song", "songs") +
      ", " + Counted(static_cast<std::int64_t>(playlists), "playlist", "playlists") + ".\n");
  return 0;
}

}  // namespace popradio::cli
