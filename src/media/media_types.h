#pragma once

#include <cstdint>
#include <string_view>

namespace popradio::media {

enum class MediaKind : std::uint8_t { kVideo, kAudio, kArt };

// What scan looks at, by extension in either case:
//   video: mp4 m4v mov mkv webm avi mpg mpeg ogv    audio: mp3 m4a aac flac ogg oga opus wav
bool IsVideoFile(std::string_view path);
bool IsAudioFile(std::string_view path);
inline bool IsMediaFile(std::string_view path) { return IsVideoFile(path) || IsAudioFile(path); }
bool IsPictureFile(std::string_view path);  // jpg jpeg png webp

// The type a browser is told, by extension; empty for what is never served.
std::string_view ContentType(std::string_view path);

// The part after the last "/", and the same without its extension.
std::string_view FileName(std::string_view path);
std::string_view FileStem(std::string_view path);
// The extension in its own case, without the dot; empty when there is none.
std::string_view FileExtension(std::string_view path);
// The folder of a path, without the last "/"; empty when there is none.
std::string_view FolderOf(std::string_view path);

}  // namespace popradio::media
