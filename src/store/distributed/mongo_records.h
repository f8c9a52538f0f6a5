#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/catalogue.h"
#include "domain/comment.h"
#include "store/distributed/mongo/document.h"

// Songs, playlists and comments as MongoDB's documents: the document's fields first, ours behind.
namespace popradio::store::distributed {

// A record and its place among all of its kind: the order they were added in.
struct PlacedSong {
  Song song;
  std::int64_t order = 0;
};
struct PlacedPlaylist {
  Playlist playlist;
  std::int64_t order = 0;
};

// Pipelines that write the curator's fields and nothing else: what was counted stays, `likes` and
// `plays` move with their bases only. A record that is new gets `order`.
mongo::List WriteSongPipeline(const Song& song, std::int64_t version, std::int64_t order);
mongo::List WritePlaylistPipeline(const Playlist& playlist, std::int64_t version,
                                  std::int64_t order);
PlacedSong ReadSong(mongo::View document);
PlacedPlaylist ReadPlaylist(mongo::View document);

mongo::Document CommentDocument(const Comment& comment);
Comment ReadComment(mongo::View document);

// "song" and "playlist", as `targetType` and `type` hold them.
std::optional<TargetType> ParseTargetType(const std::string& name);

}  // namespace popradio::store::distributed
