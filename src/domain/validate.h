#pragma once

#include "base/result.h"
#include "domain/song.h"

namespace popradio {

// The rules a record must keep before it may become part of the station. Both trim and
// NFC-normalise the texts in place, then return the first thing that is wrong as a sentence that
// names the field in the document's spelling ("title must be between 1 and 400 bytes long").
//
// A song needs a title, an artist, a duration and something to play: videoUrl, audioUrl or a file
// of ours. URLs are http(s) or a path on this station beginning with "/".
Result<void> ValidateSong(Song& song);
// A playlist needs a title. That its songs exist is the catalogue's business (store/catalogue.h).
Result<void> ValidatePlaylist(Playlist& playlist);

}  // namespace popradio
