#include "media/scan_song.h"

#include "media/ingest.h"
#include "media/names.h"
#include "media/text.h"

namespace popradio::media {

void Describe(const MediaInfo& info, const Nfo* nfo, const std::string& relative_path, bool fresh,
              Song& song) {
  static const Nfo kNone;
  const Nfo& told = nfo == nullptr ? kNone : *nfo;
  const GuessedNames names = fresh ? GuessNames(relative_path) : GuessedNames{};
  const auto first = [](const std::string& a, const std::string& b, const std::string& c,
                        std::string& out) {
    const std::string& best = !a.empty() ? a : !b.empty() ? b : c;
    if (!best.empty()) out = best;
  };
  first(told.title, info.tags.title, names.title, song.title);
  first(told.artist, info.tags.artist, names.artist, song.artist);
  if (song.artist.empty()) song.artist = kUnknownArtist;
  if (!told.genre.empty()) {
    song.genre = told.genre;
  } else if (!info.tags.genre.empty()) {
    song.genre = info.tags.genre;
  }
  if (told.year) {
    song.release_year = told.year;
  } else if (info.tags.year) {
    song.release_year = info.tags.year;
  }
  if (song.album_art.empty() &&
      (told.thumb.starts_with("https://") || told.thumb.starts_with("http://")) &&
      told.thumb.find_first_of(" <>\"") == std::string::npos) {
    song.album_art = told.thumb;
  }
  song.duration_s = WholeSeconds(info.duration_s);
}

}  // namespace popradio::media
