#include "media/scan_work.h"

#include "media/fingerprint.h"
#include "media/ingest.h"
#include "media/media_types.h"

namespace popradio::media {

bool LookInto(Work& work, const ScanIdentity& identity, MediaTool& tool) {
  if (work.fingerprint.empty()) {
    auto fingerprint = FingerprintFile(work.file.path);
    if (!fingerprint) {
      work.problem = fingerprint.error();
      return false;
    }
    work.fingerprint = std::move(*fingerprint);
  }
  if (identity.ByFingerprint(work.fingerprint) && !work.nfo_is_newer) return false;
  auto info = tool.Probe(work.file.path);
  if (!info) {
    work.problem = info.error();
  } else if (info->duration_s <= 0) {
    work.problem = Error(ErrorCode::kInvalidParameter, "it does not say how long it is");
  } else {
    work.info = std::move(*info);
    work.nfo = ReadNfoBeside(work.file.path, &work.warning);
  }
  return true;
}

void MakeFiles(Work& work, const std::string& data_dir, MediaTool& tool,
               const ConvertProgress& converting) {
  Song& song = work.song;
  song.media.fingerprint = work.fingerprint;
  song.media.file_bytes = work.file.stamp.bytes;
  song.media.file_mtime_ms = work.file.stamp.mtime_ms;
  std::string playable = work.file.path;
  bool video = work.info->has_video && IsVideoFile(work.file.path);
  if (work.conversion.needed) {
    const std::string folder = data_dir + "/media";
    playable = folder + "/" + song.id.ToHex() + "." + work.conversion.extension;
    video = work.conversion.has_video;
    if (auto made = MakeFolder(folder); !made) {
      work.problem = made.error();
      return;
    }
    if (auto done = tool.Convert(work.file.path, *work.info, work.conversion, playable, converting);
        !done) {
      work.problem = done.error();
      return;
    }
  }
  song.media.video_path = video ? playable : std::string();
  song.media.audio_path = video ? std::string() : playable;
  const auto picture =
      ChoosePicture(work.file.path, *work.info, work.nfo ? work.nfo->thumb : std::string());
  if (!picture) return;
  const std::string art = data_dir + "/art/" + song.id.ToHex() + ".jpg";
  auto made = MakeFolder(data_dir + "/art");
  if (made) made = tool.MakePicture(*picture, {}, art);
  if (made) {
    song.media.art_path = art;
    song.media.art_type = "image/jpeg";
  } else {
    // A song without a picture is a song; it gets a generated cover.
    work.warning = "no picture could be made of " + picture->path + ": " + made.error().message;
  }
}

}  // namespace popradio::media
