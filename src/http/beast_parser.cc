#include "http/beast_parser.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <limits>

namespace popradio::http {
namespace {

namespace beast_http = boost::beast::http;

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

BeastParser::BeastParser(Request& request) {
  fields_.request = &request;
  // RequestParser has checked the size already, and checks bodies itself.
  header_limit(std::numeric_limits<std::uint32_t>::max());
  body_limit(boost::none);
}

void BeastParser::on_request_impl(beast_http::verb, string_view method, string_view target,
                                  int version, error_code&) {
  Request& request = *fields_.request;
  request.method_name = View(method);
  request.method = ParseMethod(request.method_name);
  request.target = View(target);
  request.minor_version = version - 10;
}

void BeastParser::on_field_impl(beast_http::field name, string_view name_text, string_view value,
                                error_code& ec) {
  if (head_done_) {  // Trailers are read past: nothing of ours looks at them.
    fields_.trailer_bytes += name_text.size() + value.size() + 4;
    if (fields_.trailer_bytes > kMaxTrailers) ec = beast_http::error::header_limit;
    return;
  }
  Request& request = *fields_.request;
  if (request.field_count == request.fields.size()) {
    ec = beast_http::error::header_limit;
    return;
  }
  request.fields[request.field_count++] = {View(name_text), View(value)};
  switch (name) {
    case beast_http::field::host:
      ++fields_.hosts;
      fields_.host = View(value);
      break;
    case beast_http::field::expect:
      fields_.expect = View(value);
      break;
    case beast_http::field::content_length: {
      // Beast takes "5, 5" and a second field of the same value.
      const auto [end, error] =
          std::from_chars(value.data(), value.data() + value.size(), fields_.content_length);
      if (++fields_.content_lengths > 1 || error != std::errc() ||
          end != value.data() + value.size()) {
        ec = beast_http::error::bad_content_length;
      }
      break;
    }
    case beast_http::field::transfer_encoding:
      ++fields_.transfer_encodings;
      fields_.chunked = EqualsIgnoreCase(View(value), "chunked");
      if (fields_.transfer_encodings > 1) ec = beast_http::error::bad_transfer_encoding;
      fields_.unknown_coding = !fields_.chunked;
      break;
    default:
      break;
  }
}

void BeastParser::on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& ec) {
  fields_.chunk_rest = size;
  fields_.extension_bytes += extensions.size();
  // Beast lets a quoted value carry control characters: a bare LF there is a line end to others.
  const bool control = std::any_of(extensions.begin(), extensions.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
  if (control || fields_.extension_bytes > kMaxChunkExtensions) {
    ec = beast_http::error::bad_chunk_extension;
  }
}

std::size_t BeastParser::on_chunk_body_impl(std::uint64_t, string_view body, error_code&) {
  fields_.body->append(body.data(), body.size());
  fields_.chunk_rest -= body.size();
  return body.size();
}

}  // namespace popradio::http
