#include "api/pages.h"

#include <array>
#include <optional>
#include <utility>

#include "api/page_paint.h"
#include "api/reply.h"
#include "api/share_card.h"
#include "api/share_text.h"
#include "api/station.h"
#include "http/compress.h"
#include "http/conditional.h"
#include "http/static_files.h"

namespace popradio::api {
namespace {

enum class About : std::uint8_t { kRadio, kSong, kPlaylist, kSongs, kPlain };

struct AppPage {
  std::string_view pattern;
  About about;
  bool embedded = false;  // the small player that other sites may frame
  // For kSongs and kPlain.
  std::string_view title = {};
  std::string_view description = {};
  bool indexed = true;
};

// A page about one listener, or about nothing, is of no use to a search engine.
constexpr AppPage kAppPages[] = {
    {"/", About::kRadio},
    {"/songs", About::kSongs, false, "Songs",
     "Every song of the station: search them, sort them, give one a heart."},
    {"/songs/:songId", About::kSong},
    {"/playlists", About::kPlain, false, "Playlists",
     "Songs that belong together, in the order that the curator chose."},
    {"/playlists/featured", About::kPlain, false, "Featured",
     "The playlists that the curator holds up just now."},
    {"/playlists/:playlistId", About::kPlaylist},
    {"/history", About::kPlain, false, "History", "What played when, today and before."},
    {"/about", About::kPlain, false, "About", "What this station is, and how it keeps in step."},
    {"/offline", About::kPlain, false, "Offline", "What is left without a line.", false},
    {"/mine", About::kPlain, false, "Mine", "The songs that you gave a heart, on this device.",
     false},
    {"/embed", About::kRadio, true},
    {"/embed/songs/:songId", About::kSong, true},
    {"/embed/playlists/:playlistId", About::kPlaylist, true},
};

constexpr std::string_view kPagePath = "/index.html";
constexpr std::string_view kEmbedPath = "/embed.html";
constexpr std::string_view kPageType = "text/html; charset=utf-8";
constexpr std::string_view kPageMethods = "GET, HEAD, OPTIONS";

constexpr std::string_view kNotFoundPage =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Not "
    "found</title></head>"
    "<body><main><h1>Nothing plays here</h1><p>This address is not part of the station.</p>"
    "<p><a href=\"/\">To the radio</a> · <a href=\"/docs\">To the API</a></p></main></body></html>";

const http::Router& PageRouter() {
  static const http::Router router = [] {
    std::vector<http::RoutePattern> patterns;
    for (const AppPage& page : kAppPages) patterns.push_back({http::Method::kGet, page.pattern});
    return http::Router(patterns);
  }();
  return router;
}

bool WantsPage(const http::Request& request) {
  return request.Header("Accept").find("text/html") != std::string_view::npos;
}

bool Reads(const http::Request& request) {
  return request.method == http::Method::kGet || request.method == http::Method::kHead;
}

// Nothing for a song or playlist that listeners do not see.
std::optional<ShareCard> CardOf(Station& station, Call& call, const AppPage& page,
                                std::string_view id, const std::string& base) {
  const CardWriter writer(base, station.urls);
  if (page.about == About::kRadio) return writer.Radio();
  if (page.about == About::kPlain || page.about == About::kSongs)
    return writer.Plain(page.pattern, page.title, page.description, page.indexed);
  const Catalogue& catalogue = station.Rendered(call.thread)->catalogue();
  const auto parsed = ObjectId::Parse(id);
  if (!parsed) return std::nullopt;
  if (page.about == About::kSong) {
    const auto song = catalogue.FindSong(*parsed);
    if (!song || !catalogue.songs()[*song].is_active) return std::nullopt;
    return writer.OfSong(catalogue.songs()[*song]);
  }
  const auto playlist = catalogue.FindPlaylist(*parsed);
  if (!playlist || !catalogue.playlists()[*playlist].is_active) return std::nullopt;
  return writer.OfPlaylist(catalogue, *playlist);
}

void PaintPage(Station& station, Call& call, About about, std::string_view id, std::string& head,
               std::string& body) {
  switch (about) {
    case About::kRadio:
      return PaintRadio(station, call, head, body);
    case About::kSong:
      return PaintSong(station, call, id, head, body);
    case About::kPlaylist:
      return PaintPlaylist(station, call, id, head, body);
    case About::kSongs:
      // What is searched for is not known here.
      if (call.request.query.empty()) PaintSongs(station, call, body);
      return;
    case About::kPlain:
      return;
  }
}

void AnswerNotFoundPage(std::string body, Call& call) {
  call.response.status = 404;
  call.response.content_type = kPageType;
  call.response.AddRawHeaders("Cache-Control: no-store\r\n");
  call.response.SetBody(std::move(body));
}

// False when the program was built without the app.
bool ServeAppPage(Station& station, Call& call, const AppPage& page, std::string_view id) {
  const http::StaticFile* file = station.parts.pages.Find(page.embedded ? kEmbedPath : kPagePath);
  if (file == nullptr) return false;
  call.page = true;
  call.response.AddRawHeaders(page.embedded ? station.embed_headers : station.page_headers);
  const std::string base = AddressFor(station, call);
  const auto card = CardOf(station, call, page, id, base);
  const ShareCard& shown = card ? *card : CardWriter::NotFound();
  std::string head = page.embedded ? EmbedHeadOf(shown, base) : HeadOf(shown, base);
  std::string body(file->identity);
  if (card && !page.embedded) PaintPage(station, call, page.about, id, head, body);
  body = WithHead(body, head);
  if (!card) {
    AnswerNotFoundPage(std::move(body), call);
    return true;
  }
  call.response.content_type = kPageType;
  call.response.AddRawHeaders("Cache-Control: no-cache\r\n");
  call.response.SetBody(std::move(body));
  FinishShared(call);
  return true;
}

// "/songs/" is "/songs" to the app's router; one page has one address.
bool RedirectFromSlash(Call& call) {
  const std::string_view path = call.request.path;
  if (path.size() < 2 || !path.ends_with('/')) return false;
  const std::string_view page = path.substr(0, path.size() - 1);
  if (PageRouter().Match(http::Method::kGet, page).kind != http::RouteMatch::Kind::kFound)
    return false;
  std::string location(page);
  if (!call.request.query.empty()) location.append("?").append(call.request.query);
  call.response.status = 308;
  call.response.AddHeader("Location", location);
  return true;
}

}  // namespace

std::span<const std::string_view> AppPagePatterns() {
  static const std::vector<std::string_view> patterns = [] {
    std::vector<std::string_view> found;
    for (const AppPage& page : kAppPages) {
      if (!page.embedded) found.push_back(page.pattern);
    }
    return found;
  }();
  return patterns;
}

std::vector<std::string_view> FixedPages() {
  std::vector<std::string_view> found;
  for (const AppPage& page : kAppPages) {
    const bool fixed = page.about != About::kSong && page.about != About::kPlaylist;
    if (fixed && page.indexed && !page.embedded) found.push_back(page.pattern);
  }
  return found;
}

std::string AddressFor(const Station& station, const Call& call) {
  return PublicAddress(station.options.public_url, call.request, station.options.trusted_proxies);
}

void FinishShared(Call& call) {
  http::Response& response = call.response;
  // Weak: the same content may be sent in several codings.
  const std::string etag = "W/" + http::MakeEtag(response.BodyView());
  response.AddHeader("ETag", etag);
  if (!http::SettledByConditions(call.request, response, etag)) {
    http::CompressBody(call.request, response);
    return;
  }
  response.AddHeader("Vary", "Accept-Encoding");
  response.SetBody("");
}

bool ServeFileOf(Station& station, Call& call, std::string_view path) {
  const http::StaticFile* file = station.parts.pages.Find(path);
  if (file == nullptr) return false;
  http::ServeStatic(*file, call.request, call.response);
  call.response.AddRawHeaders(station.page_headers);
  call.page = true;
  return true;
}

void ServePage(Station& station, Call& call) {
  const std::string_view path = call.request.path;
  if (ServeFileOf(station, call, path)) return;
  const http::RouteMatch match = PageRouter().Match(call.request.method, path);
  if (match.kind == http::RouteMatch::Kind::kFound &&
      ServeAppPage(station, call, kAppPages[match.index], match.params[0])) {
    return;
  }
  call.page = true;
  if (match.kind == http::RouteMatch::Kind::kMethodNotAllowed) {
    call.response.AddRawHeaders(station.api_headers);
    call.response.AddRawHeaders("Cache-Control: no-store\r\n");
    call.response.AddHeader("Allow", kPageMethods);
    if (call.request.method == http::Method::kOptions) {
      call.response.status = 204;
    } else {
      WriteError(405, "method_not_allowed", "This is a page: it can only be read.", call.response);
    }
    return;
  }
  if (Reads(call.request) && RedirectFromSlash(call)) {
    call.response.AddRawHeaders(station.api_headers);
    call.response.AddRawHeaders("Cache-Control: no-cache\r\n");
    return;
  }
  if (!Reads(call.request) || !WantsPage(call.request)) {
    WriteError(404, "not_found", "There is no such path.", call.response);
    call.response.AddRawHeaders(station.api_headers);
    call.response.AddRawHeaders("Cache-Control: no-store\r\n");
    return;
  }
  call.response.AddRawHeaders(station.page_headers);
  // The app has a page of its own for this, if there is an app.
  const http::StaticFile* app = station.parts.pages.Find(kPagePath);
  AnswerNotFoundPage(app == nullptr ? std::string(kNotFoundPage)
                                    : WithHead(app->identity, HeadOf(CardWriter::NotFound(), "")),
                     call);
}

}  // namespace popradio::api
