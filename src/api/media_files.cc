#include <sys/stat.h>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/station.h"
#include "domain/cover.h"
#include "http/conditional.h"
#include "http/query.h"
#include "http/range.h"
#include "media/library.h"

namespace popradio::api {
namespace {

// A year for an address that names this version of the content; the bare address, and one of an
// older version, are asked again after a minute.
void AddCaching(Call& call, std::string_view version) {
  if (call.response.status >= 400) return;
  const auto query = http::Query::Parse(call.request.query);
  bool current = false;
  if (query) {
    const auto v = query->Get("v");
    current = v && *v == version;
  }
  call.response.AddRawHeaders(current ? "Cache-Control: public, max-age=31536000, immutable\r\n"
                                      : "Cache-Control: public, max-age=60\r\n");
}

// The envelope for what ServeFile refuses without a body of its own.
void ExplainRefusal(Call& call) {
  if (call.response.status == 416) {
    WriteError(416, "range_not_satisfiable", "The range lies behind the end of the file.",
               call.response);
  } else if (call.response.status == 412) {
    WriteError(412, "precondition_failed", "The file is not the one that was meant.",
               call.response);
  }
}

Result<void> ServeOpenFile(Call& call, Result<media::OpenFile> opened, std::string_view version) {
  if (!opened) return Fail(opened.error());
  struct stat info {};
  if (fstat(opened->fd(), &info) != 0)
    return Fail(ErrorCode::kUnavailable, "The file cannot be read now.");
  http::ServableFile file;
  file.size = static_cast<std::uint64_t>(info.st_size);
  file.etag = http::FileEtag(
      file.size, info.st_mtim.tv_sec * std::int64_t{1'000'000'000} + info.st_mtim.tv_nsec,
      info.st_ino);
  file.last_modified = std::chrono::sys_seconds(std::chrono::seconds(info.st_mtim.tv_sec));
  file.content_type = opened->content_type();
  file.file = http::FileHandle(opened->Release());
  http::ServeFile(std::move(file), call.request, call.response);
  AddCaching(call, version);
  ExplainRefusal(call);
  return {};
}

void ServeSvg(Call& call, std::string svg, std::string_view version) {
  http::Response& response = call.response;
  const std::string etag = http::MakeEtag(svg);
  response.AddHeader("ETag", etag);
  AddCaching(call, version);
  response.content_type = "image/svg+xml";
  if (http::EvaluateConditions(call.request, etag) == http::Precondition::kNotModified) {
    response.status = 304;
    return;
  }
  response.body = std::move(svg);
}

// Inactive ones too: what plays at this moment may just have been taken off the air.
Result<Catalogue::Index> AnySong(const Call& call, const Catalogue& catalogue) {
  const auto id = IdParam(call, 0, "song");
  if (!id) return Fail(id.error());
  const auto song = catalogue.FindSong(*id);
  if (!song) return Fail(ErrorCode::kSongNotFound, "There is no such song.");
  return *song;
}

Result<void> ServeSongFile(Station& station, Call& call, media::MediaKind kind) {
  const RenderedPtr& rendered = station.Rendered(call.thread);
  const auto index = AnySong(call, rendered->catalogue());
  if (!index) return Fail(index.error());
  const Song& song = rendered->catalogue().songs()[*index];
  const auto roots = station.library_roots.Load();
  if (kind == media::MediaKind::kVideo) {
    if (song.media.video_path.empty())
      return Fail(ErrorCode::kNotFound, "This song has no video file here.");
    return ServeOpenFile(call, media::OpenMedia(song, kind, *roots), MediaUrls::VideoVersion(song));
  }
  // Without a sound file of its own the video's sound is as good.
  const bool own = !song.media.audio_path.empty();
  if (!own && song.media.video_path.empty()) {
    return Fail(ErrorCode::kNotFound, "This song has no audio file here.");
  }
  return ServeOpenFile(
      call,
      media::OpenMedia(song, own ? media::MediaKind::kAudio : media::MediaKind::kVideo, *roots),
      MediaUrls::AudioVersion(song));
}

// The side of the square that the picture is to fill; 0 for the whole picture.
Result<int> AskedWidth(const Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) return Fail(query.error());
  const auto asked = query->Get("w");
  if (!asked) return Fail(asked.error());
  if (!*asked) return 0;
  for (const int width : kCoverWidths) {
    if (**asked == std::to_string(width)) return width;
  }
  return Fail(ErrorCode::kInvalidParameter, "w must be 96, 160 or 320");
}

// The cover in the size that is asked for, made if it must be; where it cannot be made, the whole
// one. False when there is no picture at all.
Task<bool> ServePicture(Station& station, Call& call, ObjectId id, std::string path,
                        std::string version, int width) {
  if (path.empty()) co_return false;
  const auto roots = station.library_roots.Load();
  if (width > 0) {
    const std::string small = station.small_covers.PathOf(id, version, width);
    auto opened = media::OpenBeneath(small, *roots);
    if (!opened) {
      const bool made = co_await station.small_covers.Make(id, version, width, path, roots);
      if (made) opened = media::OpenBeneath(small, *roots);
    }
    if (opened) {
      const auto served = ServeOpenFile(call, std::move(opened), version);
      co_return served.has_value();
    }
    version.clear();  // not what the address means: it is asked for again in a minute
  }
  auto opened = media::OpenBeneath(path, *roots);
  if (!opened) co_return false;
  const auto served = ServeOpenFile(call, std::move(opened), version);
  co_return served.has_value();
}

}  // namespace

Task<Result<void>> GetSongVideo(Station& station, Call& call) {
  co_return ServeSongFile(station, call, media::MediaKind::kVideo);
}

Task<Result<void>> GetSongAudio(Station& station, Call& call) {
  co_return ServeSongFile(station, call, media::MediaKind::kAudio);
}

Task<Result<void>> GetSongArt(Station& station, Call& call) {
  // The thread's own may be gone when a smaller cover is made.
  const RenderedPtr rendered = station.Rendered(call.thread);
  const auto index = AnySong(call, rendered->catalogue());
  if (!index) co_return Fail(index.error());
  const Song& song = rendered->catalogue().songs()[*index];
  const std::string version = MediaUrls::ArtVersion(song);
  const auto width = AskedWidth(call);
  if (!width) co_return Fail(width.error());
  const bool served =
      co_await ServePicture(station, call, song.id, song.media.art_path, version, *width);
  // Also where the file is gone: a picture is never missing.
  if (!served) ServeSvg(call, CoverSvg(song.title, song.artist, song.id), version);
  co_return Result<void>();
}

Task<Result<void>> GetPlaylistCover(Station& station, Call& call) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const auto id = IdParam(call, 0, "playlist");
  if (!id) co_return Fail(id.error());
  const auto index = rendered->catalogue().FindPlaylist(*id);
  if (!index) co_return Fail(ErrorCode::kPlaylistNotFound, "There is no such playlist.");
  const Playlist& playlist = rendered->catalogue().playlists()[*index];
  const std::string version = MediaUrls::CoverVersion(playlist);
  const auto width = AskedWidth(call);
  if (!width) co_return Fail(width.error());
  const bool served =
      co_await ServePicture(station, call, playlist.id, playlist.cover_path, version, *width);
  if (!served) ServeSvg(call, CoverSvg(playlist.title, "", playlist.id), version);
  co_return Result<void>();
}

}  // namespace popradio::api
