#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "media/ffmpeg.h"
#include "media/nfo.h"

namespace popradio::media {

// What scan and import do alike with one file of the curator's. The file itself is never touched.

// The NFO beside the medium ("Song.nfo" for "Song.mp4"), if it is one; `warning` gets a sentence
// when there is a file of that name that cannot be used.
std::optional<Nfo> ReadNfoBeside(const std::string& media_path, std::string* warning);
std::string NfoPathOf(const std::string& media_path);

// The picture that stands for the medium: the one embedded in it, else a file beside it (the thumb
// its NFO names, a picture of the same name, "<name>-poster.jpg", cover, folder, poster or front),
// else a frame at a fifth of a video. None for sound without any.
std::optional<PictureSource> ChoosePicture(const std::string& media_path, const MediaInfo& info,
                                           const std::string& nfo_thumb);

// Whole seconds, rounded down: a radio never plays silence after the end.
int WholeSeconds(double duration_s);

}  // namespace popradio::media
