#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "http/limits.h"

namespace popradio::http {

enum class Method : std::uint8_t {
  kGet,
  kHead,
  kPost,
  kPut,
  kPatch,
  kDelete,
  kOptions,
  kOther,  // a well-formed method we do not know; answer 405 or 501
};

// "GET" … "OPTIONS"; "" for kOther (see Request::method_name).
std::string_view MethodName(Method method);
// Case-sensitive, as methods are.
Method ParseMethod(std::string_view name);

// ASCII only, as in HTTP's field names and tokens; independent of any locale.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
// Without the spaces and tabs around it (RFC 9110's OWS).
std::string_view Trim(std::string_view text);

struct HeaderField {
  std::string_view name;   // as sent
  std::string_view value;  // without surrounding blanks
};

// One request. All views point into the connection's buffers: they are valid until
// Handler::Handle's coroutine ends, and not a moment longer. Copy what must outlive it.
struct Request {
  Method method = Method::kGet;
  std::string_view method_name;  // as sent
  std::string_view target;       // as sent
  // Of the target, without scheme and host: begins with "/" ("*" only for OPTIONS). Never decoded:
  // a handler that takes a free-form segment decodes it itself.
  std::string_view path;
  std::string_view query;  // what follows the first "?", raw; see query.h
  std::string_view host;   // the Host field, checked for form; empty only in HTTP/1.0
  std::string_view body;   // whole, chunks decoded
  int minor_version = 1;   // HTTP/1.0 or HTTP/1.1
  bool keep_alive = true;
  boost::asio::ip::address
      peer;                // the socket's other end; see client_address.h for who that may be
  std::string_view id;     // 16 hexadecimal digits of ours; sent as X-Request-Id, for log lines
  std::size_t thread = 0;  // index of the I/O thread this runs on

  // The first field of that name (any case); empty if there is none, or if it is empty.
  std::string_view Header(std::string_view name) const;
  bool HasHeader(std::string_view name) const;
  std::span<const HeaderField> headers() const { return {fields.data(), field_count}; }

  // The fields in the order sent; the first `field_count` are set.
  std::array<HeaderField, kMaxHeaderFields> fields;
  std::size_t field_count = 0;
};

}  // namespace popradio::http
