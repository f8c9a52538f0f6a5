#include "media/ingest.h"

#include <algorithm>
#include <cmath>

#include "domain/song.h"
#include "media/files.h"
#include "media/media_types.h"

namespace popradio::media {
namespace {

// Where in a video the frame for its art is taken: after the title card, before the end.
constexpr double kFrameAt = 0.2;

bool IsFile(const std::string& path) {
  FileStamp stamp;
  return StampOf(path, stamp);
}

}  // namespace

std::string NfoPathOf(const std::string& media_path) {
  return std::string(FolderOf(media_path)) + "/" + std::string(FileStem(media_path)) + ".nfo";
}

std::optional<Nfo> ReadNfoBeside(const std::string& media_path, std::string* warning) {
  const std::string path = NfoPathOf(media_path);
  if (!IsFile(path)) return std::nullopt;
  const auto bytes = ReadWholeFile(path, kMaxNfoBytes);
  auto nfo = bytes ? ParseNfo(*bytes) : Result<Nfo>(Fail(bytes.error()));
  if (nfo) return std::move(*nfo);
  *warning = path + " was ignored: " + nfo.error().message;
  return std::nullopt;
}

std::optional<PictureSource> ChoosePicture(const std::string& media_path, const MediaInfo& info,
                                           const std::string& nfo_thumb) {
  if (info.picture_stream >= 0) return PictureSource{media_path, info.picture_stream, 0};
  const std::string folder(FolderOf(media_path));
  const std::string stem(FileStem(media_path));
  // Only a plain name: an NFO must not point out of its folder.
  if (!nfo_thumb.empty() && nfo_thumb.find('/') == std::string::npos && IsPictureFile(nfo_thumb) &&
      IsFile(folder + "/" + nfo_thumb)) {
    return PictureSource{folder + "/" + nfo_thumb, -1, 0};
  }
  // Its own name first, then what stands for the whole folder.
  std::vector<std::string> names = {stem, stem + "-poster", stem + "-thumb"};
  for (const char* name :
       {"cover", "folder", "poster", "front", "Cover", "Folder", "Poster", "Front"})
    names.push_back(name);
  for (const std::string& name : names) {
    for (const char* extension : {".jpg", ".jpeg", ".png", ".webp"}) {
      const std::string path = folder + "/" + name + extension;
      if (IsFile(path)) return PictureSource{path, -1, 0};
    }
  }
  if (info.has_video && IsVideoFile(media_path))
    return PictureSource{media_path, -1, info.duration_s * kFrameAt};
  return std::nullopt;
}

int WholeSeconds(double duration_s) {
  if (!std::isfinite(duration_s) || duration_s <= 0) return 0;
  return static_cast<int>(std::min<double>(std::floor(duration_s), kMaxDurationS));
}

}  // namespace popradio::media
