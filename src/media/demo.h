#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/catalogue_store.h"

namespace popradio::media {

// The demo station: `<demo_dir>/station.json` and the files it names, as songs and playlists with
// the same ids everywhere. Its media are served from where they are; the folder joins the library
// roots of `data_dir`. Paths in the file are relative to it and may not leave it:
//
//   {"songs":[{"_id","title","artist","genre":[…],"releaseYear","duration","file":"media/x.mp4",
//              "art":"media/x.webp"}],
//    "playlists":[{"_id","title","description","isFeatured","songs":[_id…],"cover":"media/y.webp"}]}
//
// Other fields are the renderer's. createdAt falls back from `now` by a minute a record, so that
// the file's order is the order of "newest first". Fails with a sentence that names what is missing
// or wrong.
Result<store::CatalogueChange> LoadDemoStation(const std::string& demo_dir,
                                               const std::string& data_dir, Instant now);

}  // namespace popradio::media
