#pragma once

#include <string>
#include <string_view>

namespace popradio::media {

inline constexpr const char* kUnknownArtist = "Unknown artist";

// What a path tells about a song when nothing better does. Pure.
struct GuessedNames {
  std::string title;   // never empty unless the path is
  std::string artist;  // empty when the path does not say
  std::string album;
};

// `relative_path` is the path below the library folder:
//   "Artist - Title.ext", "01 - Artist - Title.ext"   artist and title
//   "Artist/Album/01 Title.ext", "Artist/Title.ext"   artist from the folders
//   "01. some_song [Official Video].mp4"              title "some song"
// Track numbers go, underscores become blanks when there are no others, and so do the remarks that
// video sites append, with their ids. Folders called "music", "videos" and the like are no artists.
GuessedNames GuessNames(std::string_view relative_path);

}  // namespace popradio::media
