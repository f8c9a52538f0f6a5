#include "http/parser.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>

namespace popradio::http {
namespace {

// RFC 9110, 5.6.2: the characters of a method or field name.
constexpr bool IsTokenChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsHexDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool IsPort(std::string_view text) {  // may be empty: "example.org:" is allowed by the grammar
  if (text.size() > 5) return false;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  return true;
}

// Without ":80" or a lone ":", so that both spellings of one authority compare equal.
std::string_view WithoutDefaultPort(std::string_view authority) {
  if (authority.ends_with(":80")) authority.remove_suffix(3);
  if (authority.ends_with(':')) authority.remove_suffix(1);
  return authority;
}

// "GET / HTTP/2.0": a version we do not speak, rather than a line that is no request line at all.
bool NamesAnotherVersion(std::string_view line) {
  if (line.size() < 9) return false;
  const std::string_view version = line.substr(line.size() - 9);
  return version.starts_with(" HTTP/") && IsDigit(version[6]) && version[7] == '.' &&
         IsDigit(version[8]);
}

}  // namespace

bool IsValidHost(std::string_view host) {
  if (host.empty()) return false;
  if (host.front() == '[') {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    for (const char c : host.substr(1, end - 1)) {
      if (!IsHexDigit(c) && c != ':' && c != '.') return false;
    }
    const std::string_view rest = host.substr(end + 1);
    return rest.empty() || (rest.front() == ':' && IsPort(rest.substr(1)));
  }
  const std::size_t colon = host.find(':');
  const std::string_view name = host.substr(0, colon);
  if (name.empty() || (colon != std::string_view::npos && !IsPort(host.substr(colon + 1))))
    return false;
  for (const char c : name) {
    // reg-name without the delimiters that no host name has but attacks do.
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '-' ||
                      c == '.' || c == '_' || c == '~' || c == '%';
    if (!fine) return false;
  }
  return true;
}

void RequestParser::Reset() {
  beast_.reset();
  start_ = line_start_ = scanned_ = fields_start_ = empty_lines_ = lines_ = head_size_ = 0;
  started_ = false;
  expectation_ = Expectation::kNone;
}

RequestParser::Outcome RequestParser::Fail(int status, std::string_view code,
                                           std::string_view sentence) {
  error_ = {status, code, sentence};
  return Outcome::kError;
}

RequestParser::Outcome RequestParser::ParseHead(std::string_view bytes, Request& request) {
  if (const Outcome outcome = ScanLines(bytes); outcome != Outcome::kDone) return outcome;
  return ReadHead(bytes.substr(start_, head_size_ - start_), request);
}

RequestParser::Outcome RequestParser::ScanLines(std::string_view bytes) {
  // Whatever is checked here is checked in the order of the bytes, so that an answer never depends
  // on how they were cut into packets.
  while (!started_) {
    if (start_ == bytes.size()) return Outcome::kNeedMore;
    const char first = bytes[start_];
    if (first == '\r') {
      if (start_ + 1 == bytes.size()) return Outcome::kNeedMore;
      if (bytes[start_ + 1] != '\n' || ++empty_lines_ > kMaxLeadingEmptyLines) {
        return BadRequest("The request does not begin with a request line");
      }
      start_ += 2;
      continue;
    }
    // At once, and not when the line is complete: a TLS greeting has no lines.
    if (!IsTokenChar(first)) return BadRequest("The request does not begin with a request line");
    started_ = true;
    line_start_ = scanned_ = start_;
  }
  for (;;) {
    const void* found = scanned_ < bytes.size()
                            ? std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_)
                            : nullptr;
    const std::size_t end =
        found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data())
              : bytes.size();
    if (lines_ == 0) {
      // The carriage return may be in already: it is no part of the line.
      if (end - line_start_ > limits_.max_request_line + 1) {
        return Fail(414, "uri_too_long", "The address of the request is too long");
      }
    } else if (end + (found ? 1 : 0) - fields_start_ > limits_.max_header_block) {
      return Fail(431, "headers_too_large", "The headers of the request are too large");
    }
    if (!found) {
      scanned_ = bytes.size();
      return Outcome::kNeedMore;
    }
    const std::string_view line = bytes.substr(line_start_, end - line_start_);
    if (line.empty() || line.back() != '\r') return BadRequest("A line does not end with CR LF");
    const bool last = line.size() == 1;
    if (line.front() == ' ' || line.front() == '\t') return BadRequest("A header line is folded");
    line_start_ = scanned_ = end + 1;
    if (lines_++ == 0) {
      fields_start_ = line_start_;
    } else if (last) {
      head_size_ = line_start_;
      return Outcome::kDone;
    } else if (lines_ - 1 > limits_.max_header_fields) {
      return Fail(431, "headers_too_large", "The request has too many header fields");
    }
  }
}

RequestParser::Outcome RequestParser::ReadHead(std::string_view head, Request& request) {
  request.field_count = 0;
  request.body = {};
  beast_.emplace(request);
  boost::beast::error_code ec;
  const std::size_t used = beast_->put(boost::asio::const_buffer(head.data(), head.size()), ec);
  const BeastParser::Fields& fields = beast_->fields();
  if (ec == boost::beast::http::error::bad_version &&
      NamesAnotherVersion(head.substr(0, head.find("\r\n")))) {
    return Fail(505, "http_version_not_supported", "This server speaks HTTP/1.1 and HTTP/1.0");
  }
  if (ec == boost::beast::http::error::bad_content_length ||
      ec == boost::beast::http::error::multiple_content_length ||
      ec == boost::beast::http::error::bad_transfer_encoding) {
    return BadRequest("Content-Length or Transfer-Encoding is wrong, doubled, or beside the other");
  }
  if (ec) return BadRequest("The request line or a header field is malformed");
  if (used != head.size() || !beast_->is_header_done())
    return BadRequest("The request is malformed");
  if (fields.transfer_encodings > 0 && request.minor_version == 0) {
    return BadRequest("HTTP/1.0 has no Transfer-Encoding");
  }
  if (fields.unknown_coding) {
    return Fail(501, "not_implemented", "The only transfer coding here is chunked");
  }
  if (fields.hosts > 1 || (fields.hosts == 0 && request.minor_version > 0)) {
    return BadRequest("The request needs exactly one Host");
  }
  if (fields.hosts == 1 && !IsValidHost(fields.host)) return BadRequest("The Host is malformed");
  request.host = fields.host;
  request.keep_alive = beast_->keep_alive();
  if (!fields.expect.empty() && request.minor_version > 0) {
    expectation_ = EqualsIgnoreCase(fields.expect, "100-continue") ? Expectation::kContinue
                                                                   : Expectation::kUnknown;
  }
  return ReadTarget(request);
}

RequestParser::Outcome RequestParser::ReadTarget(Request& request) {
  std::string_view rest = request.target;
  if (rest.find('#') != std::string_view::npos) return BadRequest("The address carries a fragment");
  if (rest == "*") {
    if (request.method != Method::kOptions) return BadRequest("Only OPTIONS may ask for *");
  } else if (!rest.starts_with('/')) {
    const std::size_t scheme = rest.find("://");
    if (scheme == std::string_view::npos || !(EqualsIgnoreCase(rest.substr(0, scheme), "http") ||
                                              EqualsIgnoreCase(rest.substr(0, scheme), "https"))) {
      return BadRequest("The address of the request must begin with a slash");
    }
    rest.remove_prefix(scheme + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    rest.remove_prefix(authority.size());
    if (!IsValidHost(authority) ||
        !EqualsIgnoreCase(WithoutDefaultPort(authority), WithoutDefaultPort(request.host))) {
      return BadRequest("The address names another host than the Host field");
    }
  }
  const std::size_t mark = rest.find('?');
  request.path = rest.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view() : rest.substr(mark + 1);
  if (request.path.empty()) request.path = "/";
  return Outcome::kDone;
}

RequestParser::Outcome RequestParser::DecodeChunks(std::string_view bytes, std::uint64_t max_body,
                                                   std::string& body, std::size_t& consumed) {
  namespace beast_http = boost::beast::http;
  consumed = 0;
  BeastParser::Fields& fields = beast_->fields();
  fields.body = &body;
  // "0" CR LF CR LF: no chunk line that is not followed by at least this much. Beast asserts it of
  // the last chunk instead of waiting for it.
  constexpr std::size_t kShortestEnd = 5;
  while (!beast_->is_done()) {
    if (fields.chunk_rest == 0 && bytes.size() - consumed < kShortestEnd) return Outcome::kNeedMore;
    // Beast subtracts what it has seen from the limit, so it is told anew each time.
    beast_->body_limit(max_body - body.size());
    boost::beast::error_code ec;
    const std::size_t body_before = body.size();
    const std::size_t used = beast_->put(
        boost::asio::const_buffer(bytes.data() + consumed, bytes.size() - consumed), ec);
    consumed += used;
    if (ec == beast_http::error::need_more) {
      // Only a chunk line or trailers can be incomplete: data is taken as it comes.
      if (bytes.size() - consumed > kMaxChunkLine + kMaxTrailers) {
        return BadRequest("A chunk line or the trailers are too long");
      }
      return Outcome::kNeedMore;
    }
    if (ec == beast_http::error::body_limit) {
      return Fail(413, "body_too_large", "The body of the request is too large");
    }
    if (ec) return BadRequest("The chunked body is malformed");
    const bool line = body.size() == body_before;
    if (line && used > kMaxChunkLine + (beast_->is_done() ? kMaxTrailers : 0)) {
      return BadRequest("A chunk line or the trailers are too long");
    }
    if (consumed == bytes.size() && !beast_->is_done()) return Outcome::kNeedMore;
  }
  return Outcome::kDone;
}

}  // namespace popradio::http
