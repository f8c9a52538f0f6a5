#include "api/security_headers.h"

namespace popradio::api {
namespace {

constexpr std::string_view kEverywhere =
    "X-Content-Type-Options: nosniff\r\n"
    "X-DNS-Prefetch-Control: off\r\n"
    "X-Download-Options: noopen\r\n"
    "X-Permitted-Cross-Domain-Policies: none\r\n"
    "X-XSS-Protection: 0\r\n";

// The players of these sites are spoken to by messages: none of their scripts runs here.
constexpr std::string_view kFrames =
    "frame-src https://www.youtube-nocookie.com https://player.vimeo.com";

// Everywhere but on media.
std::string Documents(std::string_view public_url) {
  std::string lines(kEverywhere);
  lines.append(
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Origin-Agent-Cluster: ?1\r\n"
      // Not "no-referrer": YouTube refuses to play for a page that does not name itself.
      "Referrer-Policy: strict-origin-when-cross-origin\r\n");
  if (public_url.starts_with("https://")) {
    lines.append("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n");
  }
  return lines;
}

std::string Common(std::string_view public_url) {
  return Documents(public_url) +
         "X-Frame-Options: SAMEORIGIN\r\n"
         "Cross-Origin-Resource-Policy: same-origin\r\n";
}

}  // namespace

std::string ApiHeaders(std::string_view public_url) {
  return Common(public_url) +
         "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
}

std::string PageHeaders(std::string_view public_url) {
  return Common(public_url) +
         "Content-Security-Policy: default-src 'self'; base-uri 'none'; object-src 'none'; "
         "form-action 'self'; frame-ancestors 'self'; script-src 'self'; style-src 'self'; "
         "connect-src 'self' https: http:; "
         // An HLS list plays from a blob, and its captions begin as an empty track.
         "media-src 'self' https: http: blob: data:; "
         "img-src 'self' https: http: data: blob:; font-src 'self'; " +
         std::string(kFrames) + "\r\n";
}

std::string EmbedHeaders(std::string_view public_url) {
  return Documents(public_url) +
         "Cross-Origin-Resource-Policy: cross-origin\r\n"
         "Content-Security-Policy: default-src 'none'; base-uri 'none'; object-src 'none'; "
         "form-action 'none'; frame-ancestors *; script-src 'self'; style-src 'self'; "
         "connect-src 'self' https: http:; media-src 'self' https: http: blob: data:; "
         "img-src 'self' https: http: data:; font-src 'self'; manifest-src 'self'; " +
         std::string(kFrames) + "\r\n";
}

std::string MediaHeaders() {
  // A drawing opened by itself must not run anything.
  return std::string(kEverywhere) +
         "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\n"
         "Cross-Origin-Resource-Policy: cross-origin\r\n"
         "Access-Control-Allow-Origin: *\r\n"
         "Access-Control-Expose-Headers: Content-Length, Content-Range, ETag\r\n"
         "Timing-Allow-Origin: *\r\n";
}

}  // namespace popradio::api
