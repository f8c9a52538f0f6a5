#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace popradio::http {

// Conditional requests, RFC 9110 section 13. An entity tag here is written with its quotes:
// "\"abc\"" or "W/\"abc\"".

// Whether `list` ("*" or tags with commas) names `etag`. Weak comparison ignores W/; strong
// comparison needs both to be strong. A malformed list names nothing.
bool EtagListed(std::string_view list, std::string_view etag, bool weak);

// "Sun, 06 Nov 1994 08:49:37 GMT", and back (that form only; anything else is nothing).
std::string FormatHttpDate(std::chrono::sys_seconds t);
std::optional<std::chrono::sys_seconds> ParseHttpDate(std::string_view text);

// What the conditions of a request come to, in the order of section 13.2.2.
enum class Precondition {
  kProceed,
  kNotModified,  // 304, for GET and HEAD
  kFailed,       // 412
};
Precondition EvaluateConditions(
    const Request& request, std::string_view etag,
    std::optional<std::chrono::sys_seconds> last_modified = std::nullopt);
// Whether they settle the answer, whose status is then 304 or 412; otherwise it goes on.
bool SettledByConditions(const Request& request, Response& response, std::string_view etag,
                         std::optional<std::chrono::sys_seconds> last_modified = std::nullopt);

// A strong tag of the bytes: the first 16 digits of their SHA-256, quoted. `suffix` tells apart
// codings of one resource.
std::string MakeEtag(std::string_view bytes, std::string_view suffix = "");

}  // namespace popradio::http
