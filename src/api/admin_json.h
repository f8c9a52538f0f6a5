#pragma once

#include <string>

#include "api/media_urls.h"
#include "domain/catalogue.h"
#include "store/engagement_store.h"

namespace popradio::api {

// A song and a playlist as the curator sees them: inactive ones too, with when they last changed.
void AppendAdminSong(std::string& out, const Song& song, const store::Engagement& numbers,
                     const MediaUrls& urls);
void AppendAdminPlaylist(std::string& out, const Playlist& playlist,
                         const store::Engagement& numbers, const MediaUrls& urls);

}  // namespace popradio::api
