#include "api/media_urls.h"

#include <initializer_list>

namespace popradio::api {
namespace {

// FNV-1a: the same on every node and after every start, which the seeded hash of base/ids.h is not.
std::string Version(std::initializer_list<std::string_view> parts) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto stir = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3ULL; };
  for (const std::string_view part : parts) {
    for (const char c : part) stir(static_cast<unsigned char>(c));
    stir(0);
  }
  constexpr char kHex[] = "0123456789abcdef";
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i, hash >>= 4) text[static_cast<std::size_t>(i)] = kHex[hash & 15];
  return text;
}

std::string FileVersion(const Song& song, std::string_view path) {
  return Version({path, song.media.fingerprint, std::to_string(song.media.file_bytes),
                  std::to_string(song.media.file_mtime_ms)});
}

// Rises when the drawing of generated covers changes.
constexpr std::string_view kCoverStyle = "cover-1";

std::string Trimmed(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

}  // namespace

MediaUrls::MediaUrls(std::string media_base, std::string public_url)
    : base_(Trimmed(std::move(media_base))), public_url_(Trimmed(std::move(public_url))) {
  if (base_.starts_with('/')) base_ = public_url_ + base_;
}

std::string MediaUrls::Given(std::string_view url) const {
  return url.starts_with('/') ? public_url_ + std::string(url) : std::string(url);
}

std::string MediaUrls::Ours(const ObjectId& id, std::string_view kind,
                            std::string_view version) const {
  std::string url = base_;
  url.append("/").append(id.ToHex()).append("/").append(kind).append("?v=").append(version);
  return url;
}

std::string MediaUrls::AlbumArt(const Song& song) const {
  return song.album_art.empty() ? Ours(song.id, "art", ArtVersion(song)) : Given(song.album_art);
}

std::string MediaUrls::SmallArt(const Song& song, int width) const {
  std::string url = AlbumArt(song);
  if (song.album_art.empty()) url.append("&w=").append(std::to_string(width));
  return url;
}

std::string MediaUrls::Video(const Song& song) const {
  if (!song.video_url.empty()) return Given(song.video_url);
  return song.media.video_path.empty() ? "" : Ours(song.id, "video", VideoVersion(song));
}

std::string MediaUrls::Audio(const Song& song) const {
  if (!song.audio_url.empty()) return Given(song.audio_url);
  return song.media.audio_path.empty() ? "" : Ours(song.id, "audio", AudioVersion(song));
}

std::string MediaUrls::Cover(const Playlist& playlist) const {
  return playlist.cover_image.empty() ? Ours(playlist.id, "cover", CoverVersion(playlist))
                                      : Given(playlist.cover_image);
}

std::string MediaUrls::ArtVersion(const Song& song) {
  if (song.media.art_path.empty()) return Version({kCoverStyle, song.title, song.artist});
  // The picture is renewed with its song.
  return Version(
      {song.media.art_path, song.media.fingerprint, std::to_string(ToEpochMs(song.updated_at))});
}

std::string MediaUrls::VideoVersion(const Song& song) {
  return FileVersion(song, song.media.video_path);
}

std::string MediaUrls::AudioVersion(const Song& song) {
  return FileVersion(song,
                     song.media.audio_path.empty() ? song.media.video_path : song.media.audio_path);
}

std::string MediaUrls::CoverVersion(const Playlist& playlist) {
  if (playlist.cover_path.empty()) return Version({kCoverStyle, playlist.title});
  return Version({playlist.cover_path, std::to_string(ToEpochMs(playlist.updated_at))});
}

}  // namespace popradio::api
