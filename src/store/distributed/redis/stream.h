#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"

namespace popradio::redis {

// TLS settings for outgoing connections: at least TLS 1.2, the server's certificate is verified
// against `ca_file` (PEM) or the system's authorities. Fails with a sentence that names the file.
Result<std::shared_ptr<boost::asio::ssl::context>> MakeTlsContext(const std::string& ca_file);

// One socket, with or without TLS. Held by shared_ptr, because an operation in flight needs it
// after whoever began it has lost interest.
class Stream {
 public:
  // `tls` null: plain.
  Stream(boost::asio::io_context& context, std::shared_ptr<boost::asio::ssl::context> tls)
      : tls_context_(std::move(tls)), socket_(context) {
    if (tls_context_) tls_.emplace(socket_, *tls_context_);
  }

  boost::asio::ip::tcp::socket& socket() { return socket_; }
  // The TLS handshake; nothing to do for a plain one. Empty: done, else a sentence.
  Task<std::string> Handshake(std::string host);

  Task<std::size_t> ReadSome(boost::asio::mutable_buffer buffer, boost::system::error_code& ec) {
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ec);
    if (tls_) return tls_->async_read_some(buffer, token);
    return socket_.async_read_some(buffer, token);
  }
  // Writes all of it, then calls handler(error_code, size_t).
  template <class Handler>
  void Write(boost::asio::const_buffer bytes, Handler handler) {
    if (tls_) {
      boost::asio::async_write(*tls_, bytes, std::move(handler));
    } else {
      boost::asio::async_write(socket_, bytes, std::move(handler));
    }
  }
  Task<void> WriteAll(boost::asio::const_buffer bytes, boost::system::error_code& ec);
  // Ends everything that waits on it. What was written before still arrives, if the network lets
  // it.
  void Close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  // The same, and what the kernel has not delivered yet is thrown away.
  void Abort() {
    boost::system::error_code ignored;
    socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

 private:
  std::shared_ptr<boost::asio::ssl::context> tls_context_;  // shared by all streams of a client
  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
};

}  // namespace popradio::redis
