#pragma once

#include <string>

#include "domain/song.h"
#include "media/nfo.h"
#include "media/probe.h"

namespace popradio::media {

// Fills in what a song is called. Trust in this order: NFO, tags, names of file and folders. For a
// song that is known already (`fresh` false) names are no news: only what the NFO or the tags say
// is taken.
void Describe(const MediaInfo& info, const Nfo* nfo, const std::string& relative_path, bool fresh,
              Song& song);

}  // namespace popradio::media
