#include "media/scan.h"

namespace popradio::media {

store::CatalogueChange Rebase(const store::CatalogueChange& change, const Catalogue& before,
                              const Catalogue& now) {
  store::CatalogueChange rebased = change;
  for (Song& song : rebased.songs) {
    const auto then = before.FindSong(song.id);
    const auto present = now.FindSong(song.id);
    if (!then || !present || before.songs()[*then] == now.songs()[*present]) continue;
    const Song& old = before.songs()[*then];
    Song merged = now.songs()[*present];
    const auto take = [&](auto Song::*field) {
      if (song.*field != old.*field) merged.*field = song.*field;
    };
    take(&Song::title);
    take(&Song::artist);
    take(&Song::album_art);
    take(&Song::duration_s);
    take(&Song::genre);
    take(&Song::release_year);
    take(&Song::updated_at);
    take(&Song::is_active);
    take(&Song::media);
    song = std::move(merged);
  }
  return rebased;
}

}  // namespace popradio::media
