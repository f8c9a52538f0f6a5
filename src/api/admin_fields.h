#pragma once

#include <boost/json/object.hpp>

#include "api/media_urls.h"
#include "base/result.h"
#include "domain/song.h"

namespace popradio::api {

// Writes the fields that a curator sent over `record`; what was not sent stays. kInvalidParameter
// names the first that does not fit. An address that is the one we show for our own file or for a
// generated cover changes nothing: a form that sends back all it was given must not turn it into a
// link.
Result<void> ApplySongFields(const boost::json::object& fields, const MediaUrls& urls,
                             Song& record);
Result<void> ApplyPlaylistFields(const boost::json::object& fields, const MediaUrls& urls,
                                 Playlist& record);

}  // namespace popradio::api
