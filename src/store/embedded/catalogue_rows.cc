#include "store/embedded/catalogue_rows.h"

#include <boost/json.hpp>
#include <cstring>

#include "base/json_text.h"

namespace popradio::embedded {
namespace {

constexpr char kReadSongs[] =
    "SELECT id, title, artist, album_art, video_url, audio_url, duration_s, genre, release_year, "
    "base_likes, "
    "base_plays, created_at, updated_at, is_active, video_path, audio_path, art_path, art_type, "
    "fingerprint, "
    "file_bytes, file_mtime_ms FROM songs ORDER BY rowid";
constexpr char kWriteSong[] =
    "INSERT INTO songs (id, title, artist, album_art, video_url, audio_url, duration_s, genre, "
    "release_year, "
    "base_likes, base_plays, created_at, updated_at, is_active, video_path, audio_path, art_path, "
    "art_type, "
    "fingerprint, file_bytes, file_mtime_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?, ?, ?, ?, "
    "?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, artist = excluded.artist, "
    "album_art = excluded.album_art, video_url = excluded.video_url, audio_url = "
    "excluded.audio_url, "
    "duration_s = excluded.duration_s, genre = excluded.genre, release_year = "
    "excluded.release_year, "
    "base_likes = excluded.base_likes, base_plays = excluded.base_plays, created_at = "
    "excluded.created_at, "
    "updated_at = excluded.updated_at, is_active = excluded.is_active, video_path = "
    "excluded.video_path, "
    "audio_path = excluded.audio_path, art_path = excluded.art_path, art_type = excluded.art_type, "
    "fingerprint = excluded.fingerprint, file_bytes = excluded.file_bytes, "
    "file_mtime_ms = excluded.file_mtime_ms";
constexpr char kReadPlaylists[] =
    "SELECT id, title, description, cover_image, cover_path, songs, base_likes, base_views, "
    "created_at, "
    "updated_at, is_active, is_featured FROM playlists ORDER BY rowid";
constexpr char kWritePlaylist[] =
    "INSERT INTO playlists (id, title, description, cover_image, cover_path, songs, base_likes, "
    "base_views, "
    "created_at, updated_at, is_active, is_featured) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT "
    "(id) DO UPDATE SET title = excluded.title, description = excluded.description, "
    "cover_image = excluded.cover_image, cover_path = excluded.cover_path, songs = excluded.songs, "
    "base_likes = excluded.base_likes, base_views = excluded.base_views, created_at = "
    "excluded.created_at, "
    "updated_at = excluded.updated_at, is_active = excluded.is_active, is_featured = "
    "excluded.is_featured";

std::string GenresToJson(const std::vector<std::string>& genres) {
  std::string json = "[";
  for (const std::string& genre : genres) {
    if (json.size() > 1) json += ',';
    AppendJsonString(json, genre);
  }
  return json + "]";
}

std::vector<std::string> GenresFromJson(const std::string& text) {
  std::vector<std::string> genres;
  boost::json::error_code failure;
  const boost::json::value parsed = boost::json::parse(text, failure);
  if (failure || !parsed.is_array()) return genres;
  for (const boost::json::value& genre : parsed.get_array()) {
    if (genre.is_string()) genres.emplace_back(genre.get_string());
  }
  return genres;
}

}  // namespace

std::vector<Song> ReadSongs(Database& database) {
  std::vector<Song> songs;
  Query row = database.Prepare(kReadSongs);
  while (row.Step()) {
    Song& song = songs.emplace_back();
    song.id = row.Id(0);
    song.title = row.Text(1);
    song.artist = row.Text(2);
    song.album_art = row.Text(3);
    song.video_url = row.Text(4);
    song.audio_url = row.Text(5);
    song.duration_s = static_cast<int>(row.Int(6));
    song.genre = GenresFromJson(row.Text(7));
    if (!row.IsNull(8)) song.release_year = static_cast<int>(row.Int(8));
    song.base_likes = row.Int(9);
    song.base_plays = row.Int(10);
    song.created_at = row.Time(11);
    song.updated_at = row.Time(12);
    song.is_active = row.Int(13) != 0;
    song.media.video_path = row.Text(14);
    song.media.audio_path = row.Text(15);
    song.media.art_path = row.Text(16);
    song.media.art_type = row.Text(17);
    song.media.fingerprint = row.Text(18);
    song.media.file_bytes = row.Int(19);
    song.media.file_mtime_ms = row.Int(20);
  }
  return songs;
}

void WriteSong(Database& database, const Song& song) {
  const std::string genre = GenresToJson(song.genre);
  Query row = database.Prepare(kWriteSong);
  row.Bind(song.id)
      .Bind(song.title)
      .Bind(song.artist)
      .Bind(song.album_art)
      .Bind(song.video_url)
      .Bind(song.audio_url)
      .Bind(std::int64_t{song.duration_s})
      .Bind(genre);
  song.release_year ? row.Bind(std::int64_t{*song.release_year}) : row.BindNull();
  row.Bind(song.base_likes)
      .Bind(song.base_plays)
      .Bind(song.created_at)
      .Bind(song.updated_at)
      .Bind(song.is_active)
      .Bind(song.media.video_path)
      .Bind(song.media.audio_path)
      .Bind(song.media.art_path)
      .Bind(song.media.art_type)
      .Bind(song.media.fingerprint)
      .Bind(song.media.file_bytes)
      .Bind(song.media.file_mtime_ms)
      .Run();
}

std::vector<Playlist> ReadPlaylists(Database& database) {
  std::vector<Playlist> playlists;
  Query row = database.Prepare(kReadPlaylists);
  while (row.Step()) {
    Playlist& playlist = playlists.emplace_back();
    playlist.id = row.Id(0);
    playlist.title = row.Text(1);
    playlist.description = row.Text(2);
    playlist.cover_image = row.Text(3);
    playlist.cover_path = row.Text(4);
    const std::vector<std::uint8_t> songs = row.Blob(5);
    for (std::size_t at = 0; at + ObjectId::kBytes <= songs.size(); at += ObjectId::kBytes) {
      std::array<std::uint8_t, ObjectId::kBytes> id;
      std::memcpy(id.data(), songs.data() + at, ObjectId::kBytes);
      playlist.songs.emplace_back(id);
    }
    playlist.base_likes = row.Int(6);
    playlist.base_views = row.Int(7);
    playlist.created_at = row.Time(8);
    playlist.updated_at = row.Time(9);
    playlist.is_active = row.Int(10) != 0;
    playlist.is_featured = row.Int(11) != 0;
  }
  return playlists;
}

void WritePlaylist(Database& database, const Playlist& playlist) {
  std::vector<std::uint8_t> songs;
  songs.reserve(playlist.songs.size() * ObjectId::kBytes);
  for (const ObjectId& id : playlist.songs)
    songs.insert(songs.end(), id.bytes().begin(), id.bytes().end());
  database.Prepare(kWritePlaylist)
      .Bind(playlist.id)
      .Bind(playlist.title)
      .Bind(playlist.description)
      .Bind(playlist.cover_image)
      .Bind(playlist.cover_path)
      .BindBlob(songs)
      .Bind(playlist.base_likes)
      .Bind(playlist.base_views)
      .Bind(playlist.created_at)
      .Bind(playlist.updated_at)
      .Bind(playlist.is_active)
      .Bind(playlist.is_featured)
      .Run();
}

}  // namespace popradio::embedded
