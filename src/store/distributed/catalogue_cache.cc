#include "store/distributed/catalogue_cache.h"

#include <algorithm>
#include <boost/json.hpp>
#include <unordered_map>

#include "store/distributed/cached_json.h"

namespace popradio::store::distributed {
namespace {

namespace json = boost::json;

struct Shown {
  std::int64_t likes = 0, plays = 0;
};

Shown ShownOf(const Target& target, std::int64_t base_likes, std::int64_t base_plays,
              const Numbers& numbers) {
  const Numbers::Cell* cell = numbers.Find(target);
  if (cell == nullptr) return {base_likes, base_plays};
  return {base_likes + cell->likes.load(std::memory_order_relaxed),
          base_plays + cell->plays.load(std::memory_order_relaxed)};
}

json::object ObjectOf(const Song& song, const Numbers& numbers) {
  const Shown shown =
      ShownOf({TargetType::kSong, song.id}, song.base_likes, song.base_plays, numbers);
  json::object out;
  out["_id"] = song.id.ToHex();
  out["title"] = song.title;
  out["artist"] = song.artist;
  out["albumArt"] = song.album_art;
  out["videoUrl"] = song.video_url;
  out["audioUrl"] = song.audio_url;
  out["duration"] = song.duration_s;
  json::array genre;
  for (const std::string& one : song.genre) genre.emplace_back(one);
  out["genre"] = std::move(genre);
  if (song.release_year) out["releaseYear"] = *song.release_year;
  out["likes"] = shown.likes;
  out["plays"] = shown.plays;
  out["createdAt"] = ToEpochMs(song.created_at);
  out["updatedAt"] = ToEpochMs(song.updated_at);
  out["isActive"] = song.is_active;
  out["baseLikes"] = song.base_likes;
  out["basePlays"] = song.base_plays;
  const SongMedia& media = song.media;
  out["media"] = {{"videoPath", media.video_path},     {"audioPath", media.audio_path},
                  {"artPath", media.art_path},         {"artType", media.art_type},
                  {"fingerprint", media.fingerprint},  {"fileBytes", media.file_bytes},
                  {"fileMtimeMs", media.file_mtime_ms}};
  return out;
}

json::object ObjectOf(const Playlist& playlist, const Numbers& numbers) {
  const Shown shown = ShownOf({TargetType::kPlaylist, playlist.id}, playlist.base_likes,
                              playlist.base_views, numbers);
  json::object out;
  out["_id"] = playlist.id.ToHex();
  out["title"] = playlist.title;
  out["description"] = playlist.description;
  out["coverImage"] = playlist.cover_image;
  json::array songs;
  for (const ObjectId& song : playlist.songs) songs.emplace_back(song.ToHex());
  out["songs"] = std::move(songs);
  out["likes"] = shown.likes;
  out["views"] = shown.plays;
  out["createdAt"] = ToEpochMs(playlist.created_at);
  out["updatedAt"] = ToEpochMs(playlist.updated_at);
  out["isActive"] = playlist.is_active;
  out["isFeatured"] = playlist.is_featured;
  out["baseLikes"] = playlist.base_likes;
  out["baseViews"] = playlist.base_views;
  out["coverPath"] = playlist.cover_path;
  return out;
}

Song ReadSong(const json::object& from) {
  Song song;
  song.id = ObjectId::Parse(Text(from, "_id")).value();
  song.title = Text(from, "title");
  song.artist = Text(from, "artist");
  song.album_art = Text(from, "albumArt");
  song.video_url = Text(from, "videoUrl");
  song.audio_url = Text(from, "audioUrl");
  song.duration_s = static_cast<int>(Int(from, "duration"));
  for (const json::value& one : from.at("genre").as_array())
    song.genre.emplace_back(one.as_string());
  if (from.contains("releaseYear")) song.release_year = static_cast<int>(Int(from, "releaseYear"));
  song.base_likes = Int(from, "baseLikes");
  song.base_plays = Int(from, "basePlays");
  song.created_at = FromEpochMs(Int(from, "createdAt"));
  song.updated_at = FromEpochMs(Int(from, "updatedAt"));
  song.is_active = from.at("isActive").as_bool();
  const json::object& media = from.at("media").as_object();
  song.media = {Text(media, "videoPath"), Text(media, "audioPath"),   Text(media, "artPath"),
                Text(media, "artType"),   Text(media, "fingerprint"), Int(media, "fileBytes"),
                Int(media, "fileMtimeMs")};
  return song;
}

Playlist ReadPlaylist(const json::object& from) {
  Playlist playlist;
  playlist.id = ObjectId::Parse(Text(from, "_id")).value();
  playlist.title = Text(from, "title");
  playlist.description = Text(from, "description");
  playlist.cover_image = Text(from, "coverImage");
  playlist.cover_path = Text(from, "coverPath");
  for (const json::value& song : from.at("songs").as_array()) {
    playlist.songs.push_back(ObjectId::Parse(std::string(song.as_string())).value());
  }
  playlist.base_likes = Int(from, "baseLikes");
  playlist.base_views = Int(from, "baseViews");
  playlist.created_at = FromEpochMs(Int(from, "createdAt"));
  playlist.updated_at = FromEpochMs(Int(from, "updatedAt"));
  playlist.is_active = from.at("isActive").as_bool();
  playlist.is_featured = from.at("isFeatured").as_bool();
  return playlist;
}

template <class T>
std::vector<T> ReadAll(std::string_view text, T (*read)(const json::object&)) {
  std::vector<T> all;
  try {
    const json::value parsed = json::parse(text);
    for (const json::value& one : parsed.as_array()) {
      all.push_back(read(one.as_object()));
    }
  } catch (const std::exception&) {
    return {};
  }
  return all;
}

}  // namespace

std::string SongToJson(const Song& song, const Numbers& numbers) {
  return json::serialize(ObjectOf(song, numbers));
}
std::string PlaylistToJson(const Playlist& playlist, const Numbers& numbers) {
  return json::serialize(ObjectOf(playlist, numbers));
}
std::optional<Song> SongFromJson(std::string_view text) {
  const auto one = ReadAll<Song>("[" + std::string(text) + "]", ReadSong);
  return one.empty() ? std::nullopt : std::optional(one.front());
}
std::vector<Song> SongsFromJson(std::string_view text) { return ReadAll<Song>(text, ReadSong); }
std::vector<Playlist> PlaylistsFromJson(std::string_view text) {
  return ReadAll<Playlist>(text, ReadPlaylist);
}

void CatalogueCache::Put(const Catalogue& catalogue, bool songs) {
  std::vector<std::pair<std::int64_t, Catalogue::Index>> by_likes;
  for (const Catalogue::Index index : catalogue.active_songs()) {
    const Song& song = catalogue.songs()[index];
    by_likes.emplace_back(
        -ShownOf({TargetType::kSong, song.id}, song.base_likes, song.base_plays, numbers_).likes,
        index);
  }
  const std::size_t count = std::min(kCachedPopular, by_likes.size());
  std::partial_sort(by_likes.begin(), by_likes.begin() + static_cast<std::ptrdiff_t>(count),
                    by_likes.end());
  json::array popular;
  for (std::size_t i = 0; i < count; ++i) {
    popular.emplace_back(ObjectOf(catalogue.songs()[by_likes[i].second], numbers_));
  }
  cache_.PutPopular(json::serialize(popular));
  json::array featured;
  for (const Catalogue::Index index : catalogue.featured_playlists()) {
    featured.emplace_back(ObjectOf(catalogue.playlists()[index], numbers_));
  }
  cache_.PutFeatured(json::serialize(featured));
  if (!songs) return;
  std::vector<std::pair<ObjectId, std::string>> all;
  for (const Song& song : catalogue.songs()) all.emplace_back(song.id, SongToJson(song, numbers_));
  cache_.PutSongs(std::move(all));
}

Task<CataloguePtr> CatalogueCache::Load(std::vector<ObjectId> also) {
  const auto popular = co_await cache_.Popular();
  const auto featured = co_await cache_.Featured();
  const auto ids = co_await cache_.SongIds();
  std::vector<Playlist> playlists;
  if (featured && *featured) playlists = PlaylistsFromJson(**featured);
  // In the station's order; what its list lacks stands behind.
  std::vector<ObjectId> order = ids ? *ids : std::vector<ObjectId>();
  std::unordered_map<ObjectId, Song> songs;
  if (popular && *popular) {
    for (Song& song : SongsFromJson(**popular)) {
      order.push_back(song.id);
      songs.emplace(song.id, std::move(song));
    }
  }
  for (const Playlist& playlist : playlists) {
    order.insert(order.end(), playlist.songs.begin(), playlist.songs.end());
  }
  order.insert(order.end(), also.begin(), also.end());
  std::vector<ObjectId> wanted;
  for (const ObjectId& id : order) {
    if (!songs.contains(id)) wanted.push_back(id);
  }
  if (!wanted.empty()) {
    const auto found = co_await cache_.Songs(std::move(wanted));
    if (found) {
      for (const auto& [id, text] : *found) {
        if (auto song = SongFromJson(text)) songs.emplace(id, *std::move(song));
      }
    }
  }
  std::vector<Song> all;
  for (const ObjectId& id : order) {
    const auto found = songs.find(id);
    if (found == songs.end()) continue;
    all.push_back(std::move(found->second));
    songs.erase(found);
  }
  if (all.empty()) co_return nullptr;
  co_return std::make_shared<const Catalogue>(0, std::move(all), std::move(playlists));
}

}  // namespace popradio::store::distributed
