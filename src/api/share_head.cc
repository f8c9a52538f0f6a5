#include <boost/json/serialize.hpp>

#include "api/share_card.h"
#include "api/share_text.h"

namespace popradio::api {
namespace {

// Everything between these is the page's own; web/index.html has a plain version of it, which is
// what Vite's server shows.
constexpr std::string_view kHeadBegins = "<!--share-->";
constexpr std::string_view kHeadEnds = "<!--/share-->";

void Meta(std::string& out, std::string_view key, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append("<meta ").append(key).append("=\"").append(name).append("\" content=\"");
  AppendHtml(out, value);
  out.append("\">\n");
}

void Link(std::string& out, std::string_view attributes, std::string_view address) {
  out.append("<link ").append(attributes).append(" href=\"");
  AppendHtml(out, address);
  out.append("\">\n");
}

std::string TitleOf(const ShareCard& card) {
  std::string out = "<title>";
  AppendHtml(out, card.title);
  return out.append("</title>\n");
}

void AppendOpenGraph(std::string& out, const ShareCard& card, const std::string& base,
                     const std::string& picture) {
  Meta(out, "property", "og:site_name", kStationName);
  Meta(out, "property", "og:type", card.type);
  Meta(out, "property", "og:title", card.name);
  Meta(out, "property", "og:description", card.description);
  Meta(out, "property", "og:url", base + card.path);
  Meta(out, "property", "og:image", picture);
  if (card.picture.empty()) {
    Meta(out, "property", "og:image:type", "image/png");
    Meta(out, "property", "og:image:width", std::to_string(kStationPictureWidth));
    Meta(out, "property", "og:image:height", std::to_string(kStationPictureHeight));
  }
  Meta(out, "property", "og:image:alt", card.name);
  for (const auto& [name, value] : card.properties) Meta(out, "property", name, value);
  if (card.embed_path.empty()) return;
  const std::string embed = base + card.embed_path;
  Meta(out, "property", "og:video:url", embed);
  if (base.starts_with("https://")) Meta(out, "property", "og:video:secure_url", embed);
  Meta(out, "property", "og:video:type", "text/html");
  Meta(out, "property", "og:video:width", std::to_string(kEmbedWidth));
  Meta(out, "property", "og:video:height", std::to_string(kEmbedHeight));
}

}  // namespace

std::string HeadOf(const ShareCard& card, const std::string& base) {
  std::string out = TitleOf(card);
  if (!card.indexed) Meta(out, "name", "robots", "noindex");
  if (card.path.empty()) return out;  // what is nowhere is not shared either
  Meta(out, "name", "description", card.description);
  Link(out, "rel=\"canonical\"", base + card.path);
  const std::string picture =
      card.picture.empty() ? base + std::string(kStationPicture) : card.picture;
  AppendOpenGraph(out, card, base, picture);
  Meta(out, "name", "twitter:card", "summary_large_image");
  Meta(out, "name", "twitter:title", card.name);
  Meta(out, "name", "twitter:description", card.description);
  Meta(out, "name", "twitter:image", picture);
  Meta(out, "name", "twitter:image:alt", card.name);
  if (!card.embed_path.empty()) {
    Link(out,
         "rel=\"alternate\" type=\"application/json+oembed\" title=\"" + Html(card.name) + "\"",
         base + "/oembed?format=json&url=" + UrlEncoded(base + card.path));
  }
  if (!card.schema.empty()) {
    // A block of data, which no Content-Security-Policy concerns: it is never run.
    out.append("<script type=\"application/ld+json\">");
    AppendJsonData(out, boost::json::serialize(card.schema));
    out.append("</script>\n");
  }
  return out;
}

std::string EmbedHeadOf(const ShareCard& card, const std::string& base) {
  std::string out = TitleOf(card);
  // Search engines show the page itself, and read this one only where it is part of another.
  Meta(out, "name", "robots", card.indexed ? "noindex, indexifembedded" : "noindex");
  if (!card.path.empty()) Link(out, "rel=\"canonical\"", base + card.path);
  return out;
}

std::string WithHead(std::string_view page, std::string_view head) {
  const std::size_t begin = page.find(kHeadBegins);
  const std::size_t end = begin == page.npos ? page.npos : page.find(kHeadEnds, begin);
  std::string out;
  if (end == page.npos) return out.assign(page);
  out.reserve(page.size() + head.size());
  out.append(page.substr(0, begin)).append(head);
  return out.append(page.substr(end + kHeadEnds.size()));
}

}  // namespace popradio::api
