#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace popradio::http {

enum class Encoding : std::uint8_t { kIdentity, kGzip, kBrotli };

std::string_view EncodingName(Encoding encoding);  // "identity", "gzip", "br"

// The coding a client likes best among identity and those we have, by the q-values of its
// Accept-Encoding; at equal q brotli before gzip before identity. Identity if it accepts none of
// ours (better an answer than 406).
Encoding NegotiateEncoding(std::string_view accept_encoding, bool have_gzip, bool have_brotli);

// Whole bodies at once; nothing if the library fails. Levels: gzip 1–9, brotli quality 0–11.
std::optional<std::string> Gzip(std::string_view bytes, int level);
std::optional<std::string> Brotli(std::string_view bytes, int quality);

// For handlers whose answers are worth it (lists, documents; not the small hot ones): replaces the
// body by a compressed one if the client takes it, it is at least kMinCompressedBody long and it
// gets smaller; adds Content-Encoding, and Vary in any case. Costs about 15 µs per 10 kB.
void CompressBody(const Request& request, Response& response);

}  // namespace popradio::http
