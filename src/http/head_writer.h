#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/request.h"
#include "http/response.h"

namespace popradio::http {

// "HTTP/1.1 200 OK\r\n".
void AppendStatusLine(std::string& out, int status);

// Whether an answer of this status has no body by definition (204, 304).
constexpr bool IsBodyless(int status) { return status == 204 || status == 304; }

// Which Connection header an answer needs.
enum class Persistence {
  kDefault,    // HTTP/1.1 and staying open: none
  kKeepAlive,  // HTTP/1.0 and staying open
  kClose,
};

// Appends the whole head of `response`, the empty line included. `common_lines` are the lines that
// all answers of this second share (Server, Date). With `with_length` false the end of the body is
// the end of the connection.
void AppendHead(std::string& out, const Response& response, std::string_view common_lines,
                std::string_view request_id, Persistence persistence, bool with_length);

// "Server: popradio\r\nDate: …\r\n".
std::string CommonLines(Instant now);

}  // namespace popradio::http
