#include "api/page_paint.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/share_text.h"
#include "api/station.h"
#include "http/static_files.h"

namespace popradio::api {
namespace {

constexpr std::string_view kRadioPaint = "/first-paint.html";
// Before the app's root; the app takes these down when it has drawn its own.
constexpr std::string_view kCasePaint = "/first-paint-case.html";
constexpr std::string_view kListPaint = "/first-paint-list.html";
constexpr std::string_view kRoot = "<div id=\"root\">";
constexpr std::string_view kBodyEnd = "</body>";

// Of the list of all songs: more than a tall phone or a desk shows, in the size of a row's cover.
constexpr std::size_t kRowsPainted = 16;
constexpr std::string_view kRowSize = "48px";

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

// GET /radio/stream.
std::string StreamInPage(Station& station, Call& call) {
  const bool written = QuickRadioStream(station, call);
  const std::string json = std::exchange(call.response.body, std::string());
  return written ? DataInPage("on-air", json) : "";
}

// GET /songs/:songId.
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

void InsertBeforeRoot(std::string& body, std::string_view what) {
  if (const std::size_t root = body.find(kRoot); root != body.npos) body.insert(root, what);
}

void PaintCase(Station& station, const std::string& art, std::string_view title,
               std::string_view artist, std::string& head, std::string& body) {
  AskForPicture(head, art);
  const http::StaticFile* file = station.parts.pages.Find(kCasePaint);
  if (file == nullptr) return;
  std::string paint(file->identity);
  Replace(paint, "<!--art-->", "<img alt=\"\" src=\"" + art + "\">");
  Replace(paint, "<!--title-->", Html(title));
  Replace(paint, "<!--artist-->", Html(artist));
  InsertBeforeRoot(body, paint);
}

// A cover as the app's rows ask for it (web/src/components/art.tsx), so that it is fetched once.
std::string RowPicture(const MediaUrls& urls, const Song& song) {
  const std::string whole = Html(urls.AlbumArt(song));
  std::string out = "<img alt=\"\" loading=\"lazy\" decoding=\"async\"";
  if (song.album_art.empty()) {
    out.append(" sizes=\"").append(kRowSize).append("\" srcset=\"");
    for (const int width : kCoverWidths) {
      out.append(Html(urls.SmallArt(song, width)));
      out.append(" ").append(std::to_string(width)).append("w, ");
    }
    out.append(whole).append(" ").append(std::to_string(media::kMaxArtPixels)).append("w\"");
  }
  return out.append(" src=\"").append(whole).append("\">");
}

// `pattern` is one row of the list; it comes once for every song.
std::string Rows(const MediaUrls& urls, const std::vector<const Song*>& songs,
                 std::string_view pattern) {
  std::string rows;
  for (const Song* song : songs) {
    std::string row(pattern);
    Replace(row, "<!--art-->", RowPicture(urls, *song));
    Replace(row, "<!--title-->", Html(song->title));
    Replace(row, "<!--artist-->", Html(song->artist));
    rows.append(row);
  }
  return rows;
}

}  // namespace

void PaintRadio(Station& station, Call& call, std::string& head, std::string& body) {
  const http::StaticFile* file = station.parts.pages.Find(kRadioPaint);
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

void PaintSong(Station& station, Call& call, std::string_view id, std::string& head,
               std::string& body) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const auto parsed = ObjectId::Parse(id);
  const auto index = parsed ? rendered->catalogue().FindSong(*parsed) : std::nullopt;
  if (!index) return;
  const Song& song = rendered->catalogue().songs()[*index];
  PaintCase(station, Html(station.urls.AlbumArt(song)), song.title, song.artist, head, body);
  InsertAtEnd(body, SongInPage(station, *rendered, *index));
}

void PaintPlaylist(Station& station, Call& call, std::string_view id, std::string& head,
                   std::string& body) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const auto parsed = ObjectId::Parse(id);
  const auto index = parsed ? rendered->catalogue().FindPlaylist(*parsed) : std::nullopt;
  if (!index) return;
  const Playlist& playlist = rendered->catalogue().playlists()[*index];
  PaintCase(station, Html(station.urls.Cover(playlist)), playlist.title, "", head, body);
}

void PaintSongs(Station& station, Call& call, std::string& body) {
  constexpr std::string_view kRowBegin = "<!--row-->", kRowEnd = "<!--/row-->";
  const http::StaticFile* file = station.parts.pages.Find(kListPaint);
  std::vector<const Song*> songs;
  const bool written = QuickFirstSongs(station, call, songs);
  const std::string json = std::exchange(call.response.body, std::string());
  if (!written || file == nullptr) return;
  songs.resize(std::min(songs.size(), kRowsPainted));
  std::string paint(file->identity);
  const std::size_t begin = paint.find(kRowBegin), end = paint.find(kRowEnd);
  if (begin == paint.npos || end == paint.npos) return;
  const std::string pattern =
      paint.substr(begin + kRowBegin.size(), end - begin - kRowBegin.size());
  paint.replace(begin, end + kRowEnd.size() - begin, Rows(station.urls, songs, pattern));
  InsertBeforeRoot(body, paint);
  InsertAtEnd(body, DataInPage("songs", json));
}

}  // namespace popradio::api
