#include "api/admin_json.h"

#include "api/rendered_catalogue.h"
#include "api/reply.h"
#include "base/json_text.h"

namespace popradio::api {
namespace {

void AppendTimes(std::string& out, Instant created_at, Instant updated_at) {
  out.append(R"(,"createdAt":)");
  AppendTime(out, created_at);
  out.append(R"(,"updatedAt":)");
  AppendTime(out, updated_at);
}

}  // namespace

void AppendAdminSong(std::string& out, const Song& song, const store::Engagement& numbers,
                     const MediaUrls& urls) {
  AppendSongHead(out, song, urls);
  AppendInt(out, numbers.likes);
  out.append(R"(,"plays":)");
  AppendInt(out, numbers.plays);
  out.append(R"(,"isLikedByUser":)");
  AppendBool(out, numbers.liked);
  AppendTimes(out, song.created_at, song.updated_at);
  out.append(R"(,"isActive":)");
  AppendBool(out, song.is_active);
  const bool has_file = !song.media.video_path.empty() || !song.media.audio_path.empty();
  out.append(has_file ? R"(,"source":"file"})" : R"(,"source":"link"})");
}

void AppendAdminPlaylist(std::string& out, const Playlist& playlist,
                         const store::Engagement& numbers, const MediaUrls& urls) {
  AppendPlaylistHead(out, playlist, urls);
  for (std::size_t i = 0; i < playlist.songs.size(); ++i) {
    if (i > 0) out += ',';
    AppendId(out, playlist.songs[i]);
  }
  out.append(R"(],"likes":)");
  AppendInt(out, numbers.likes);
  out.append(R"(,"views":)");
  AppendInt(out, numbers.plays);
  out.append(R"(,"isActive":)");
  AppendBool(out, playlist.is_active);
  out.append(R"(,"isFeatured":)");
  AppendBool(out, playlist.is_featured);
  AppendTimes(out, playlist.created_at, playlist.updated_at);
  out += '}';
}

}  // namespace popradio::api
