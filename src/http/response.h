#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/connection_limit.h"
#include "http/file_handle.h"
#include "http/request.h"

namespace popradio::http {

// Part of an open file. The handle is closed with the response.
struct FileRange {
  FileHandle file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// What a handler fills in. The connection adds Date, Server, X-Request-Id, Content-Length and,
// where it is needed, Connection; and leaves the body out for HEAD, 204 and 304 (say what GET would
// say: a HEAD is answered with the same headers). One object serves all requests of a connection,
// so its strings keep their capacity. Not thread-safe.
class Response {
 public:
  // What happens to a connection that leaves HTTP (see TakeOver). Runs on the connection's I/O
  // thread, must not throw, and owns the socket from then on. The slot keeps the connection counted
  // against the limits; keep it as long as the socket.
  using TakeOverFn = std::function<void(boost::asio::ip::tcp::socket&&, ConnectionSlot&&)>;

  int status = 200;
  // On static storage, like "application/json"; empty: no Content-Type. Use AddHeader for a made
  // one.
  std::string_view content_type;
  std::string body;

  // Appends "Name: value". Both must be free of control characters (a value that came from outside
  // is checked first by whoever adds it): an assertion in debug builds, a dropped field in release
  // builds.
  void AddHeader(std::string_view name, std::string_view value);
  void AddHeader(std::string_view name, std::int64_t value);
  // Appends complete lines, "A: b\r\nC: d\r\n", for sets of headers that are composed once at
  // start.
  void AddRawHeaders(std::string_view lines) { headers_.append(lines); }
  const std::string& headers() const { return headers_; }

  // Instead of `body`, one of these.
  // Replaces whatever was set before.
  void SetBody(std::string text);
  // Shared: a rendering that several requests use at once and that may be replaced meanwhile.
  void SetShared(std::shared_ptr<const std::string> text);
  // Bytes that live as long as the program.
  void SetStatic(std::string_view bytes);
  void SetFile(FileRange range);

  // Writes the head (without Content-Length, with Connection: close) and `body`, then hands the
  // socket to `callback`. For a HEAD the callback is not called.
  void TakeOver(TakeOverFn callback) { take_over_ = std::move(callback); }
  // Close the connection after this answer.
  void CloseAfter() { close_after_ = true; }

  // As new, with the capacity kept.
  void Clear();

  // For the connection, and for tests of handlers.
  // The bytes of whichever of body, shared or static is set; empty for a file.
  std::string_view BodyView() const;
  // The length that Content-Length states.
  std::uint64_t BodySize() const;
  bool has_file() const { return file_.file.valid(); }
  FileRange& file() { return file_; }
  bool in_place() const { return shared_ != nullptr || static_set_; }
  bool close_after() const { return close_after_; }
  TakeOverFn& take_over() { return take_over_; }
  // The value of the first header of that name, empty if there is none. For tests; a linear search.
  std::string_view FindHeader(std::string_view name) const;

 private:
  std::string headers_;
  std::shared_ptr<const std::string> shared_;
  std::string_view static_;
  bool static_set_ = false;
  bool close_after_ = false;
  FileRange file_;
  TakeOverFn take_over_;
};

}  // namespace popradio::http
