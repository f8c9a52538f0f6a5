#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "media/ffmpeg.h"
#include "media/nfo.h"
#include "media/scan_identity.h"
#include "media/walk.h"

namespace popradio::media {

// A file that must be looked into, and what came of it.
struct Work {
  WalkedFile file;
  std::optional<Catalogue::Index> owner;  // the song that was at this path
  bool nfo_is_newer = false;
  std::string fingerprint;
  std::optional<MediaInfo> info;
  std::optional<Nfo> nfo;
  std::string warning;
  std::optional<Error> problem;
  // Set where it becomes, or stays, a song whose files are to be made:
  bool ingest = false;
  bool is_new = false;
  Song song;
  Conversion conversion;
};

// Reads the file: fingerprint, and what it says of itself where that is news. Returns whether it
// was probed. Decides nothing; several threads may do it at once, each with its own work.
bool LookInto(Work& work, const ScanIdentity& identity, MediaTool& tool);

// Makes the art, and the copy that browsers play, in the data folder, and enters them in work.song.
// Several threads at once, as above.
void MakeFiles(Work& work, const std::string& data_dir, MediaTool& tool,
               const ConvertProgress& converting);

}  // namespace popradio::media
