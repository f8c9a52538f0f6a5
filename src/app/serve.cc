#include "app/serve.h"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <future>
#include <optional>
#include <thread>

#include "api/service.h"
#include "app/blocking.h"
#include "app/descriptors.h"
#include "app/station.h"
#include "app/web_files.h"
#include "base/log.h"
#include "domain/profanity.h"
#include "http/server.h"
#include "media/ffmpeg.h"
#include "media/library.h"
#include "realtime/conductor.h"

namespace popradio::app {
namespace {

namespace asio = boost::asio;

// SIGTERM must end the process within ten seconds; the rest is for the last commit.
constexpr std::chrono::milliseconds kRequestGrace{7'000};

std::chrono::milliseconds ToMillis(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

// An io_context with a thread of its own, for work that belongs to no connection.
class Background {
 public:
  explicit Background(store::Backend& backend)
      : backend_(backend), guard_(asio::make_work_guard(context_)), thread_([this] {
          context_.run();
          ended_.set_value();
        }) {}
  ~Background() { Finish(); }
  // Waits until nothing is left to do there.
  void Finish() {
    guard_.reset();
    if (!thread_.joinable()) return;
    // A store may have opened connections there, which would never end; and may do so once more for
    // whoever is not through yet.
    const auto ended = ended_.get_future();
    do {
      asio::post(context_, [this] { backend_.LeaveThread(context_); });
    } while (ended.wait_for(kLeaveAgain) != std::future_status::ready);
    thread_.join();
  }
  asio::io_context& context() { return context_; }

 private:
  static constexpr std::chrono::milliseconds kLeaveAgain{20};
  store::Backend& backend_;
  asio::io_context context_{1};
  std::promise<void> ended_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  std::thread thread_;
};

http::ServerOptions ServerOptionsOf(const Settings& settings, std::size_t descriptors,
                                    store::Backend& backend) {
  http::ServerOptions options;
  options.listen = *http::ParseListenAddress(settings.http.listen);
  const std::size_t threads = settings.http.threads > 0
                                  ? static_cast<std::size_t>(settings.http.threads)
                                  : std::max(1u, std::thread::hardware_concurrency());
  const auto wanted = static_cast<std::size_t>(settings.http.max_connections);
  const ConnectionPlan plan =
      PlanConnections(descriptors, threads, wanted, CanOwnDescriptorTable());
  options.threads = plan.threads;
  options.max_connections = plan.max_connections;
  if (plan.own_tables) options.on_thread_start = [](std::size_t) { OwnDescriptorTable(); };
  if (wanted > plan.max_connections) {
    Log(LogLevel::kWarn, "fewer connections than wanted: the descriptor limit is low",
        {{"wanted", wanted}, {"possible", plan.max_connections}});
  }
  options.on_thread_stop = [&backend](asio::io_context& context) { backend.LeaveThread(context); };
  options.max_connections_per_address =
      static_cast<std::size_t>(settings.http.max_connections_per_address);
  options.trusted_proxies = *http::TrustedProxies::Parse(settings.http.trusted_proxies);
  options.header_timeout = ToMillis(settings.http.header_timeout_s);
  options.body_timeout = ToMillis(settings.http.body_timeout_s);
  options.idle_timeout = ToMillis(settings.http.idle_timeout_s);
  options.write_timeout = ToMillis(settings.http.write_timeout_s);
  const auto shortest = std::min(std::min(options.header_timeout, options.body_timeout),
                                 std::min(options.idle_timeout, options.write_timeout));
  options.sweep_interval =
      std::clamp(shortest / 4, std::chrono::milliseconds(10), options.sweep_interval);
  return options;
}

api::ServiceOptions ServiceOptionsOf(const Settings& settings, const http::ServerOptions& http,
                                     const std::string& token, std::vector<std::string> roots) {
  api::ServiceOptions options;
  options.threads = http.threads;
  options.public_url = settings.http.public_url;
  options.media_base_url = settings.media.base_url;
  options.allowed_origins = settings.http.allowed_origins;
  options.trusted_proxies = http.trusted_proxies;
  options.limits = LimitTableOf(settings);
  options.comment_ttl_days = settings.comments.ttl_days;
  options.skip = *api::ParseSkipPolicy(settings.radio.skip);
  options.quorum_per_address = settings.radio.quorum_per_address;
  options.admin_token = token;
  options.cover_folder = roots.front() + "/covers";
  options.library_roots = std::move(roots);
  return options;
}

std::string PrintableAddress(const asio::ip::tcp::endpoint& endpoint) {
  const auto address = endpoint.address();
  // People open the line in a browser; 0.0.0.0 is no place to go to.
  const std::string host = address.is_unspecified() ? "localhost"
                           : address.is_v6()        ? "[" + address.to_string() + "]"
                                                    : address.to_string();
  return "http://" + host + ":" + std::to_string(endpoint.port());
}

// Ends the conductor's work before the conductor goes, however Serve is left.
class ConductorStop {
 public:
  ConductorStop(realtime::Conductor& conductor, Background& background)
      : conductor_(conductor), background_(background) {}
  ~ConductorStop() { Now(); }
  void Now() {
    conductor_.Stop();
    background_.Finish();
  }

 private:
  realtime::Conductor& conductor_;
  Background& background_;
};

// Ends the events, however Serve is left: closes their streams while the I/O threads still run; and
// if these never ran, ends the background too, which looks at what is about to go.
class EventsStop {
 public:
  EventsStop(api::Service& service, ConductorStop& conductor_stop)
      : service_(service), conductor_stop_(conductor_stop) {}
  ~EventsStop() {
    service_.StopEvents(threads_run_);
    if (!threads_run_) conductor_stop_.Now();
  }
  void ThreadsRun() { threads_run_ = true; }

 private:
  api::Service& service_;
  ConductorStop& conductor_stop_;
  bool threads_run_ = false;
};

int Refuse(const Error& error) {
  std::fprintf(stderr, "popradio: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int Serve(const Settings& settings, const StationVerb& run_verb) {
  std::signal(SIGPIPE, SIG_IGN);
  const SystemClock clock;
  SystemRandom random;
  const std::size_t descriptors = RaiseDescriptorLimit();
  ProfanityFilter::Shared();  // built here, not while the first listener waits for a comment

  // From here on a signal ends the station in order, also while it starts.
  asio::io_context signals(1);
  asio::signal_set stop_signals(signals, SIGTERM, SIGINT);
  stop_signals.async_wait([](auto, auto) {});

  // The embedded store holds its folder by itself.
  std::optional<FolderLock> lock;
  if (IsDistributed(settings)) {
    auto locked = FolderLock::Take(settings.store.data);
    if (!locked) return Refuse(locked.error());
    lock = *std::move(locked);
  }
  auto backend = OpenBackend(settings, clock, random);
  if (!backend) return Refuse(backend.error());
  const auto token = ResolveAdminToken(settings);
  if (!token) return Refuse(token.error());
  std::vector<std::string> roots = media::LoadLibraryRoots(settings.store.data);

  const http::ServerOptions http_options = ServerOptionsOf(settings, descriptors, **backend);
  std::atomic<api::Phase> phase{api::Phase::kStarting};
  Background background(**backend);
  realtime::Conductor conductor(background.context(), clock, random, (*backend)->catalogue(),
                                (*backend)->engagement(), (*backend)->timeline());
  ConductorStop conductor_stop(conductor, background);
  const http::StaticFiles pages(WebFiles());
  media::FfmpegTool media_tool(clock);
  std::unique_ptr<http::Server> server;
  api::Service service({**backend, conductor, clock, random, pages,
                        ServiceOptionsOf(settings, http_options, token->value, std::move(roots)),
                        [&server] { return server ? server->Stats() : http::ServerStats(); },
                        [&phase] { return phase.load(); }, &media_tool});
  server = std::make_unique<http::Server>(http_options, service, clock);

  std::vector<asio::io_context*> contexts;
  for (std::size_t i = 0; i < server->threads(); ++i) contexts.push_back(&server->context(i));
  service.StartEvents(contexts, background.context());
  std::optional<EventsStop> events_stop(std::in_place, service, conductor_stop);

  // On a context that outlives it: the conductor's thread may still let go of the executor that
  // waited when this thread goes on.
  auto starting = asio::co_spawn(background.context(), conductor.Start(), asio::use_future);
  if (auto started = starting.get(); !started) return Refuse(started.error());
  const StationAccess access{settings, **backend, clock, random};
  auto control =
      ControlServer::Start(settings.store.data, [&](const VerbCall& call, Output& output) {
        const int code = run_verb(call, access, output);
        service.SetLibraryRoots(
            media::LoadLibraryRoots(settings.store.data));  // a scan may have added one
        return code;
      });
  if (!control) return Refuse(control.error());
  const auto bound = server->Start();
  if (!bound) return Refuse(bound.error());
  events_stop->ThreadsRun();
  phase = api::Phase::kServing;

  std::printf("listening on %s\n", PrintableAddress(*bound).c_str());
  std::fflush(stdout);
  Log(LogLevel::kInfo, "serving",
      {{"version", POPRADIO_VERSION},
       {"songs", (*backend)->catalogue().Current()->active_songs().size()},
       {"data", settings.store.data},
       {"admin_token_in",
        token->kept_in.empty() ? std::string_view("settings") : std::string_view(token->kept_in)},
       {"threads", http_options.threads},
       {"connections", http_options.max_connections}});

  signals.run();
  Log(LogLevel::kInfo, "stopping");
  phase = api::Phase::kStopping;
  events_stop.reset();
  server->Stop(kRequestGrace);
  control->reset();
  conductor_stop.Now();
  const auto closed = (*backend)->Close();
  if (!closed) {
    Log(LogLevel::kError, "the store did not close cleanly", {{"reason", closed.error().message}});
    return 1;
  }
  Log(LogLevel::kInfo, "stopped");
  return 0;
}

}  // namespace popradio::app
