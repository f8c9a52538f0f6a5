#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <memory>

#include "app/station.h"
#include "base/log.h"
#include "cli/verbs.h"
#include "http/server.h"
#include "sync/sync_worker.h"

namespace popradio::cli {
namespace {

// The worker's days: the outbox every second, everything every interval and on SIGUSR1, until it is
// told to stop. A round is finished first.
class Rounds {
 public:
  Rounds(sync::SyncWorker& worker, Millis interval) : worker_(worker), interval_(interval) {}

  void Run() {
    stop_.async_wait([this](auto, auto) { context_.stop(); });
    AwaitCall();
    Next();
    context_.run();
  }

 private:
  void AwaitCall() {
    at_once_.async_wait([this](boost::system::error_code ec, int) {
      if (ec) return;
      due_ = true;
      timer_.cancel();
      AwaitCall();
    });
  }

  void Next() {
    const Millis now = clock_.Steady();
    if (due_ || now - synced_at_ >= interval_) {
      due_ = false;
      synced_at_ = now;
      (void)worker_.SyncOnce();  // it logs; what failed is tried again the next time
    } else if (const auto drained = worker_.Drain(); drained.has_value() == draining_fails_) {
      draining_fails_ = !drained.has_value();
      if (draining_fails_) {
        Log(LogLevel::kError, "likes wait to be carried to mongodb",
            {{"reason", drained.error().message}});
      } else {
        Log(LogLevel::kInfo, "likes are carried to mongodb again");
      }
    }
    timer_.expires_after(sync::kDrainEvery);
    timer_.async_wait([this](boost::system::error_code) { Next(); });
  }

  sync::SyncWorker& worker_;
  const Millis interval_;
  const SystemClock clock_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set stop_{context_, SIGTERM, SIGINT};
  boost::asio::signal_set at_once_{context_, SIGUSR1};
  boost::asio::steady_timer timer_{context_};
  Millis synced_at_{0};
  bool due_ = true, draining_fails_ = false;
};

// Whoever asks for the figures is a monitor or two.
constexpr std::size_t kFiguresConnections = 64;

// The worker's figures over HTTP, and nothing else.
class SyncFigures final : public http::Handler {
 public:
  explicit SyncFigures(const sync::SyncWorker& worker) : worker_(worker) {}
  Task<void> Handle(http::Request& request, http::Response& response) override {
    const bool reads =
        request.method == http::Method::kGet || request.method == http::Method::kHead;
    if (request.path != "/metrics") {
      RenderError(404, "not_found", "The figures are at /metrics.", response);
      response.status = 404;
    } else if (!reads) {
      RenderError(405, "method_not_allowed", "The figures can only be read.", response);
      response.status = 405;
      response.AddHeader("Allow", "GET, HEAD");
    } else {
      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
      response.SetBody(worker_.Metrics());
    }
    co_return;
  }

 private:
  const sync::SyncWorker& worker_;
};

}  // namespace

int RunSync(const app::Settings& settings, bool once, app::Output& output) {
  std::signal(SIGPIPE, SIG_IGN);
  if (!app::IsDistributed(settings)) {
    output.Err(
        "popradio: there is nothing to sync: this station stores everything in its data folder. "
        "Name the servers of a station of many machines with --redis and --mongo.\n");
    return 1;
  }
  const SystemClock clock;
  SystemRandom random;
  auto worker = sync::SyncWorker::Open(app::DistributedOptionsOf(settings), clock, random);
  if (!worker) return Refuse(output, worker.error());
  if (once) {
    const auto report = (*worker)->SyncOnce();
    if (!report) return Refuse(output, report.error());
    output.Out("Wrote the counters of " + Counted(report->songs, "song", "songs") + " and " +
               Counted(report->playlists, "playlist", "playlists") + ", and " +
               Counted(report->likers, "like or unlike", "likes and unlikes") + ", in " +
               std::to_string(report->took.count()) + " ms.\n");
    return 0;
  }
  SyncFigures figures(**worker);
  std::unique_ptr<http::Server> server;
  if (!settings.sync.metrics.empty()) {
    http::ServerOptions options;
    options.listen = *http::ParseListenAddress(settings.sync.metrics);
    options.max_connections = kFiguresConnections;
    server = std::make_unique<http::Server>(std::move(options), figures, clock);
    const auto bound = server->Start();
    if (!bound) return Refuse(output, bound.error());
    const std::string port = std::to_string(bound->port());
    const bool v6 = bound->address().is_v6();
    output.Out("figures on http://" + (v6 ? "[" : std::string()) + bound->address().to_string() +
               (v6 ? "]:" : ":") + port + "/metrics\n");
  }
  if (settings.sync.check_hour >= 0) (*worker)->CheckNightly(settings.sync.check_hour);
  Rounds(**worker, std::chrono::seconds(settings.sync.interval_s)).Run();
  Log(LogLevel::kInfo, "stopped");
  return 0;
}

}  // namespace popradio::cli
