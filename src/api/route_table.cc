#include "api/route_table.h"

#include <string>

#include "api/handlers.h"
#include "api/service.h"
#include "base/json_text.h"

namespace popradio::api {
namespace {

using enum http::Method;
using store::LimitAction;

constexpr Limits kNoLimit{};
constexpr Limits kLikes{LimitAction::kLike, LimitAction::kSessionLike};
constexpr Limits kUnlikes{LimitAction::kUnlike, std::nullopt};
constexpr Limits kComments{LimitAction::kComment, std::nullopt};
constexpr Limits kPlays{LimitAction::kPlay, std::nullopt};

constexpr Route Api(http::Method method, std::string_view pattern, Handler handler,
                    std::string_view doc, Limits limits = kNoLimit, QuickHandler quick = nullptr) {
  return {method, pattern, Area::kApi, Auth::kNone, limits, kSmallBody, handler, quick, doc};
}
constexpr Route Curator(http::Method method, std::string_view pattern, Handler handler,
                        std::string_view doc, std::uint64_t max_body = kSmallBody) {
  return {method, pattern, Area::kApi, Auth::kCurator, kNoLimit, max_body, handler, nullptr, doc};
}
constexpr Route Media(std::string_view pattern, Handler handler, std::string_view doc) {
  return {kGet, pattern, Area::kMedia, Auth::kNone, kNoLimit, 0, handler, nullptr, doc};
}
constexpr Route Root(std::string_view pattern, Handler handler, std::string_view doc) {
  return {kGet, pattern, Area::kRoot, Auth::kNone, kNoLimit, 0, handler, nullptr, doc};
}

constexpr Route kRoutes[] = {
    Api(kGet, "/songs", ListSongs, "List the active songs, page by page"),
    Api(kGet, "/songs/popular", PopularSongs,
        "The 50 songs with the most likes, then the most plays"),
    Api(kGet, "/songs/recent", RecentSongs, "The 50 songs that came to the catalogue last"),
    Api(kGet, "/songs/:songId", GetSong, "One song"),
    Api(kPost, "/songs/:songId/play", PlaySong, "Count a play", kPlays),
    Api(kPost, "/songs/:songId/like", LikeSong, "Like a song", kLikes),
    Api(kDelete, "/songs/:songId/like", UnlikeSong, "Take a like back", kUnlikes),
    Api(kGet, "/songs/:songId/comments", ListSongComments, "The comments on a song, newest first"),
    Api(kPost, "/songs/:songId/comments", CommentOnSong, "Comment on a song", kComments),

    Api(kGet, "/playlists", ListPlaylists, "List the active playlists, page by page"),
    Api(kGet, "/playlists/featured", FeaturedPlaylists, "The playlists that the curator features"),
    Api(kGet, "/playlists/:playlistId", GetPlaylist,
        "One playlist with its songs in order; counts a view"),
    Api(kPost, "/playlists/:playlistId/like", LikePlaylist, "Like a playlist", kLikes),
    Api(kDelete, "/playlists/:playlistId/like", UnlikePlaylist, "Take a like of a playlist back",
        kUnlikes),
    Api(kGet, "/playlists/:playlistId/comments", ListPlaylistComments,
        "The comments on a playlist, newest first"),
    Api(kPost, "/playlists/:playlistId/comments", CommentOnPlaylist, "Comment on a playlist",
        kComments),

    Api(kGet, "/radio/stream", GetRadioStream, "The song that plays now and the next five",
        kNoLimit, QuickRadioStream),
    Api(kGet, "/radio/events", GetRadioEvents, "Everything that happens, as server-sent events"),
    Api(kPost, "/radio/reactions", React, "React to the song on the air"),
    Api(kPost, "/radio/next", SkipSong, "Ask for the next song"),
    Api(kGet, "/radio/history", GetRadioHistory,
        "What played, newest first, and why it was chosen"),
    Api(kGet, "/radio/schedule", GetRadioSchedule,
        "What is locked in, from the current song on, and why"),
    Api(kGet, "/time", GetTime, "The server's clock"),

    Api(kGet, "/sessions/me", GetMySession, "What the station remembers of my session"),
    Api(kDelete, "/sessions/me", ForgetMySession, "Forget me"),

    Curator(kGet, "/admin/songs", AdminListSongs, "List all songs, inactive ones too"),
    Curator(kPost, "/admin/songs", AdminCreateSong, "Add a song", kRecordBody),
    Curator(kGet, "/admin/songs/:songId", AdminGetSong, "One song, active or not"),
    Curator(kPatch, "/admin/songs/:songId", AdminUpdateSong, "Change a song", kRecordBody),
    Curator(kDelete, "/admin/songs/:songId", AdminDeactivateSong, "Take a song off the air"),
    Curator(kGet, "/admin/playlists", AdminListPlaylists, "List all playlists, inactive ones too"),
    Curator(kPost, "/admin/playlists", AdminCreatePlaylist, "Add a playlist", kRecordBody),
    Curator(kGet, "/admin/playlists/:playlistId", AdminGetPlaylist, "One playlist, active or not"),
    Curator(kPatch, "/admin/playlists/:playlistId", AdminUpdatePlaylist,
            "Change a playlist, its order or whether it is featured", kRecordBody),
    Curator(kDelete, "/admin/playlists/:playlistId", AdminDeactivatePlaylist,
            "Take a playlist out of the lists"),
    Curator(kGet, "/admin/comments", AdminListComments,
            "All comments of the station, hidden ones too, newest first"),
    Curator(kPatch, "/admin/comments/:commentId", AdminUpdateComment,
            "Hide a comment, or show it again"),
    Curator(kGet, "/admin/rotation", AdminGetRotation, "How the rotation chooses"),
    Curator(kPatch, "/admin/rotation", AdminUpdateRotation, "Change how the rotation chooses"),
    Curator(kPost, "/admin/radio/next", AdminSkip, "Play the next song now"),
    Curator(kPost, "/admin/radio/pin", AdminPinNext, "Make a song the next one"),
    Curator(kPost, "/admin/import", AdminImport, "Add a catalogue", kImportBody),
    Curator(kGet, "/admin/export", AdminExport, "The whole station as a catalogue file"),
    Curator(kGet, "/admin/analytics", AdminGetAnalytics,
            "Plays, visitors and favourites, day by day"),

    Media("/media/:songId/video", GetSongVideo, "The video file of a song of the library"),
    Media("/media/:songId/audio", GetSongAudio, "The audio file of a song of the library"),
    Media("/media/:songId/art", GetSongArt, "The album art of a song"),
    Media("/media/:playlistId/cover", GetPlaylistCover, "The cover of a playlist"),

    Root("/health", GetHealth, "How the server and its services are"),
    Root("/health/live", GetLiveness, "Whether the process answers at all"),
    Root("/health/ready", GetReadiness, "Whether the server should get traffic"),
    Root("/metrics", GetMetrics, "Counters and gauges in the text format of Prometheus"),
    Root("/openapi.json", GetDescription, "The API's description as JSON"),
    Root("/docs", GetDocs, "The API's description as a page for people"),

    Root("/oembed", GetOembed, "How to embed a page of the station, as oEmbed"),
    Root("/robots.txt", GetRobots, "What search engines may read"),
    Root("/sitemap.xml", GetSitemap, "Every page of the station, for search engines"),
};

// "/songs/:songId" as "/songs/{songId}".
std::string OpenApiPath(const Route& route) {
  std::string path = route.area == Area::kMedia ? "/api" : "";
  for (std::size_t i = 0; i < route.pattern.size(); ++i) {
    if (route.pattern[i] != ':') {
      path += route.pattern[i];
      continue;
    }
    const std::size_t end = std::min(route.pattern.find('/', i), route.pattern.size());
    path.append("{").append(route.pattern.substr(i + 1, end - i - 1)).append("}");
    i = end - 1;
  }
  return path;
}

}  // namespace

std::span<const Route> Routes() { return kRoutes; }

std::string RoutesAsJson() {
  std::string out = "[";
  for (const Route& route : kRoutes) {
    out.append(out.size() > 1 ? ",\n{\"method\":" : "\n{\"method\":");
    AppendJsonString(out, http::MethodName(route.method));
    out.append(",\"path\":");
    AppendJsonString(out, OpenApiPath(route));
    out.append(",\"auth\":");
    AppendJsonString(out, route.auth == Auth::kCurator ? "curator" : "none");
    out.append(",\"limits\":[");
    if (route.area == Area::kApi) out.append("\"api\"");
    for (const auto& limit : route.limits) {
      if (limit) out.append(",\"").append(store::Name(*limit)).append("\"");
    }
    out.append("],\"maxBody\":");
    AppendInt(out, static_cast<std::int64_t>(route.max_body));
    out.append(",\"doc\":");
    AppendJsonString(out, route.doc);
    out += '}';
  }
  return out + "\n]\n";
}

}  // namespace popradio::api
