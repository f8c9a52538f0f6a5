#pragma once

#include <string_view>

#include "base/result.h"
#include "media/parsed_catalogue.h"

namespace popradio::media {

// An M3U or M3U8 playlist as songs, and with "#PLAYLIST:name" as a playlist of them too.
//
//   #EXTM3U
//   #PLAYLIST:Dreamy Pop Vibes
//   #EXTINF:235,Taylor Swift - Love Story      seconds, artist - title; -1 says unknown
//   videos/Love Story.mp4                      an address, or a file beside the playlist
//
// tvg-logo="…" in an #EXTINF and #EXTIMG give the picture, #EXTGRP and #EXTGENRE the genre, #EXTART
// the artist. Other lines that begin with "#" are comments. Without an #EXTINF the file's name is
// the title. Fails with a sentence and a line for what is no playlist of songs (a live HLS one,
// binary data). Pure.
Result<ParsedCatalogue> ParseM3u(std::string_view bytes);

}  // namespace popradio::media
