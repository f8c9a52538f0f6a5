#pragma once

#include <string_view>

#include "base/result.h"
#include "media/parsed_catalogue.h"

namespace popradio::media {

inline constexpr std::size_t kMaxCatalogueDepth = 16;  // of nested arrays and objects

// The catalogue file: {"songs":[…],"playlists":[…],"comments":[…]} in the document's field names;
// all three are optional, one must be there. `_id` is optional everywhere. A time is an ISO 8601
// text; what mongoexport writes is understood too ({"$oid":"…"}, {"$date":"…"}). `duration` may
// have a fraction, which is cut off: the station never plays silence after the end. `media` (songs)
// and `coverPath` (playlists) are what export.h writes about files of ours.
//
// Fields of other names are ignored, and each name is in `warnings` once. A record with a field of
// the wrong type is in `refused` with its line; the rest is read. Text that is no JSON, is nested
// deeper than kMaxCatalogueDepth or larger than kMaxCatalogueBytes fails as a whole, with line and
// column. A UTF-8 byte order mark is forgiven. Pure; any thread.
Result<ParsedCatalogue> ParseCatalogueJson(std::string_view bytes);

}  // namespace popradio::media
