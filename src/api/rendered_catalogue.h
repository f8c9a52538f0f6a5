#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/media_urls.h"
#include "domain/catalogue.h"
#include "domain/comment.h"
#include "store/engagement_store.h"

namespace popradio::api {

// A catalogue with the JSON of every song and playlist written once. Only the numbers and
// isLikedByUser are missing; they are spliced in per request. Thread-safe because it never changes.
class RenderedCatalogue {
 public:
  using Index = Catalogue::Index;

  RenderedCatalogue(CataloguePtr catalogue, const MediaUrls& urls);

  const Catalogue& catalogue() const { return *catalogue_; }
  const CataloguePtr& pointer() const { return catalogue_; }

  Target SongTarget(Index song) const { return {TargetType::kSong, catalogue_->songs()[song].id}; }
  Target PlaylistTarget(Index p) const {
    return {TargetType::kPlaylist, catalogue_->playlists()[p].id};
  }

  // {"_id":…, up to …"likes":
  std::string_view SongHead(Index song) const { return Cut(songs_[song].head, songs_[song].tail); }
  // ,"createdAt":"…" and no brace, so that a slot's fields may follow.
  std::string_view SongTail(Index song) const { return Cut(songs_[song].tail, songs_[song].end); }

  void AppendSong(std::string& out, Index song, const store::Engagement& numbers) const;
  // Without the closing brace.
  void AppendOpenSong(std::string& out, Index song, const store::Engagement& numbers) const;

  // Active playlists as GET /playlists lists them: featured first, then newest first.
  const std::vector<Index>& playlist_order() const { return playlist_order_; }
  // The numbers a playlist's JSON takes, in order: its own, then each active song's.
  void CollectTargets(Index playlist, std::vector<Target>& targets) const;
  // `numbers` are those of CollectTargets; returns how many it took.
  std::size_t AppendPlaylist(std::string& out, Index playlist,
                             const store::Engagement* numbers) const;

 private:
  struct Piece {
    std::uint32_t head, tail, end;  // into text_
  };
  std::string_view Cut(std::uint32_t from, std::uint32_t to) const {
    return std::string_view(text_).substr(from, to - from);
  }

  CataloguePtr catalogue_;
  std::string text_;  // all pieces one after another
  std::vector<Piece> songs_, playlists_;
  std::vector<Index> playlist_order_;
};

using RenderedPtr = std::shared_ptr<const RenderedCatalogue>;

// Shared with the admin's answers, which list inactive ones too: a song's fields up to "likes":, a
// playlist's up to the first of its "songs".
void AppendSongHead(std::string& out, const Song& song, const MediaUrls& urls);
void AppendPlaylistHead(std::string& out, const Playlist& playlist, const MediaUrls& urls);

}  // namespace popradio::api
