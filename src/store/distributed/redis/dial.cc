#include "store/distributed/redis/dial.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "store/distributed/redis/command.h"
#include "store/distributed/redis/reply.h"

namespace popradio::redis {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

constexpr int kMaxBackoffDoublings = 16;

Task<std::string> ConnectSocket(Stream& stream, const Endpoint& endpoint) {
  boost::system::error_code ec;
  std::vector<tcp::endpoint> targets;
  const auto address = boost::asio::ip::make_address(endpoint.host, ec);
  if (!ec) {
    targets.emplace_back(address, endpoint.port);
  } else {
    tcp::resolver resolver(stream.socket().get_executor());
    const auto found = co_await resolver.async_resolve(endpoint.host, std::to_string(endpoint.port),
                                                       tcp::resolver::numeric_service,
                                                       redirect_error(use_awaitable, ec));
    if (ec) co_return "its name cannot be resolved: " + ec.message();
    for (const auto& entry : found) targets.push_back(entry.endpoint());
  }
  for (const tcp::endpoint& target : targets) {
    boost::system::error_code ignored;
    stream.socket().close(ignored);
    co_await stream.socket().async_connect(target, redirect_error(use_awaitable, ec));
    if (!ec || ec == boost::asio::error::operation_aborted) break;
  }
  if (ec) co_return ec.message();
  stream.socket().set_option(tcp::no_delay(true), ec);
  stream.socket().set_option(boost::asio::socket_base::keep_alive(true), ec);
  co_return std::string();
}

// AUTH, SELECT and CLIENT SETNAME in one write. The last one always: its answer shows that somebody
// is at home, which an accepted connection does not.
Task<std::string> Introduce(Stream& stream, const Login& login) {
  std::string out;
  std::size_t expected = 1;
  const bool auth = !login.password.empty();
  if (auth) {
    Command command("AUTH");
    if (!login.user.empty()) command.Arg(login.user);
    command.Arg(login.password).AppendTo(out);
    ++expected;
  }
  const bool select = login.database != 0;
  if (select) {
    Command("SELECT").Arg(login.database).AppendTo(out);
    ++expected;
  }
  Command("CLIENT").Arg("SETNAME").Arg(login.client_name).AppendTo(out);
  boost::system::error_code ec;
  co_await stream.WriteAll(boost::asio::buffer(out), ec);
  if (ec) co_return "it closed the connection: " + ec.message();

  ReplyReader reader;
  std::array<char, 4096> buffer;
  for (std::size_t received = 0; received < expected;) {
    const std::size_t size = co_await stream.ReadSome(boost::asio::buffer(buffer), ec);
    if (ec) co_return "it closed the connection: " + ec.message();
    reader.Feed({buffer.data(), size});
    Reply reply;
    ReplyReader::State state = reader.Next(reply);
    for (; state == ReplyReader::State::kReply; state = reader.Next(reply)) {
      const bool is_auth = auth && received == 0;
      const bool is_select = select && received == (auth ? 1U : 0U);
      ++received;
      if (!reply.is_error()) continue;
      std::string said(reply.text());
      if (is_auth) co_return "it refuses the user or the password: " + said;
      if (said.starts_with("NOAUTH")) co_return "it asks for a password, and the address has none";
      if (is_select) co_return "it refuses the database: " + said;
      // A server that has no CLIENT SETNAME, or whose rules forbid it, does its work all the same.
      if (!said.starts_with("NOPERM") && !said.starts_with("ERR unknown")) co_return said;
    }
    if (state == ReplyReader::State::kError) co_return reader.error();
  }
  co_return std::string();
}

}  // namespace

Result<std::shared_ptr<const Login>> MakeLogin(const RedisUrl& url, std::string client_name) {
  auto login = std::make_shared<Login>();
  login->user = url.user;
  login->password = url.password;
  login->database = url.database;
  login->client_name = std::move(client_name);
  if (url.tls) {
    auto tls = MakeTlsContext(url.ca_file);
    if (!tls) return Fail(tls.error());
    login->tls = std::move(*tls);
  }
  return login;
}

Task<std::string> Dial(Environment environment, std::shared_ptr<Stream> stream, Endpoint endpoint,
                       std::shared_ptr<const Login> login, Millis timeout) {
  // Shared with the timer's handler, which may run after this coroutine has ended.
  auto late = std::make_shared<bool>(false);
  boost::asio::steady_timer timer(environment.context, timeout);
  timer.async_wait([stream, late](boost::system::error_code ec) {
    if (ec) return;
    *late = true;
    stream->Close();
  });
  std::string error = co_await ConnectSocket(*stream, endpoint);
  if (error.empty()) error = co_await stream->Handshake(endpoint.host);
  if (error.empty()) error = co_await Introduce(*stream, *login);
  timer.cancel();
  if (*late) error = "it did not answer within " + std::to_string(timeout.count()) + " ms";
  if (!error.empty()) error = "Redis at " + endpoint.ToString() + ": " + error;
  co_return error;
}

Millis Backoff(int failures, Millis first, Millis most, Random& random) {
  const int doublings = std::clamp(failures - 1, 0, kMaxBackoffDoublings);
  const std::int64_t full = std::min<std::int64_t>(first.count() << doublings, most.count());
  const std::int64_t half = full / 2;
  return Millis(
      half + static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(full - half) + 1)));
}

}  // namespace popradio::redis
