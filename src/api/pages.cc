#include "api/pages.h"

#include <array>
#include <optional>
#include <utility>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/share_card.h"
#include "api/share_text.h"
#include "api/station.h"
#include "http/compress.h"
#include "http/conditional.h"
#include "http/static_files.h"

namespace popradio::api {
namespace {

enum class About : std::uint8_t { kRadio, kSong, kPlaylist, kPlain };

struct AppPage {
  std::string_view pattern;
  About about;
  bool embedded = false;  // the small player that other sites may frame
  // For kPlain.
  std::string_view title = {};
  std::string_view description = {};
  bool indexed = true;
};

// A page about one listener, or about nothing, is of no use to a search engine.
constexpr AppPage kAppPages[] = {
    {"/", About::kRadio},
    {"/songs", About::kPlain, false, "Songs",
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
// What the radio's page shows until its script has come: the device, with what is on air.
constexpr std::string_view kFirstPaintPath = "/first-paint.html";
// The same for a song or a playlist: its case and its name, before the app's root; the app takes it
// down when it has drawn its own.
constexpr std::string_view kCasePaintPath = "/first-paint-case.html";
constexpr std::string_view kRoot = "<div id=\"root\">";
constexpr std::string_view kBodyEnd = "</body>";
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
  if (page.about == About::kPlain)
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

void Replace(std::string& text, std::string_view what, std::string_view by) {
  if (const std::size_t at = text.find(what); at != text.npos) text.replace(at, what.size(), by);
}

// The song that is on air by now; null when none is.
const Song* SongOnAir(Station& station, Call& call) {
  const Slot* slot = station.OnAir(call.thread).At(call.now);
  if (slot == nullptr) return nullptr;
  const Catalogue& catalogue = station.Rendered(call.thread)->catalogue();
  const auto index = catalogue.FindSong(slot->song);
  return index ? &catalogue.songs()[*index] : nullptr;
}

// An answer of the API for nobody in particular, as data within the page (no page reads who asks):
// the app begins with it, and asks in its listener's name later.
std::string DataInPage(std::string_view id, std::string_view json) {
  std::string out = "<script type=\"application/json\" id=\"";
  out.append(id).append("\">");
  for (const char letter : json) {
    if (letter == '<') {
      out.append("\\u003c");  // or a title could end the element
    } else {
      out += letter;
    }
  }
  return out.append("</script>\n");
}

// GET /radio/stream. Nothing when the numbers cannot be read at once.
std::string StreamInPage(Station& station, Call& call) {
  const bool written = QuickRadioStream(station, call);
  const std::string json = std::exchange(call.response.body, std::string());
  return written ? DataInPage("on-air", json) : "";
}

// GET /songs/:songId. Nothing when the numbers cannot be read at once.
std::string SongInPage(Station& station, const RenderedCatalogue& rendered,
                       RenderedCatalogue::Index song) {
  const Target target = rendered.SongTarget(song);
  store::Engagement numbers;
  if (!station.engagement().ReadNow(nullptr, {&target, 1}, {&numbers, 1})) return "";
  std::string json(kDataOpen);
  rendered.AppendSong(json, song, numbers);
  json.append(kDataClose);
  return DataInPage("song", json);
}

void AskForPicture(std::string& head, const std::string& address) {
  head.append("<link rel=\"preload\" as=\"image\" fetchpriority=\"high\" href=\"")
      .append(address)
      .append("\">\n");
}

void InsertAtEnd(std::string& body, std::string_view what) {
  if (const std::size_t end = body.rfind(kBodyEnd); end != body.npos) body.insert(end, what);
}

// Puts what is on air into the page itself, and asks for its cover along with the style.
void PaintFirst(Station& station, Call& call, std::string& head, std::string& body) {
  const http::StaticFile* file = station.parts.pages.Find(kFirstPaintPath);
  if (file == nullptr) return;
  const Song* song = SongOnAir(station, call);
  std::string paint(file->identity);
  if (song != nullptr) {
    const std::string art = Html(station.urls.AlbumArt(*song));
    AskForPicture(head, art);
    Replace(paint, "<!--art-->", "<img alt=\"\" src=\"" + art + "\">");
  }
  Replace(paint, "<!--title-->", song != nullptr ? Html(song->title) : "PopRadio");
  Replace(paint, "<!--artist-->", song != nullptr ? Html(song->artist) : "");
  if (const std::size_t root = body.find(kRoot); root != body.npos) {
    body.insert(root + kRoot.size(), paint);
  }
  InsertAtEnd(body, StreamInPage(station, call));
}

void PaintCase(Station& station, const std::string& art, std::string_view title,
               std::string_view artist, std::string& head, std::string& body) {
  AskForPicture(head, art);
  const http::StaticFile* file = station.parts.pages.Find(kCasePaintPath);
  if (file == nullptr) return;
  std::string paint(file->identity);
  Replace(paint, "<!--art-->", "<img alt=\"\" src=\"" + art + "\">");
  Replace(paint, "<!--title-->", Html(title));
  Replace(paint, "<!--artist-->", Html(artist));
  if (const std::size_t root = body.find(kRoot); root != body.npos) body.insert(root, paint);
}

// The page of a song or a playlist shows its case at once, and brings the song.
void BringSubject(Station& station, Call& call, About about, std::string_view id, std::string& head,
                  std::string& body) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const Catalogue& catalogue = rendered->catalogue();
  const auto parsed = ObjectId::Parse(id);
  if (!parsed) return;
  if (about == About::kPlaylist) {
    const auto index = catalogue.FindPlaylist(*parsed);
    if (!index) return;
    const Playlist& playlist = catalogue.playlists()[*index];
    PaintCase(station, Html(station.urls.Cover(playlist)), playlist.title, "", head, body);
    return;
  }
  const auto index = catalogue.FindSong(*parsed);
  if (!index) return;
  const Song& song = catalogue.songs()[*index];
  PaintCase(station, Html(station.urls.AlbumArt(song)), song.title, song.artist, head, body);
  InsertAtEnd(body, SongInPage(station, *rendered, *index));
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
  if (page.about == About::kRadio && !page.embedded) PaintFirst(station, call, head, body);
  const bool has_subject = page.about == About::kSong || page.about == About::kPlaylist;
  if (card && has_subject && !page.embedded) {
    BringSubject(station, call, page.about, id, head, body);
  }
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
    const bool fixed = page.about == About::kRadio || page.about == About::kPlain;
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
