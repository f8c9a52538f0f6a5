#include "media/media_types.h"

#include <optional>

namespace popradio::media {
namespace {

struct Type {
  std::string_view extension;
  MediaKind kind;
  std::string_view content_type;
};

constexpr Type kTypes[] = {
    {"mp4", MediaKind::kVideo, "video/mp4"},       {"m4v", MediaKind::kVideo, "video/mp4"},
    {"mov", MediaKind::kVideo, "video/quicktime"}, {"mkv", MediaKind::kVideo, "video/x-matroska"},
    {"webm", MediaKind::kVideo, "video/webm"},     {"avi", MediaKind::kVideo, "video/x-msvideo"},
    {"mpg", MediaKind::kVideo, "video/mpeg"},      {"mpeg", MediaKind::kVideo, "video/mpeg"},
    {"ogv", MediaKind::kVideo, "video/ogg"},       {"mp3", MediaKind::kAudio, "audio/mpeg"},
    {"m4a", MediaKind::kAudio, "audio/mp4"},       {"aac", MediaKind::kAudio, "audio/aac"},
    {"flac", MediaKind::kAudio, "audio/flac"},     {"ogg", MediaKind::kAudio, "audio/ogg"},
    {"oga", MediaKind::kAudio, "audio/ogg"},       {"opus", MediaKind::kAudio, "audio/ogg"},
    {"wav", MediaKind::kAudio, "audio/wav"},       {"jpg", MediaKind::kArt, "image/jpeg"},
    {"jpeg", MediaKind::kArt, "image/jpeg"},       {"png", MediaKind::kArt, "image/png"},
    {"webp", MediaKind::kArt, "image/webp"},
};

const Type* Find(std::string_view path) {
  const std::string_view extension = FileExtension(path);
  char lower[8];
  if (extension.empty() || extension.size() > sizeof lower) return nullptr;
  for (std::size_t i = 0; i < extension.size(); ++i) {
    const char c = extension[i];
    lower[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  const std::string_view wanted(lower, extension.size());
  for (const Type& type : kTypes) {
    if (type.extension == wanted) return &type;
  }
  return nullptr;
}

bool Is(std::string_view path, MediaKind kind) {
  const Type* type = Find(path);
  return type != nullptr && type->kind == kind;
}

}  // namespace

bool IsVideoFile(std::string_view path) { return Is(path, MediaKind::kVideo); }
bool IsAudioFile(std::string_view path) { return Is(path, MediaKind::kAudio); }
bool IsPictureFile(std::string_view path) { return Is(path, MediaKind::kArt); }

std::string_view ContentType(std::string_view path) {
  const Type* type = Find(path);
  return type == nullptr ? std::string_view() : type->content_type;
}

std::string_view FileName(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view FileExtension(std::string_view path) {
  const std::string_view name = FileName(path);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : name.substr(dot + 1);
}

std::string_view FileStem(std::string_view path) {
  const std::string_view name = FileName(path);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string_view FolderOf(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace popradio::media
