#include "api/rendered_catalogue.h"

#include "api/reply.h"
#include "base/json_text.h"

namespace popradio::api {
namespace {

void AppendNumbers(std::string& out, std::string_view plays_name,
                   const store::Engagement& numbers) {
  AppendInt(out, numbers.likes);
  out.append(plays_name);
  AppendInt(out, numbers.plays);
  out.append(numbers.liked ? R"(,"isLikedByUser":true)" : R"(,"isLikedByUser":false)");
}

}  // namespace

void AppendPlaylistHead(std::string& out, const Playlist& playlist, const MediaUrls& urls) {
  out.append(R"({"_id":)");
  AppendId(out, playlist.id);
  out += ',';
  AppendField(out, "title", playlist.title);
  out += ',';
  AppendField(out, "description", playlist.description);
  out += ',';
  AppendField(out, "coverImage", urls.Cover(playlist));
  out.append(R"(,"songs":[)");
}

void AppendSongHead(std::string& out, const Song& song, const MediaUrls& urls) {
  out.append(R"({"_id":)");
  AppendId(out, song.id);
  out += ',';
  AppendField(out, "title", song.title);
  out += ',';
  AppendField(out, "artist", song.artist);
  out += ',';
  AppendField(out, "albumArt", urls.AlbumArt(song));
  out += ',';
  AppendField(out, "videoUrl", urls.Video(song));
  out += ',';
  AppendField(out, "audioUrl", urls.Audio(song));
  out.append(R"(,"duration":)");
  AppendInt(out, song.duration_s);
  out.append(R"(,"genre":[)");
  bool first = true;
  for (const std::string& genre : song.genre) {
    if (!first) out += ',';
    first = false;
    AppendJsonString(out, genre);
  }
  out.append(R"(],"releaseYear":)");
  if (song.release_year) {
    AppendInt(out, *song.release_year);
  } else {
    out.append("null");
  }
  out.append(R"(,"likes":)");
}

RenderedCatalogue::RenderedCatalogue(CataloguePtr catalogue, const MediaUrls& urls)
    : catalogue_(std::move(catalogue)) {
  const auto here = [&] { return static_cast<std::uint32_t>(text_.size()); };
  constexpr std::size_t kUsualSongBytes = 480;
  text_.reserve(catalogue_->songs().size() * kUsualSongBytes);
  songs_.reserve(catalogue_->songs().size());
  for (const Song& song : catalogue_->songs()) {
    Piece piece{here(), 0, 0};
    AppendSongHead(text_, song, urls);
    piece.tail = here();
    text_.append(R"(,"createdAt":)");
    AppendTime(text_, song.created_at);
    piece.end = here();
    songs_.push_back(piece);
  }
  for (const Playlist& playlist : catalogue_->playlists()) {
    Piece piece{here(), 0, 0};
    AppendPlaylistHead(text_, playlist, urls);
    piece.tail = here();
    text_.append(playlist.is_featured ? R"(,"isFeatured":true,"createdAt":)"
                                      : R"(,"isFeatured":false,"createdAt":)");
    AppendTime(text_, playlist.created_at);
    piece.end = here();
    playlists_.push_back(piece);
  }
  text_.shrink_to_fit();

  playlist_order_ = catalogue_->featured_playlists();
  for (const Index p : catalogue_->active_playlists()) {
    if (!catalogue_->playlists()[p].is_featured) playlist_order_.push_back(p);
  }
}

void RenderedCatalogue::AppendOpenSong(std::string& out, Index song,
                                       const store::Engagement& numbers) const {
  out.append(SongHead(song));
  AppendNumbers(out, R"(,"plays":)", numbers);
  out.append(SongTail(song));
}

void RenderedCatalogue::AppendSong(std::string& out, Index song,
                                   const store::Engagement& numbers) const {
  AppendOpenSong(out, song, numbers);
  out += '}';
}

void RenderedCatalogue::CollectTargets(Index playlist, std::vector<Target>& targets) const {
  targets.push_back(PlaylistTarget(playlist));
  for (const Index song : catalogue_->PlaylistSongs(playlist)) targets.push_back(SongTarget(song));
}

std::size_t RenderedCatalogue::AppendPlaylist(std::string& out, Index playlist,
                                              const store::Engagement* numbers) const {
  const Piece& piece = playlists_[playlist];
  out.append(Cut(piece.head, piece.tail));
  std::size_t used = 1;
  for (const Index song : catalogue_->PlaylistSongs(playlist)) {
    if (used > 1) out += ',';
    AppendSong(out, song, numbers[used++]);
  }
  out.append(R"(],"likes":)");
  AppendNumbers(out, R"(,"views":)", numbers[0]);
  out.append(Cut(piece.tail, piece.end));
  out += '}';
  return used;
}

}  // namespace popradio::api
