#pragma once

#include <string_view>

#include "base/result.h"
#include "media/parsed_catalogue.h"

namespace popradio::media {

// Songs as a table. The first row names the columns in the catalogue's field names, in any order
// and case: _id title artist albumArt videoUrl audioUrl duration genre releaseYear likes plays
// createdAt updatedAt isActive. `title` must be among them. Columns of other names are ignored with
// a warning.
//
// Separated by comma, semicolon or tab, whichever the first row has most of; quoted by "…". A genre
// cell holds several separated by ";" or "|"; a duration is seconds or m:ss or h:mm:ss; isActive is
// true/false, yes/no or 1/0. An empty cell says nothing. A row that does not fit is in `refused`
// with its line; broken quotes fail with line and column, and then nothing is imported. Pure.
Result<ParsedCatalogue> ParseCsv(std::string_view bytes);

}  // namespace popradio::media
