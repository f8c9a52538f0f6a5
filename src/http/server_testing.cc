#include "http/server_testing.h"

#include <poll.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <stdexcept>

namespace popradio::http {

std::string TestHandler::MakeBig() {
  std::string big;
  while (big.size() < 4'000'000) big += std::to_string(big.size()) + ",";
  return big;
}

BodyRule TestHandler::BodyLimitFor(const Request& head) {
  if (head.path == "/none") return {0};
  if (head.path == "/upload") return {8 * 1024 * 1024};
  return {};
}

Task<void> TestHandler::Handle(Request& request, Response& response) {
  response.content_type = "text/plain";
  if (request.path == "/big") {
    response.SetShared(big_);
  } else if (request.path == "/file") {
    std::FILE* file = std::tmpfile();
    std::fwrite(big_->data(), 1, big_->size(), file);
    std::fflush(file);
    response.SetFile({FileHandle(::dup(::fileno(file))), 1000, big_->size() - 1000});
    std::fclose(file);
  } else if (request.path == "/truncated") {
    std::FILE* file = std::tmpfile();
    response.SetFile({FileHandle(::dup(::fileno(file))), 0, 1000});
    std::fclose(file);
  } else if (request.path == "/throw") {
    response.body = "half done";
    throw std::runtime_error("a bug");
  } else if (request.path == "/wait") {
    ++waiting_;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!open_) {
      timer.expires_after(std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    response.body = "waited";
  } else if (request.path == "/empty") {
    response.status = 204;
  } else if (request.path == "/takeover") {
    response.body = "first words\n";
    response.TakeOver([this](boost::asio::ip::tcp::socket&& socket, ConnectionSlot&& slot) {
      boost::asio::write(socket, boost::asio::buffer(std::string_view("from the new owner\n")));
      const std::lock_guard lock(mutex_);
      taken_.emplace_back(std::move(socket), std::move(slot));
    });
  } else if (request.path == "/length") {
    response.body = std::to_string(request.body.size());
  } else {
    response.body.append(request.method_name)
        .append(" ")
        .append(request.path)
        .append(" ")
        .append(request.body);
  }
}

void TestHandler::RenderError(int status, std::string_view code, std::string_view,
                              Response& response) {
  response.content_type = "application/json";
  response.body =
      "{\"code\":\"" + std::string(code) + "\",\"status\":" + std::to_string(status) + "}";
}

std::size_t TestHandler::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_.size();
}

void TestHandler::CloseTaken() {
  const std::lock_guard lock(mutex_);
  taken_.clear();
}

ServerOptions TestServer::Options() {
  ServerOptions options;
  options.sweep_interval = std::chrono::milliseconds(5);
  options.request_id_seed = 7;
  return options;
}

TestServer::TestServer(ServerOptions options) : server(std::move(options), handler, clock) {
  const auto bound = server.Start();
  if (!bound) throw std::runtime_error(bound.error().message);
  port = bound->port();
}

TestServer::~TestServer() {
  handler.Open();
  server.Stop(std::chrono::milliseconds(0));
  handler.CloseTaken();
}

Millis TestServer::AdvanceUntilClosed(RawClient& client) {
  constexpr Millis kStep{250};
  Millis passed{0};
  while (passed < std::chrono::minutes(10) && !client.ClosedWithin(std::chrono::milliseconds(8))) {
    clock.Advance(kStep);
    passed += kStep;
  }
  return passed;
}

bool Eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 5000; ++i) {
    if (condition()) return true;
    ::poll(nullptr, 0, 2);
  }
  return false;
}

}  // namespace popradio::http
