#pragma once

#include <array>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/admin_auth.h"
#include "api/call.h"
#include "api/media_urls.h"
#include "api/node_link.h"
#include "api/origin_rules.h"
#include "api/radio_feed.h"
#include "api/reaction_limit.h"
#include "api/rendered_catalogue.h"
#include "api/service.h"
#include "api/small_covers.h"
#include "api/song_orders.h"
#include "api/thread_state.h"
#include "base/published.h"
#include "http/router.h"
#include "realtime/ballot.h"
#include "realtime/hub.h"
#include "realtime/presence.h"

namespace popradio::api {

// What all handlers work with: the parts the service was given, and what is kept between requests.
// Thread-safe, except for the ThreadStates, each of which belongs to its thread.
struct Station {
  explicit Station(ServiceParts given);

  // The rendering of the present catalogue. The reference holds until the thread's next request;
  // copy the pointer before a co_await.
  const RenderedPtr& Rendered(ThreadState& thread);
  // What is on the air, kept per thread until it changes.
  const realtime::OnAir& OnAir(ThreadState& thread);

  store::EngagementStore& engagement() { return parts.backend.engagement(); }

  ServiceParts parts;
  const ServiceOptions& options;
  MediaUrls urls;
  OriginRules origins;
  AdminAuth admin;
  std::string secret;  // author names are keyed by it
  http::Router api_router, root_router;
  std::vector<const Route*> api_routes, root_routes;  // by the index of a match
  realtime::Presence presence;
  realtime::Ballot ballot;
  ReactionLimit reaction_limit;
  SongOrderCache orders;
  Published<std::vector<std::string>> library_roots;
  SmallCovers small_covers;
  std::vector<std::unique_ptr<ThreadState>> threads;
  // Set by Service::StartEvents() before the first request; null in a service without events.
  std::unique_ptr<realtime::Hub> hub;
  std::shared_ptr<RadioFeed> feed;
  std::shared_ptr<NodeLink> link;  // null where the station has one node only

  // Complete header lines, composed once.
  std::string api_headers, page_headers, embed_headers, media_headers;

 private:
  std::mutex render_mutex_;  // one renders, the others wait for it
  RenderedPtr rendered_;
  std::uint64_t rendered_version_ = 0;

 public:
  // For what takes longer than an I/O thread may be away (importing, exporting); one at a time.
  // Last to be made and first to go, as its work uses the rest.
  boost::asio::thread_pool helper{1};
};

// Reads numbers for `targets`, waiting if it must. `numbers` is resized to them.
Task<Result<void>> ReadNumbers(Station& station, const SessionId* session,
                               const std::vector<Target>& targets,
                               std::vector<store::Engagement>& numbers);

// Changes the catalogue, and resumes when the radio knows it too: what was taken off the air is off
// it when the curator gets the answer.
Task<Result<CataloguePtr>> UpdateCatalogue(Station& station, store::CatalogueStore::Edit edit);

// Charges what the route limits beside the API limit. kRateLimited with the document's sentence.
Task<Result<void>> ChargeRoute(Station& station, Call& call);
// Gives that back: the request was refused afterwards.
void RefundRoute(Station& station, Call& call);

// Marks the body as cacheable by a weak ETag of it, and makes it a 304 when the client has it.
void AnswerWithEtag(Call& call);
// The same, then compresses it if the client takes that: for lists.
void FinishList(Call& call);

// The id in the path: kInvalidId names it. Then whether it is an active song or playlist.
Result<ObjectId> IdParam(const Call& call, std::size_t i, std::string_view what);
Result<Catalogue::Index> ActiveSong(const Call& call, const Catalogue& catalogue);
Result<Catalogue::Index> ActivePlaylist(const Call& call, const Catalogue& catalogue);

}  // namespace popradio::api
