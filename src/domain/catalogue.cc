#include "domain/catalogue.h"

#include <algorithm>

#include "domain/search_text.h"

namespace popradio {
namespace {

template <class Record>
std::unordered_map<ObjectId, Catalogue::Index> IndexById(const std::vector<Record>& records) {
  std::unordered_map<ObjectId, Catalogue::Index> index;
  index.reserve(records.size());
  for (Catalogue::Index i = 0; i < records.size(); ++i) index.emplace(records[i].id, i);
  return index;
}

template <class Record>
std::vector<Catalogue::Index> ActiveNewestFirst(const std::vector<Record>& records) {
  std::vector<Catalogue::Index> order;
  order.reserve(records.size());
  for (Catalogue::Index i = 0; i < records.size(); ++i) {
    if (records[i].is_active) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    const Record &x = records[a], &y = records[b];
    return x.created_at != y.created_at ? x.created_at > y.created_at : x.id > y.id;
  });
  return order;
}

}  // namespace

Catalogue::Catalogue(std::uint64_t version, std::vector<Song> songs,
                     std::vector<Playlist> playlists)
    : version_(version), songs_(std::move(songs)), playlists_(std::move(playlists)) {
  song_index_ = IndexById(songs_);
  playlist_index_ = IndexById(playlists_);
  active_songs_ = ActiveNewestFirst(songs_);
  active_playlists_ = ActiveNewestFirst(playlists_);

  search_text_.reserve(songs_.size());
  folded_genres_.reserve(songs_.size());
  for (const Song& song : songs_) {
    search_text_.push_back(FoldForSearch(song.title + " " + song.artist));
    auto& genres = folded_genres_.emplace_back();
    for (const std::string& genre : song.genre) genres.push_back(FoldForSearch(genre));
    updated_at_ = std::max(updated_at_, song.updated_at);
  }

  playlist_songs_.resize(playlists_.size());
  playlists_of_.resize(songs_.size());
  for (Index p = 0; p < playlists_.size(); ++p) {
    Playlist& playlist = playlists_[p];
    std::erase_if(playlist.songs, [&](const ObjectId& id) { return !FindSong(id); });
    for (const ObjectId& id : playlist.songs) {
      const Index song = *FindSong(id);
      if (!songs_[song].is_active) continue;
      playlist_songs_[p].push_back(song);
      auto& of = playlists_of_[song];
      if (playlist.is_active && (of.empty() || of.back() != p)) of.push_back(p);
    }
    updated_at_ = std::max(updated_at_, playlist.updated_at);
  }
  for (const Index p : active_playlists_) {
    if (playlists_[p].is_featured) featured_.push_back(p);
  }
}

std::optional<Catalogue::Index> Catalogue::FindSong(const ObjectId& id) const {
  const auto it = song_index_.find(id);
  return it == song_index_.end() ? std::nullopt : std::optional<Index>(it->second);
}

std::optional<Catalogue::Index> Catalogue::FindPlaylist(const ObjectId& id) const {
  const auto it = playlist_index_.find(id);
  return it == playlist_index_.end() ? std::nullopt : std::optional<Index>(it->second);
}

bool Catalogue::HasGenre(Index song, const std::string& folded_genre) const {
  const auto& genres = folded_genres_[song];
  return std::find(genres.begin(), genres.end(), folded_genre) != genres.end();
}

}  // namespace popradio
