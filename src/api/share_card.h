#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/media_urls.h"
#include "domain/catalogue.h"

namespace popradio::api {

// The station's name, and its picture for cards on other sites: a file of the web app, as most
// sites show no drawings (SVG) and no picture is smaller than their least size.
inline constexpr std::string_view kStationName = "PopRadio";
inline constexpr std::string_view kStationSlogan =
    "A music video station: everybody sees the same song at the same second.";
inline constexpr std::string_view kStationPicture = "/share-card.png";
inline constexpr int kStationPictureWidth = 1200;
inline constexpr int kStationPictureHeight = 630;

// Descriptions are cut here: no site shows more.
inline constexpr std::size_t kMaxShareDescriptionBytes = 300;
// So many songs of a playlist are named to search engines; numTracks tells the rest.
inline constexpr std::size_t kMaxShareTracks = 50;

// The embeddable player in its usual size, 16:9.
inline constexpr int kEmbedWidth = 640;
inline constexpr int kEmbedHeight = 360;

// A page as other sites get to know it. Plain text throughout: whoever writes it somewhere escapes
// it.
struct ShareCard {
  std::string path;   // its one address: "/songs/507f…"; empty for a page that is nowhere
  std::string name;   // "Love Story by Taylor Swift"
  std::string title;  // of the window: "Love Story by Taylor Swift · PopRadio"
  std::string description;
  std::string author;                 // the artist; empty: nobody
  std::string picture;                // absolute; empty: the station's
  std::string_view type = "website";  // og:type
  std::vector<std::pair<std::string_view, std::string>> properties;  // more of Open Graph
  std::string embed_path;      // "/embed/songs/507f…"; empty: cannot be embedded
  bool indexed = true;         // whether search engines should keep it
  boost::json::object schema;  // of schema.org; empty: nothing to say
};

// Writes cards for pages at `base` ("https://radio.example", see PublicAddress). Cheap to make: one
// for each request. What it is given must outlive it.
class CardWriter {
 public:
  CardWriter(const std::string& base, const MediaUrls& urls) : base_(base), urls_(urls) {}

  ShareCard Radio() const;
  ShareCard OfSong(const Song& song) const;
  ShareCard OfPlaylist(const Catalogue& catalogue, Catalogue::Index playlist) const;
  // A page of the app that is about nothing in particular.
  ShareCard Plain(std::string_view path, std::string_view title, std::string_view description,
                  bool indexed) const;
  static ShareCard NotFound();

 private:
  std::string Absolute(std::string_view url) const;
  std::string StationPicture() const { return base_ + std::string(kStationPicture); }
  boost::json::object Recording(const Song& song) const;

  const std::string& base_;
  const MediaUrls& urls_;
};

// What stands in a page's <head> for the card: title, description, canonical link, Open Graph,
// Twitter card, JSON-LD and the oEmbed link. `base` as above.
std::string HeadOf(const ShareCard& card, const std::string& base);
// The same for the embeddable page: it points to the page that it is a window to.
std::string EmbedHeadOf(const ShareCard& card, const std::string& base);

// `page` with what stands between its markers (web/index.html) replaced by `head`. A page without
// them stays as it is.
std::string WithHead(std::string_view page, std::string_view head);

}  // namespace popradio::api
