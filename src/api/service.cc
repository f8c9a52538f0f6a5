#include "api/service.h"

#include "api/handlers.h"
#include "api/json_body.h"
#include "api/limit_headers.h"
#include "api/pages.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/log.h"

namespace popradio::api {
namespace {

using http::Method;

// What is below "/v1" or "/api" ("/songs"), nothing when the path is neither.
std::optional<std::string_view> ApiPath(std::string_view path) {
  for (const std::string_view base : {std::string_view("/v1"), std::string_view("/api")}) {
    if (path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/')) {
      return path.substr(base.size());
    }
  }
  return std::nullopt;
}

bool IsWrite(Method method) {
  return method == Method::kPost || method == Method::kPut || method == Method::kPatch ||
         method == Method::kDelete;
}

void FindClient(const Station& station, Call& call) {
  call.address = http::ClientAddress(call.request, station.options.trusted_proxies);
  call.address_subject = {store::LimitSubject::Kind::kAddress,
                          http::LimitKey::Of(call.address).bytes};
  if (!http::IsLoopback(call.address) && !station.options.trusted_proxies.Contains(call.address)) {
    call.voter = call.address_subject.bytes;
  }
}

Result<void> FindSession(Station& station, Call& call) {
  std::string_view sent;
  std::size_t count = 0;
  for (const http::HeaderField& field : call.request.headers()) {
    if (field.name.size() != 12 || !http::EqualsIgnoreCase(field.name, "X-Session-Id")) continue;
    sent = field.value;
    ++count;
  }
  if (!sent.empty() || count > 1) {
    const auto session = SessionId::Parse(sent);
    if (!session || count > 1) {
      return Fail(ErrorCode::kInvalidSession,
                  "X-Session-Id must be a UUID, like 3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a17.");
    }
    call.session = *session;
    call.session_sent = true;
  } else {
    call.session = SessionId::Make(station.parts.random);
  }
  return {};
}

// A minted session is not stored for a reader, who may never come back with it; a writer's is.
void NoteActivity(Station& station, Call& call) {
  if (!call.session_sent && !IsWrite(call.request.method)) return;
  // Forgetting somebody must not begin by remembering them.
  if (call.route->handler == &ForgetMySession) return;
  if (!call.thread.seen.DueActivity(call.session, call.steady)) return;
  station.parts.backend.sessions().Touch(call.session, call.now);
  station.parts.backend.analytics().Visit(call.session, call.now);
}

void Finish(Station& station, Call& call) {
  http::Response& response = call.response;
  const Area area = call.route == nullptr ? Area::kApi : call.route->area;
  if (area == Area::kMedia) {
    response.AddRawHeaders(station.media_headers);
    if (response.status >= 400) response.AddRawHeaders("Cache-Control: no-store\r\n");
    return;
  }
  response.AddRawHeaders(station.api_headers);
  response.AddRawHeaders(call.cacheable ? "Cache-Control: private, no-cache\r\n"
                                        : "Cache-Control: no-store\r\n");
  if (area == Area::kApi) {
    char line[] = "X-Session-Id: 00000000-0000-0000-0000-000000000000\r\n";
    call.session.ToString(line + 14);
    response.AddRawHeaders({line, sizeof line - 1});
    AddLimitHeaders(call.route_decision, call.api_decision, response);
    station.origins.AddHeaders(call.request, response);
  }
}

void Count(Station& station, Call& call) {
  const std::size_t route = call.route == nullptr
                                ? Routes().size()
                                : static_cast<std::size_t>(call.route - Routes().data());
  const int status = call.response.status / 100;
  call.thread.answers[route][static_cast<std::size_t>(status < 6 ? status : 5)].Add();
  // What was answered at once took no millisecond, and needs no look at the clock.
  const Millis took = call.at_once ? Millis(0) : station.parts.clock.Steady() - call.steady;
  call.thread.latencies.Record(took.count());
}

void Refuse(Call& call, const Error& error) {
  WriteError(error, call.response);
  // Only what is ours to mend is worth a line. A store that is away says so once by itself, and not
  // with every request that it refuses.
  if (call.response.status == 500) {
    Log(LogLevel::kError, "request failed",
        {{"request", call.request.id},
         {"path", call.request.path},
         {"session", call.session.Short()},
         {"reason", error.message}});
  }
}

void WriteMethodNotAllowed(std::string_view allow, http::Response& response) {
  response.AddHeader("Allow", allow);
  WriteError(405, "method_not_allowed",
             std::string("This path knows ").append(allow).append(" only."), response);
}

// Everything that can be settled without waiting. `kWait`: the API limit has to be asked for.
enum class Admission { kAnswered, kWait, kAdmitted };

Admission AdmitApi(Station& station, Call& call, std::string_view path) {
  http::Request& request = call.request;
  call.match = station.api_router.Match(request.method, path);
  using Kind = http::RouteMatch::Kind;
  if (call.match.kind == Kind::kFound) call.route = station.api_routes[call.match.index];
  const bool media = path.starts_with("/media/");

  if (request.method == Method::kOptions && !call.match.allow.empty()) {
    station.origins.AnswerPreflight(request, call.match.allow, call.response);
    call.response.AddRawHeaders(media ? station.media_headers : station.api_headers);
    return Admission::kAnswered;
  }
  if (media) return Admission::kAdmitted;
  if (const auto session = FindSession(station, call); !session) {
    call.session = SessionId::Make(station.parts.random);
    Refuse(call, session.error());
    Finish(station, call);
    return Admission::kAnswered;
  }
  if (IsWrite(request.method) && station.origins.IsCrossSiteWrite(request)) {
    Refuse(call,
           Error(ErrorCode::kCrossSite, "Requests from other sites may not change anything here."));
    Finish(station, call);
    return Admission::kAnswered;
  }
  if (station.options.limits.limit(store::LimitAction::kApi) == 0) return Admission::kAdmitted;
  const store::Charge charge[] = {{store::LimitAction::kApi, call.address_subject}};
  call.api_decision = station.parts.backend.limits().TakeNow(charge);
  return call.api_decision ? Admission::kAdmitted : Admission::kWait;
}

// What is known by now to be no call of a handler. True when it is answered.
bool RefuseEarly(Call& call) {
  using Kind = http::RouteMatch::Kind;
  if (call.api_decision && !call.api_decision->allowed) {
    const int retry = call.api_decision->retry_after_s;
    Refuse(call, Error(ErrorCode::kRateLimited, RateLimitSentence(retry), retry));
  } else if (call.match.kind == Kind::kMethodNotAllowed) {
    WriteMethodNotAllowed(call.match.allow, call.response);
  } else if (call.match.kind == Kind::kNotFound) {
    Refuse(call, Error(ErrorCode::kNotFound, "There is no such path."));
  } else if (!call.request.body.empty() && IsWrite(call.request.method) && !IsJson(call.request)) {
    Refuse(call, Error(ErrorCode::kUnsupportedMedia, "The body must be application/json."));
  } else {
    return false;
  }
  return true;
}

Task<Result<void>> CallHandler(Station& station, Call& call) {
  if (call.route->auth == Auth::kCurator) {
    auto allowed = co_await station.admin.Check(station, call);
    if (!allowed) co_return allowed;
  }
  co_return co_await call.route->handler(station, call);
}

}  // namespace

Service::Service(ServiceParts parts) : station_(std::make_unique<Station>(std::move(parts))) {}
Service::~Service() = default;

void Service::StartEvents(const std::vector<boost::asio::io_context*>& threads,
                          boost::asio::io_context& background) {
  Station& station = *station_;
  station.hub = std::make_unique<realtime::Hub>(threads, station.parts.clock, station.parts.random);
  station.feed = std::make_shared<RadioFeed>(station, *station.hub, background);
  station.feed->Start();
  if (store::NodeBus* bus = station.parts.backend.bus()) {
    station.link = std::make_shared<NodeLink>(station, *bus, background);
    station.link->Start();
  }
}

void Service::StopEvents(bool threads_run) {
  constexpr Millis kPatience{2'000};
  if (!station_->hub) return;
  if (station_->link) station_->link->Stop();
  station_->feed->Stop();
  if (threads_run && !station_->hub->Stop(kPatience)) {
    Log(LogLevel::kWarn, "an I/O thread was too busy to close its event streams");
  }
}

void Service::SetLibraryRoots(std::vector<std::string> roots) {
  station_->library_roots.Store(std::make_shared<const std::vector<std::string>>(std::move(roots)));
}

http::BodyRule Service::BodyLimitFor(const http::Request& head) {
  const auto path = ApiPath(head.path);
  if (!path) return {};
  const http::RouteMatch match = station_->api_router.Match(head.method, *path);
  if (match.kind != http::RouteMatch::Kind::kFound) return {};
  const Route& route = *station_->api_routes[match.index];
  // Nobody fills our memory before having shown the token.
  const bool trusted =
      route.auth != Auth::kCurator || station_->admin.Accepts(head.Header("Authorization"));
  return {trusted ? route.max_body : kSmallBody};
}

Task<void> Service::Handle(http::Request& request, http::Response& response) {
  Station& station = *station_;
  Call call(request, response, *station.threads[request.thread]);
  call.now = station.parts.clock.Now();
  call.steady = station.parts.clock.Steady();

  const auto path = ApiPath(request.path);
  if (!path) {
    call.match = station.root_router.Match(request.method, request.path);
    if (request.path == "*") {  // OPTIONS of the server as a whole
      call.response.status = 204;
      call.response.AddHeader("Allow", "GET, HEAD, POST, PATCH, DELETE, OPTIONS");
      Count(station, call);
      co_return;
    }
    if (call.match.kind == http::RouteMatch::Kind::kNotFound) {
      ServePage(station, call);
      Count(station, call);
      co_return;
    }
    if (call.match.kind == http::RouteMatch::Kind::kFound) {
      call.route = station.root_routes[call.match.index];
      auto result = co_await call.route->handler(station, call);
      if (!result) Refuse(call, result.error());
    } else if (request.method == Method::kOptions) {
      call.response.status = 204;
      call.response.AddHeader("Allow", call.match.allow);
    } else {
      WriteMethodNotAllowed(call.match.allow, response);
    }
    if (!call.page) Finish(station, call);
    Count(station, call);
    co_return;
  }

  FindClient(station, call);
  const Admission admission = AdmitApi(station, call, *path);
  if (admission == Admission::kAnswered) {
    Count(station, call);
    co_return;
  }
  if (admission == Admission::kWait) {
    const store::Charge charge[] = {{store::LimitAction::kApi, call.address_subject}};
    // A limiter that is away must not silence the station: what can be read is read, and what must
    // be written will fail by itself.
    if (auto waited = co_await station.parts.backend.limits().Take(charge))
      call.api_decision = *waited;
  }
  if (!RefuseEarly(call)) {
    if (call.route->area == Area::kApi) NoteActivity(station, call);
    call.at_once = call.route->quick != nullptr && call.route->quick(station, call);
    if (!call.at_once) {
      auto result = co_await CallHandler(station, call);
      if (!result) Refuse(call, result.error());
    }
  }
  Finish(station, call);
  Count(station, call);
}

void Service::RenderError(int status, std::string_view code, std::string_view sentence,
                          http::Response& response) {
  WriteError(status, code, sentence, response);
  response.AddRawHeaders(station_->api_headers);
  response.AddRawHeaders("Cache-Control: no-store\r\n");
}

}  // namespace popradio::api
