#pragma once

#include <functional>
#include <string>

#include "domain/catalogue.h"
#include "media/ffmpeg.h"
#include "media/parsed_catalogue.h"
#include "media/scan.h"

namespace popradio::media {

struct ResolveEvents {
  // As of a scan; the files are those that the catalogue file names and that are here.
  std::function<void(const ScanProgress&)> progress;
  // Asked between songs: true ends it. What was converted stays, and the next import takes it.
  std::function<bool()> stopped;
};

// Turns files that a catalogue file names into files of ours. Only for a curator at the command
// line: without it, what is neither an http(s) address nor a path on the station is refused by the
// import.
//
// A videoUrl or audioUrl that is no address is a file's name: relative to `folder` (where the
// catalogue file lies), absolute, a file:// address, with "\" for "/" or with %20 where the plain
// name does not exist.
// - "/…" that is no file here stays a path on the station.
// - A file that is there becomes the song's media: fingerprinted, probed once (a file whose
// fingerprint
//   the catalogue knows is not), with a picture in <data>/art, and copied or encoded into
//   <data>/media where browsers could not play it (playability.h). Its length stands in for a
//   missing duration and caps one that is too long; its tags for a missing title or artist.
// - A file that is missing or broken: the song moves to `refused`.
// - albumArt that names a picture there becomes the song's art.
// `media` that an export wrote is kept even when its files are not here, with one warning: `scan`
// finds them again by their fingerprint wherever they are now. Fills parsed.library_roots. Blocks
// for as long as probing and converting take. False when it was stopped: then `parsed` is not whole
// and not to be imported.
[[nodiscard]] bool ResolveFiles(ParsedCatalogue& parsed, const std::string& folder,
                                const std::string& data_dir, const Catalogue& catalogue,
                                MediaTool& tool, const Clock& clock,
                                const ResolveEvents& events = {});

}  // namespace popradio::media
