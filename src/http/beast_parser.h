#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/request.h"

namespace popradio::http {

// Our end of Beast's parser: it takes down the request line and the fields as views, and decodes
// chunks. Used by RequestParser only, which first refuses what Beast would forgive.
class BeastParser final : public boost::beast::http::basic_parser<true> {
 public:
  struct Fields {
    Request* request = nullptr;  // where the head goes; not touched after it
    int hosts = 0;
    std::string_view host;
    std::string_view expect;
    int content_lengths = 0;
    std::uint64_t content_length = 0;
    int transfer_encodings = 0;
    bool chunked = false;
    bool unknown_coding = false;
    std::string* body = nullptr;   // where chunks go
    std::uint64_t chunk_rest = 0;  // of the chunk whose data is being read
    std::size_t extension_bytes = 0;
    std::size_t trailer_bytes = 0;
  };

  explicit BeastParser(Request& request);
  Fields& fields() { return fields_; }
  const Fields& fields() const { return fields_; }

 private:
  using string_view = boost::beast::string_view;
  using error_code = boost::beast::error_code;
  void on_request_impl(boost::beast::http::verb verb, string_view method, string_view target,
                       int version, error_code& ec) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field name, string_view name_text, string_view value,
                     error_code& ec) override;
  void on_header_impl(error_code&) override { head_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code&) override;
  void on_finish_impl(error_code&) override {}

  Fields fields_;
  bool head_done_ = false;
};

}  // namespace popradio::http
