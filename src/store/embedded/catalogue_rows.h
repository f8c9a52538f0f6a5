#pragma once

#include <vector>

#include "domain/song.h"
#include "store/embedded/database.h"

namespace popradio::embedded {

// Songs and playlists as rows. All of these throw SQLite::Exception.

// In the order they were first added.
std::vector<Song> ReadSongs(Database& database);
std::vector<Playlist> ReadPlaylists(Database& database);
// Inserts, or replaces the row of the same id.
void WriteSong(Database& database, const Song& song);
void WritePlaylist(Database& database, const Playlist& playlist);

}  // namespace popradio::embedded
