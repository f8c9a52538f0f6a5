#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/song.h"

namespace popradio {

// Everything the curator decides, as one immutable snapshot. A change makes a new one and swaps the
// pointer, so readers never lock, never wait and never see half a change. Songs and playlists are
// found by a dense index, which is also what the rendered answers and the orders are keyed by.
// Thread-safe because it never changes.
class Catalogue {
 public:
  using Index = std::uint32_t;

  Catalogue() : Catalogue(0, {}, {}) {}
  // `version` rises with each change. Ids are unique; a playlist's unknown songs are dropped.
  Catalogue(std::uint64_t version, std::vector<Song> songs, std::vector<Playlist> playlists);

  std::uint64_t version() const { return version_; }
  const std::vector<Song>& songs() const { return songs_; }              // inactive ones too
  const std::vector<Playlist>& playlists() const { return playlists_; }  // inactive ones too

  std::optional<Index> FindSong(const ObjectId& id) const;
  std::optional<Index> FindPlaylist(const ObjectId& id) const;

  // Indices of the active ones, newest first (createdAt, then id, both descending).
  const std::vector<Index>& active_songs() const { return active_songs_; }
  const std::vector<Index>& active_playlists() const { return active_playlists_; }
  // Featured ones among active_playlists(), same order.
  const std::vector<Index>& featured_playlists() const { return featured_; }
  // The active songs of a playlist, in its order.
  const std::vector<Index>& PlaylistSongs(Index playlist) const {
    return playlist_songs_[playlist];
  }
  // Active playlists that contain the song.
  const std::vector<Index>& PlaylistsOf(Index song) const { return playlists_of_[song]; }

  // For search: title and artist folded by search_text.h; and the genres folded, as one string
  // each.
  const std::string& SearchText(Index song) const { return search_text_[song]; }
  bool HasGenre(Index song, const std::string& folded_genre) const;

  // When anything last changed; the newest updatedAt.
  Instant updated_at() const { return updated_at_; }

 private:
  std::uint64_t version_;
  std::vector<Song> songs_;
  std::vector<Playlist> playlists_;
  std::unordered_map<ObjectId, Index> song_index_;
  std::unordered_map<ObjectId, Index> playlist_index_;
  std::vector<Index> active_songs_, active_playlists_, featured_;
  std::vector<std::vector<Index>> playlist_songs_, playlists_of_;
  std::vector<std::string> search_text_;
  std::vector<std::vector<std::string>> folded_genres_;
  Instant updated_at_;
};

using CataloguePtr = std::shared_ptr<const Catalogue>;

}  // namespace popradio
