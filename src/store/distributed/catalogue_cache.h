#pragma once

#include <string>
#include <string_view>

#include "store/distributed/numbers.h"
#include "store/distributed/redis_cache.h"

namespace popradio::store::distributed {

// Songs that the document's cache of the popular ones holds.
inline constexpr std::size_t kCachedPopular = 50;
// The caches are written anew this often, so that they never run out while the station runs.
inline constexpr Millis kCacheEvery{60'000};
// Every song has its own entry, which lives longer.
inline constexpr Millis kCacheSongsEvery{30 * 60'000};

// The document's caches, in its field names with ours behind, so that a node which starts while
// MongoDB is away has something to show: the songs, the popular ones first of all, and the featured
// playlists.
class CatalogueCache {
 public:
  CatalogueCache(RedisCache& cache, const Numbers& numbers) : cache_(cache), numbers_(numbers) {}

  // Writes the caches; never waits. `songs`: those of single songs too.
  void Put(const Catalogue& catalogue, bool songs);
  // What the caches hold, as a catalogue, and these songs as well; null: nothing.
  Task<CataloguePtr> Load(std::vector<ObjectId> also = {});

 private:
  RedisCache& cache_;
  const Numbers& numbers_;
};

// A song or playlist as the caches hold it; `numbers` as shown. None: it cannot be read.
std::string SongToJson(const Song& song, const Numbers& numbers);
std::string PlaylistToJson(const Playlist& playlist, const Numbers& numbers);
std::optional<Song> SongFromJson(std::string_view json);
std::vector<Song> SongsFromJson(std::string_view json);
std::vector<Playlist> PlaylistsFromJson(std::string_view json);

}  // namespace popradio::store::distributed
