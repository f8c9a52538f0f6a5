#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/song.h"

namespace popradio::api {

// Addresses of the station's own files, each with the version of its content ("?v=…"), so that they
// may be cached for a year: another content has another address.
class MediaUrls {
 public:
  // `media_base`: the setting media.base_url; `public_url`: http.public_url, which makes paths
  // absolute.
  MediaUrls(std::string media_base, std::string public_url);

  // What answers show: the address that was given, else our file's; a picture is never empty, as
  // the generated cover stands in.
  std::string AlbumArt(const Song& song) const;
  std::string Video(const Song& song) const;  // empty: the song has none
  std::string Audio(const Song& song) const;
  std::string Cover(const Playlist& playlist) const;
  // The same picture in one of the sizes of small_covers.h; an address that was given stays.
  std::string SmallArt(const Song& song, int width) const;

  // The versions, 16 hexadecimal digits.
  static std::string ArtVersion(const Song& song);
  static std::string VideoVersion(const Song& song);
  static std::string AudioVersion(const Song& song);
  static std::string CoverVersion(const Playlist& playlist);

 private:
  std::string Given(std::string_view url) const;
  std::string Ours(const ObjectId& id, std::string_view kind, std::string_view version) const;

  std::string base_;
  std::string public_url_;
};

}  // namespace popradio::api
