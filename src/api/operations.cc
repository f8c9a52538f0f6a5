#include <optional>

#include "api/handlers.h"
#include "api/metrics.h"
#include "api/pages.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/json_text.h"

namespace popradio::api {
namespace {

struct Part {
  std::string name;
  std::string_view state;        // "ok", "degraded", "down"
  std::optional<Instant> since;  // of a store: since when it has been so
};

// The stores, and the radio: a station with songs has one that plays at this moment.
std::vector<Part> PartsOf(Station& station, Instant now) {
  std::vector<Part> parts;
  for (const store::ServiceHealth& service : station.parts.backend.Health()) {
    parts.push_back({service.name, service.ok ? "ok" : "down", service.since});
  }
  const auto on_air = station.parts.conductor.Now();
  const Slot* playing = on_air->At(now);
  const bool silent = playing == nullptr || now >= playing->ends_at;
  const bool has_songs = !station.parts.backend.catalogue().Current()->active_songs().empty();
  parts.push_back({"radio", silent && has_songs ? "degraded" : "ok", {}});
  return parts;
}

bool AllOk(const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    if (part.state != "ok") return false;
  }
  return true;
}

void WriteProbe(Call& call, bool ok, std::string_view status) {
  std::string& out = call.response.body;
  out.assign("{");
  AppendField(out, "status", status);
  out.append(R"(,"timestamp":)");
  AppendTime(out, call.now);
  out += '}';
  call.response.status = ok ? 200 : 503;
  call.response.content_type = kJsonType;
  if (!ok) call.response.AddHeader("Retry-After", std::int64_t{kDefaultRetryAfterS});
}

}  // namespace

Task<Result<void>> GetHealth(Station& station, Call& call) {
  const std::vector<Part> parts = PartsOf(station, call.now);
  const bool ok = AllOk(parts);
  WriteProbe(call, ok, ok ? "ok" : "degraded");
  std::string& out = call.response.body;
  out.back() = ',';
  out.append(R"("services":{)");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += ',';
    AppendField(out, parts[i].name, parts[i].state);
  }
  out += '}';
  std::string since;
  for (const Part& part : parts) {
    if (part.state == "ok" || !part.since) continue;
    since.append(since.empty() ? "" : ",");
    AppendJsonString(since, part.name);
    since += ':';
    AppendTime(since, *part.since);
  }
  if (!since.empty()) out.append(R"(,"since":{)").append(since).append("}");
  out += '}';
  co_return Result<void>();
}

Task<Result<void>> GetLiveness(Station&, Call& call) {
  WriteProbe(call, true, "ok");
  co_return Result<void>();
}

Task<Result<void>> GetReadiness(Station& station, Call& call) {
  const Phase phase = station.parts.phase ? station.parts.phase() : Phase::kServing;
  if (phase == Phase::kStarting) {
    WriteProbe(call, false, "starting");
  } else if (phase == Phase::kStopping) {
    WriteProbe(call, false, "stopping");
  } else {
    // With a part away this node still reads from memory and plays: no reason to send people to
    // another one, which has lost the same part.
    WriteProbe(call, true, AllOk(PartsOf(station, call.now)) ? "ok" : "degraded");
  }
  co_return Result<void>();
}

Task<Result<void>> GetMetrics(Station& station, Call& call) {
  call.response.body = MetricsText(station);
  call.response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  co_return Result<void>();
}

Task<Result<void>> GetDescription(Station& station, Call& call) {
  if (ServeFileOf(station, call, "/openapi.json")) {
    call.response.AddRawHeaders("Access-Control-Allow-Origin: *\r\n");
    co_return Result<void>();
  }
  co_return Fail(ErrorCode::kNotFound, "This program was built without the API's description.");
}

Task<Result<void>> GetDocs(Station& station, Call& call) {
  if (ServeFileOf(station, call, "/docs")) co_return Result<void>();
  co_return Fail(ErrorCode::kNotFound, "This program was built without the API's page.");
}

}  // namespace popradio::api
