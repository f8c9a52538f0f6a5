#include "store/distributed/redis/stream.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace popradio::redis {

namespace ssl = boost::asio::ssl;
using boost::asio::redirect_error;
using boost::asio::use_awaitable;

Result<std::shared_ptr<ssl::context>> MakeTlsContext(const std::string& ca_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  boost::system::error_code ec;
  if (ca_file.empty()) {
    context->set_default_verify_paths(ec);
  } else {
    context->load_verify_file(ca_file, ec);
  }
  if (ec) {
    return Fail(
        ErrorCode::kInvalidParameter,
        ca_file.empty()
            ? "The system's certificate authorities cannot be read: " + ec.message()
            : "The certificate authorities in " + ca_file + " cannot be read: " + ec.message());
  }
  context->set_verify_mode(ssl::verify_peer);
  return context;
}

Task<std::string> Stream::Handshake(std::string host) {
  if (!tls_) co_return std::string();
  boost::system::error_code ec;
  boost::asio::ip::make_address(host, ec);
  // A name is told to the server, which may have a certificate for each; an address must not be.
  if (ec) SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str());
  tls_->set_verify_callback(ssl::host_name_verification(host), ec);
  co_await tls_->async_handshake(ssl::stream_base::client, redirect_error(use_awaitable, ec));
  if (!ec) co_return std::string();
  const long verified = SSL_get_verify_result(tls_->native_handle());
  if (verified != X509_V_OK) {
    co_return std::string("its certificate is not trusted: ") +
        X509_verify_cert_error_string(verified);
  }
  co_return "the TLS handshake failed: " + ec.message();
}

Task<void> Stream::WriteAll(boost::asio::const_buffer bytes, boost::system::error_code& ec) {
  if (tls_) {
    co_await boost::asio::async_write(*tls_, bytes, redirect_error(use_awaitable, ec));
  } else {
    co_await boost::asio::async_write(socket_, bytes, redirect_error(use_awaitable, ec));
  }
}

}  // namespace popradio::redis
