#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/beast_parser.h"
#include "http/limits.h"
#include "http/request.h"

namespace popradio::http {

struct ParserLimits {
  std::size_t max_request_line = kMaxRequestLine;
  std::size_t max_header_block = kMaxHeaderBlock;
  std::size_t max_header_fields = kMaxHeaderFields;
};

// Why a request was refused before it reached the handler. All three on static storage, but the
// status.
struct ProtocolError {
  int status = 400;
  std::string_view code;
  std::string_view sentence;
};

// Reads one HTTP/1.x request after the other out of a flat buffer that the caller owns. It knows
// nothing of sockets, so that it can be tested and fuzzed alone.
//
// The framing is strict (RFC 9112 with every leniency that allows request smuggling removed): lines
// end with CRLF only, no folded lines, exactly one Host in HTTP/1.1, at most one Content-Length and
// it is digits, no Content-Length beside Transfer-Encoding, the only transfer coding is "chunked".
// Our own scan finds the end of the head and refuses what Beast would forgive; Beast's parser then
// reads it in one go.
class RequestParser {
 public:
  enum class Outcome { kNeedMore, kDone, kError };
  enum class Expectation { kNone, kContinue, kUnknown };

  explicit RequestParser(const ParserLimits& limits = {}) : limits_(limits) {}

  // Forgets the previous request. Once an error was seen nothing more may be parsed.
  void Reset();

  // `bytes` is everything received since the end of the previous request; after kNeedMore call
  // again with the same bytes and more behind them (they may have moved). On kDone fills what
  // `request` says about the head (its views point into `bytes`); `peer`, `id`, `thread` and `body`
  // are the caller's.
  Outcome ParseHead(std::string_view bytes, Request& request);

  // After ParseHead was done.
  std::size_t head_size() const {
    return head_size_;
  }  // of `bytes`, empty lines before it included
  bool chunked() const { return beast_->fields().chunked; }
  std::uint64_t content_length() const { return beast_->fields().content_length; }
  bool has_body() const { return chunked() || content_length() > 0; }
  Expectation expectation() const { return expectation_; }

  // Decodes a chunked body: appends to `body`, and sets `consumed` to how much of `bytes` is used
  // up. Call again with the rest and more behind it. More than `max_body` bytes are 413.
  Outcome DecodeChunks(std::string_view bytes, std::uint64_t max_body, std::string& body,
                       std::size_t& consumed);

  // After kError.
  const ProtocolError& error() const { return error_; }
  // Whether any byte of a request (not only of empty lines) has been seen.
  bool started() const { return started_; }

 private:
  Outcome Fail(int status, std::string_view code, std::string_view sentence);
  Outcome BadRequest(std::string_view sentence) { return Fail(400, "bad_request", sentence); }
  // Looks for the end of the head and checks its lines.
  Outcome ScanLines(std::string_view bytes);
  Outcome ReadHead(std::string_view head, Request& request);
  Outcome ReadTarget(Request& request);

  const ParserLimits limits_;
  std::optional<BeastParser> beast_;
  std::size_t start_ = 0;         // of the request line, behind empty lines
  std::size_t line_start_ = 0;    // of the line being scanned
  std::size_t scanned_ = 0;       // no line end before this, within the line
  std::size_t fields_start_ = 0;  // of the first header line
  std::size_t empty_lines_ = 0;
  std::size_t lines_ = 0;  // complete ones, the request line included
  std::size_t head_size_ = 0;
  bool started_ = false;
  Expectation expectation_ = Expectation::kNone;
  ProtocolError error_;
};

// "example.org", "example.org:8080", "192.0.2.1", "[::1]:8080": the form of a Host field.
bool IsValidHost(std::string_view host);

}  // namespace popradio::http
