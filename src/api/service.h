#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "http/client_address.h"
#include "http/handler.h"
#include "http/server_stats.h"
#include "http/static_files.h"
#include "media/ffmpeg.h"
#include "realtime/conductor.h"
#include "store/backend.h"

namespace popradio::api {

using popradio::ParseSkipPolicy;
using popradio::SkipPolicy;

// What the settings say; see docs for each. Checked by whoever reads them, so taken as they are.
struct ServiceOptions {
  std::string version = POPRADIO_VERSION;
  std::size_t threads = 1;                    // http.threads: Request::thread is below it
  std::string public_url;                     // http.public_url: "https://radio.example", or empty
  std::string media_base_url = "/api/media";  // media.base_url, without a slash at its end
  std::vector<std::string> allowed_origins;   // http.allowed_origins; "*" allows every one
  http::TrustedProxies trusted_proxies;       // http.trusted_proxies
  store::LimitTable limits;                   // the same table that the store was opened with
  int comment_ttl_days = 30;                  // comments.ttl_days
  SkipPolicy skip = SkipPolicy::kVote;        // radio.skip, until the curator says otherwise
  int quorum_per_address = 5;                 // radio.quorum_per_address
  std::string admin_token;                    // admin.token, never empty
  std::vector<std::string> library_roots;     // folders beneath which media may be opened
  std::string cover_folder;                   // beneath one of them, for smaller covers; or empty
};

// What readiness depends on beside the stores.
enum class Phase : std::uint8_t { kStarting, kServing, kStopping };

// What the service works with. Everything named by reference must outlive it.
struct ServiceParts {
  store::Backend& backend;
  realtime::Conductor& conductor;
  const Clock& clock;
  Random& random;                  // credentials are drawn from it: SystemRandom outside tests
  const http::StaticFiles& pages;  // the web app, /openapi.json and /docs
  ServiceOptions options;
  std::function<http::ServerStats()> server_stats;  // for /metrics; may be empty
  std::function<Phase()> phase;                     // for /health/ready; empty: always serving
  media::MediaTool* media_tool = nullptr;           // null: covers come in one size
};

struct Station;

// The station's HTTP interface: the route table and what comes before each route. One instance
// serves all I/O threads; reads take no lock that a write holds.
class Service final : public http::Handler {
 public:
  explicit Service(ServiceParts parts);
  ~Service() override;

  // Begins to serve GET /radio/events: `threads[i]` is the io_context of Request::thread i, and
  // `background` one that a single thread runs, for what makes the events. Before the conductor
  // starts and the first request comes.
  void StartEvents(const std::vector<boost::asio::io_context*>& threads,
                   boost::asio::io_context& background);
  // Closes every stream on its thread, while the io_contexts still run; not from one of them. Where
  // they never ran there are no streams to close.
  void StopEvents(bool threads_run);

  // The folders beneath which media may be opened, when a scan has added one. Any thread.
  void SetLibraryRoots(std::vector<std::string> roots);

  http::BodyRule BodyLimitFor(const http::Request& head) override;
  Task<void> Handle(http::Request& request, http::Response& response) override;
  // The document's envelope for what the connection itself refuses.
  void RenderError(int status, std::string_view code, std::string_view sentence,
                   http::Response& response) override;

 private:
  std::unique_ptr<Station> station_;
};

// The route table as JSON, an array of {"method","path","auth","limits","doc"}, in the spelling of
// api/openapi.yaml ("/songs/{songId}", without the base path): for `popradio routes --json`, and
// for the test that compares both.
std::string RoutesAsJson();

}  // namespace popradio::api
