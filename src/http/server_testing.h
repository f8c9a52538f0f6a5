#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/http_testing.h"
#include "http/server.h"

namespace popradio::http {

inline const std::string kHost = "Host: a\r\n";
inline std::string Get(const std::string& path, const std::string& fields = "") {
  return "GET " + path + " HTTP/1.1\r\n" + kHost + fields + "\r\n";
}

// Answers in a way that a test of the connection can see through.
class TestHandler final : public Handler {
 public:
  BodyRule BodyLimitFor(const Request& head) override;
  Task<void> Handle(Request& request, Response& response) override;
  void RenderError(int status, std::string_view code, std::string_view sentence,
                   Response& response) override;

  // "/wait" answers once this is called.
  void Open() { open_ = true; }
  int waiting() const { return waiting_; }
  const std::string& big() const { return *big_; }
  // What "/takeover" handed over.
  std::size_t taken() const;
  void CloseTaken();

 private:
  const std::shared_ptr<const std::string> big_ = std::make_shared<std::string>(MakeBig());
  static std::string MakeBig();
  std::atomic<bool> open_{false};
  std::atomic<int> waiting_{0};
  mutable std::mutex mutex_;  // guards taken_
  std::vector<std::pair<boost::asio::ip::tcp::socket, ConnectionSlot>> taken_;
};

// A running server for one test: fast sweeps, a clock that only the test moves.
struct TestServer {
  static ServerOptions Options();
  explicit TestServer(ServerOptions options = Options());
  ~TestServer();
  // Moves the clock on in small steps until the server ends that connection; returns how far. The
  // server reads the clock in its own time, so the figure is late rather than early.
  Millis AdvanceUntilClosed(RawClient& client);

  TestHandler handler;
  ManualClock clock;
  Server server;
  std::uint16_t port = 0;
};

// Polls until `condition` holds; false after ten seconds, which no passing test comes near.
bool Eventually(const std::function<bool()>& condition);

}  // namespace popradio::http
