#include "media/nfo.h"

#include <algorithm>
#include <pugixml.hpp>

#include "domain/song.h"
#include "media/text.h"

namespace popradio::media {
namespace {

std::string Child(const pugi::xml_node& node, const char* name) {
  return CleanTag(node.child(name).text().get(), kMaxTitleBytes);
}

}  // namespace

Result<Nfo> ParseNfo(std::string_view bytes) {
  if (bytes.size() > kMaxNfoBytes) {
    return Fail(ErrorCode::kTooLarge,
                "the NFO file is larger than " + std::to_string(kMaxNfoBytes) + " bytes");
  }
  const std::string text = ToUtf8(bytes);
  pugi::xml_document document;
  // A parse error is no reason to stop: what was read before it is there, which covers trailing
  // text.
  document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  pugi::xml_node root;
  for (const char* name : {"musicvideo", "movie", "song", "episodedetails"}) {
    if (!root) root = document.child(name);
  }
  if (!root)
    return Fail(ErrorCode::kInvalidParameter,
                "it is not a Kodi NFO file: there is no musicvideo or movie in it");

  Nfo nfo;
  nfo.title = Child(root, "title");
  for (const pugi::xml_node artist : root.children("artist")) {
    std::string name = CleanTag(artist.text().get(), kMaxTitleBytes);
    // Music files nest: <artist><name>…</name></artist>.
    if (name.empty()) name = Child(artist, "name");
    if (name.empty() || nfo.artist.size() + name.size() + 2 > kMaxTitleBytes) continue;
    nfo.artist += (nfo.artist.empty() ? "" : ", ") + name;
  }
  nfo.album = Child(root, "album");
  for (const pugi::xml_node node : root.children("genre")) {
    for (std::string& genre : SplitGenres(node.text().get())) {
      if (nfo.genre.size() < kMaxGenres &&
          std::find(nfo.genre.begin(), nfo.genre.end(), genre) == nfo.genre.end()) {
        nfo.genre.push_back(std::move(genre));
      }
    }
  }
  for (const char* name : {"year", "premiered", "releasedate", "aired"}) {
    if (!nfo.year) nfo.year = YearIn(root.child(name).text().get());
  }
  nfo.thumb = CleanTag(root.child("thumb").text().get(), kMaxUrlBytes);
  return nfo;
}

}  // namespace popradio::media
