#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "api/handlers.h"
#include "api/pages.h"
#include "api/paging.h"
#include "api/reply.h"
#include "api/share_card.h"
#include "api/share_text.h"
#include "api/station.h"

namespace popradio::api {
namespace {

// sitemaps.org allows 50,000 addresses in a file. A fifth of that is written within a few
// milliseconds of an I/O thread, and a larger station has an index of files.
constexpr std::size_t kSitemapEntries = 10'000;
// How long others may keep what is told here without asking again.
constexpr std::string_view kShortly = "Cache-Control: public, max-age=300\r\n";
constexpr std::int64_t kOembedCacheAgeS = 3600;
// What stands for a side that is not limited.
constexpr std::int64_t kMostPixels = 100'000;

// The answer is whole but for its headers.
void Publish(Station& station, Call& call, std::string_view content_type) {
  call.response.content_type = content_type;
  call.response.AddRawHeaders(station.api_headers);
  call.response.AddRawHeaders(kShortly);
  call.page = true;  // its headers are set
  FinishShared(call);
}

// "https://Radio.example/songs/…?x#y" at "http://radio.example": "/songs/…". Either scheme, as a
// station behind a proxy may not know which one people use.
std::optional<std::string_view> PathAt(std::string_view url, std::string_view base) {
  const auto without_scheme = [](std::string_view text) -> std::optional<std::string_view> {
    for (const std::string_view scheme :
         {std::string_view("https://"), std::string_view("http://")}) {
      if (text.size() > scheme.size() &&
          http::EqualsIgnoreCase(text.substr(0, scheme.size()), scheme)) {
        return text.substr(scheme.size());
      }
    }
    return std::nullopt;
  };
  const auto place = without_scheme(url), home = without_scheme(base);
  if (!place || !home || place->size() < home->size() ||
      !http::EqualsIgnoreCase(place->substr(0, home->size()), *home)) {
    return std::nullopt;
  }
  std::string_view path = place->substr(home->size());
  path = path.substr(0, path.find_first_of("?#"));
  if (path.empty()) return "/";
  return path.front() == '/' ? std::optional(path) : std::nullopt;
}

// The card of an address that can be embedded.
std::optional<ShareCard> EmbeddableAt(Station& station, Call& call, std::string_view path,
                                      const std::string& base) {
  const CardWriter writer(base, station.urls);
  if (path == "/") return writer.Radio();
  const Catalogue& catalogue = station.Rendered(call.thread)->catalogue();
  constexpr std::string_view kSongs = "/songs/", kPlaylists = "/playlists/";
  if (path.starts_with(kSongs)) {
    const auto id = ObjectId::Parse(path.substr(kSongs.size()));
    const auto song = id ? catalogue.FindSong(*id) : std::nullopt;
    if (song && catalogue.songs()[*song].is_active) return writer.OfSong(catalogue.songs()[*song]);
  } else if (path.starts_with(kPlaylists)) {
    const auto id = ObjectId::Parse(path.substr(kPlaylists.size()));
    const auto playlist = id ? catalogue.FindPlaylist(*id) : std::nullopt;
    if (playlist && catalogue.playlists()[*playlist].is_active)
      return writer.OfPlaylist(catalogue, *playlist);
  }
  return std::nullopt;
}

std::string FrameOf(const ShareCard& card, const std::string& base, std::int64_t width,
                    std::int64_t height) {
  std::string out = "<iframe src=\"";
  AppendHtml(out, base + card.embed_path);
  out.append("\" width=\"").append(std::to_string(width));
  out.append("\" height=\"").append(std::to_string(height));
  out.append("\" title=\"");
  AppendHtml(out, card.name);
  return out.append(
      "\" style=\"border:0\" loading=\"lazy\" allow=\"autoplay; encrypted-media; fullscreen; "
      "picture-in-picture\" allowfullscreen></iframe>");
}

void AppendEntry(std::string& out, std::string_view address, std::optional<Instant> changed) {
  out.append("<url><loc>");
  AppendHtml(out, address);
  out.append("</loc>");
  if (changed) out.append("<lastmod>").append(FormatIso8601(*changed)).append("</lastmod>");
  out.append("</url>\n");
}

constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kSitemapSpace =
    " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";

}  // namespace

Task<Result<void>> GetOembed(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto url = query->Get("url"), format = query->Get("format");
  if (!url) co_return Fail(url.error());
  if (!format) co_return Fail(format.error());
  const auto max_width = ReadCount(*query, "maxwidth", kMostPixels);
  if (!max_width) co_return Fail(max_width.error());
  const auto max_height = ReadCount(*query, "maxheight", kMostPixels);
  if (!max_height) co_return Fail(max_height.error());
  if (!*url || (*url)->empty()) {
    co_return Fail(ErrorCode::kInvalidParameter, "url is the address of a page of this station.");
  }
  if (*format && !(*format)->empty() && **format != "json") {
    WriteError(501, "not_implemented", "This station speaks oEmbed as JSON only.", call.response);
    co_return Result<void>();
  }
  const std::string base = AddressFor(station, call);
  const auto path = PathAt(**url, base);
  const auto card = path ? EmbeddableAt(station, call, *path, base) : std::nullopt;
  if (!card) co_return Fail(ErrorCode::kNotFound, "This station has no such page to embed.");

  const std::int64_t width = std::min<std::int64_t>(kEmbedWidth, *max_width);
  const std::int64_t height = std::min<std::int64_t>(kEmbedHeight, *max_height);
  boost::json::object answer = {
      {"version", "1.0"},
      {"type", "video"},
      {"provider_name", kStationName},
      {"provider_url", base + "/"},
      {"title", card->name},
      {"html", FrameOf(*card, base, width, height)},
      {"width", width},
      {"height", height},
      {"cache_age", kOembedCacheAgeS},
  };
  if (!card->author.empty()) answer["author_name"] = card->author;
  // oEmbed wants the size of a thumbnail told with it, and a song's picture has any size; nor may
  // it be larger than asked for.
  if (card->picture.empty() && *max_width >= kStationPictureWidth &&
      *max_height >= kStationPictureHeight) {
    answer["thumbnail_url"] = base + std::string(kStationPicture);
    answer["thumbnail_width"] = kStationPictureWidth;
    answer["thumbnail_height"] = kStationPictureHeight;
  }
  call.response.body = boost::json::serialize(answer);
  // Editors in a browser ask for it, too.
  call.response.AddRawHeaders("Access-Control-Allow-Origin: *\r\n");
  Publish(station, call, kJsonType);
  co_return Result<void>();
}

Task<Result<void>> GetRobots(Station& station, Call& call) {
  // The app's pages need the API when a search engine draws them; a stream that never ends and what
  // only the curator may see are of no use to it.
  call.response.body =
      "User-agent: *\n"
      "Disallow: /v1/admin/\n"
      "Disallow: /v1/radio/events\n"
      "Disallow: /api/admin/\n"
      "Disallow: /api/radio/events\n"
      "Disallow: /health\n"
      "Disallow: /metrics\n"
      "\n"
      "Sitemap: " +
      AddressFor(station, call) + "/sitemap.xml\n";
  Publish(station, call, "text/plain; charset=utf-8");
  co_return Result<void>();
}

Task<Result<void>> GetSitemap(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto part = ReadCount(*query, "part", 0);
  if (!part) co_return Fail(part.error());

  const std::string base = AddressFor(station, call);
  const Catalogue& catalogue = station.Rendered(call.thread)->catalogue();
  const auto& playlists = catalogue.active_playlists();
  const auto& songs = catalogue.active_songs();
  const std::vector<std::string_view> fixed = FixedPages();
  const std::size_t entries = fixed.size() + playlists.size() + songs.size();
  const std::size_t parts = (entries + kSitemapEntries - 1) / kSitemapEntries;
  if (*part > static_cast<std::int64_t>(parts)) {
    co_return Fail(ErrorCode::kNotFound, "The sitemap has no such part.");
  }
  std::string& out = call.response.body;
  out.assign(kXmlHead);
  if (*part == 0 && parts > 1) {
    out.append("<sitemapindex").append(kSitemapSpace);
    for (std::size_t n = 1; n <= parts; ++n) {
      out.append("<sitemap><loc>");
      AppendHtml(out, base + "/sitemap.xml?part=" + std::to_string(n));
      out.append("</loc></sitemap>\n");
    }
    out.append("</sitemapindex>\n");
    Publish(station, call, "application/xml; charset=utf-8");
    co_return Result<void>();
  }
  const std::size_t begin =
      *part == 0 ? 0 : (static_cast<std::size_t>(*part) - 1) * kSitemapEntries;
  const std::size_t end = std::min(entries, begin + kSitemapEntries);
  out.append("<urlset").append(kSitemapSpace);
  for (std::size_t i = begin; i < end; ++i) {
    std::size_t at = i;
    if (at < fixed.size()) {
      AppendEntry(out, base + std::string(fixed[at]), std::nullopt);
      continue;
    }
    at -= fixed.size();
    if (at < playlists.size()) {
      const Playlist& playlist = catalogue.playlists()[playlists[at]];
      AppendEntry(out, base + "/playlists/" + playlist.id.ToHex(), playlist.updated_at);
      continue;
    }
    const Song& song = catalogue.songs()[songs[at - playlists.size()]];
    AppendEntry(out, base + "/songs/" + song.id.ToHex(), song.updated_at);
  }
  out.append("</urlset>\n");
  Publish(station, call, "application/xml; charset=utf-8");
  co_return Result<void>();
}

}  // namespace popradio::api
