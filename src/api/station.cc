#include "api/station.h"

#include "api/limit_headers.h"
#include "api/reply.h"
#include "api/security_headers.h"
#include "http/compress.h"
#include "http/conditional.h"

namespace popradio::api {
namespace {

std::vector<const Route*> RoutesOf(bool root) {
  std::vector<const Route*> routes;
  for (const Route& route : Routes()) {
    if ((route.area == Area::kRoot) == root) routes.push_back(&route);
  }
  return routes;
}

http::Router RouterOf(const std::vector<const Route*>& routes) {
  std::vector<http::RoutePattern> patterns;
  for (const Route* route : routes) patterns.push_back({route->method, route->pattern});
  return http::Router(patterns);
}

// An array and not a vector: a request charges at most as much as its route names.
struct Charges {
  std::array<store::Charge, 2> charge;
  std::size_t count = 0;
  std::span<const store::Charge> span() const { return {charge.data(), count}; }
};

Charges ChargesOf(const Station& station, const Call& call) {
  Charges charges;
  for (const auto& action : call.route->limits) {
    if (!action || station.options.limits.limit(*action) == 0) continue;
    store::LimitSubject subject = call.address_subject;
    if (*action == store::LimitAction::kSessionLike) {
      subject = {store::LimitSubject::Kind::kSession, call.session.bytes()};
    }
    charges.charge[charges.count++] = {*action, subject};
  }
  return charges;
}

}  // namespace

Station::Station(ServiceParts given)
    : parts(std::move(given)),
      options(parts.options),
      urls(options.media_base_url, options.public_url),
      origins(options.allowed_origins, options.public_url),
      admin(options.admin_token),
      secret(parts.backend.StationSecret()),
      api_router(RouterOf(RoutesOf(false))),
      root_router(RouterOf(RoutesOf(true))),
      api_routes(RoutesOf(false)),
      root_routes(RoutesOf(true)),
      presence(options.quorum_per_address),
      ballot(presence, options.quorum_per_address),
      orders(parts.backend.engagement(), parts.clock),
      library_roots(std::make_shared<const std::vector<std::string>>(options.library_roots)),
      small_covers(parts.clock, parts.media_tool, options.cover_folder),
      api_headers(ApiHeaders(options.public_url)),
      page_headers(PageHeaders(options.public_url)),
      embed_headers(EmbedHeaders(options.public_url)),
      media_headers(MediaHeaders()) {
  for (std::size_t i = 0; i < std::max<std::size_t>(options.threads, 1); ++i) {
    threads.push_back(std::make_unique<ThreadState>(Routes().size()));
  }
}

const RenderedPtr& Station::Rendered(ThreadState& thread) {
  store::CatalogueStore& catalogue = parts.backend.catalogue();
  const std::uint64_t version = catalogue.Version();
  if (thread.rendered_version == version && thread.rendered) return thread.rendered;
  const std::lock_guard lock(render_mutex_);
  if (rendered_version_ != version || !rendered_) {
    rendered_ = std::make_shared<const RenderedCatalogue>(catalogue.Current(), urls);
    rendered_version_ = version;
  }
  thread.rendered = rendered_;
  thread.rendered_version = version;
  return thread.rendered;
}

const realtime::OnAir& Station::OnAir(ThreadState& thread) {
  const std::uint64_t version = parts.conductor.Version();
  if (thread.on_air_version != version || !thread.on_air) {
    thread.on_air = parts.conductor.Now();
    thread.on_air_version = version;
  }
  return *thread.on_air;
}

Task<Result<void>> ReadNumbers(Station& station, const SessionId* session,
                               const std::vector<Target>& targets,
                               std::vector<store::Engagement>& numbers) {
  numbers.resize(targets.size());
  if (station.engagement().ReadNow(session, targets, numbers)) co_return Result<void>();
  co_return co_await station.engagement().Read(session, targets, numbers);
}

Task<Result<CataloguePtr>> UpdateCatalogue(Station& station, store::CatalogueStore::Edit edit) {
  auto catalogue = co_await station.parts.backend.catalogue().Update(std::move(edit));
  // The change is durable whatever the radio says; it tries again by itself.
  if (catalogue) (void)co_await station.parts.conductor.CatchUp();
  co_return catalogue;
}

Task<Result<void>> ChargeRoute(Station& station, Call& call) {
  const Charges charges = ChargesOf(station, call);
  if (charges.count == 0) co_return Result<void>();
  auto decision = station.parts.backend.limits().TakeNow(charges.span());
  if (!decision) {
    auto waited = co_await station.parts.backend.limits().Take(charges.span());
    if (!waited) co_return Fail(waited.error());
    decision = *waited;
  }
  call.route_decision = decision;
  if (decision->allowed) co_return Result<void>();
  co_return Fail(ErrorCode::kRateLimited, RateLimitSentence(decision->retry_after_s),
                 decision->retry_after_s);
}

void RefundRoute(Station& station, Call& call) {
  const Charges charges = ChargesOf(station, call);
  if (charges.count == 0) return;
  station.parts.backend.limits().Refund(charges.span());
  if (call.route_decision && call.route_decision->remaining < call.route_decision->limit) {
    ++call.route_decision->remaining;
  }
}

void AnswerWithEtag(Call& call) {
  call.cacheable = true;
  http::Response& response = call.response;
  constexpr char kHex[] = "0123456789abcdef";
  // Weak: the same content may be sent in several codings.
  char tag[] = "W/\"0000000000000000\"";
  std::uint64_t hash = HashBytes(response.body.data(), response.body.size());
  for (int i = 18; i > 2; --i, hash >>= 4) tag[i] = kHex[hash & 15];
  response.AddHeader("ETag", tag);
  if (http::EvaluateConditions(call.request, tag) == http::Precondition::kNotModified) {
    response.status = 304;
    response.body.clear();
  }
}

void FinishList(Call& call) {
  call.response.content_type = kJsonType;
  AnswerWithEtag(call);
  if (call.response.status == 200) http::CompressBody(call.request, call.response);
}

Result<ObjectId> IdParam(const Call& call, std::size_t i, std::string_view what) {
  const auto id = ObjectId::Parse(call.param(i));
  if (id) return *id;
  return Fail(ErrorCode::kInvalidId,
              std::string("A ").append(what).append(" id has 24 hexadecimal digits."));
}

Result<Catalogue::Index> ActiveSong(const Call& call, const Catalogue& catalogue) {
  const auto id = IdParam(call, 0, "song");
  if (!id) return Fail(id.error());
  const auto song = catalogue.FindSong(*id);
  if (!song || !catalogue.songs()[*song].is_active) {
    return Fail(ErrorCode::kSongNotFound, "There is no such song.");
  }
  return *song;
}

Result<Catalogue::Index> ActivePlaylist(const Call& call, const Catalogue& catalogue) {
  const auto id = IdParam(call, 0, "playlist");
  if (!id) return Fail(id.error());
  const auto playlist = catalogue.FindPlaylist(*id);
  if (!playlist || !catalogue.playlists()[*playlist].is_active) {
    return Fail(ErrorCode::kPlaylistNotFound, "There is no such playlist.");
  }
  return *playlist;
}

}  // namespace popradio::api
