#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/client_address.h"
#include "http/request.h"

namespace popradio::api {

// What a station says of itself to other sites is text inside of text: each kind of place has its
// own way out, and its own function here.

// For text and for attribute values in quotes, in HTML and in XML. Characters that neither may
// contain (most control characters) become U+FFFD.
void AppendHtml(std::string& out, std::string_view text);
std::string Html(std::string_view text);

// For a JSON document between <script> tags, where nothing but "</script" and "<!--" ends it: "<",
// ">" and "&" become \u003c and the like, so that no parser sees a tag. `json` is valid JSON, in
// which these stand in strings only.
void AppendJsonData(std::string& out, std::string_view json);

// As a value of a query: everything but letters, digits and -._~ as %XX (RFC 3986).
std::string UrlEncoded(std::string_view text);

// At most `most` bytes, cut between two words if there is a blank, never within a character, and
// with "…" where something is missing. Line breaks and runs of blanks become one blank.
std::string OneLine(std::string_view text, std::size_t most);

// "PT3M55S" (ISO 8601) and "3:55"; "PT1H0M5S" and "1:00:05".
std::string IsoDuration(int seconds);
std::string ClockDuration(int seconds);

// Where the station is for whoever asks, "https://radio.example", without a slash at its end: the
// setting http.public_url; without one the request's Host, with https if a trusted proxy says so in
// X-Forwarded-Proto. Empty only for an HTTP/1.0 request that names no host.
std::string PublicAddress(const std::string& public_url, const http::Request& request,
                          const http::TrustedProxies& proxies);

}  // namespace popradio::api
