#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string_view>

#include "api/route_table.h"
#include "base/clock.h"
#include "base/ids.h"
#include "domain/skip_vote.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "store/rate_limit_store.h"

namespace popradio::api {

struct ThreadState;

// One request on its way through the service: what was found out about it before its handler runs.
struct Call {
  Call(http::Request& asked, http::Response& answer, ThreadState& state)
      : request(asked), response(answer), thread(state) {}

  http::Request& request;
  http::Response& response;
  ThreadState& thread;  // of the I/O thread; never across a co_await
  const Route* route = nullptr;
  http::RouteMatch match;

  Instant now;  // when the request was taken up
  Millis steady{0};

  boost::asio::ip::address address;  // the client's, behind trusted proxies too
  store::LimitSubject address_subject;
  VoterAddress voter;  // none for loopback

  SessionId session;
  bool session_sent = false;  // the request named it; otherwise it was minted

  bool cacheable =
      false;  // the handler answered with an ETag: private, no-cache instead of no-store

  bool at_once = false;  // answered by the route's quick handler
  bool page = false;     // a page for people: its headers are set already

  // What was decided about the API limit and about the route's own.
  std::optional<store::LimitDecision> api_decision, route_decision;

  std::string_view param(std::size_t i) const { return match.params[i]; }
  // For reads: what a minted session likes is known without asking.
  const SessionId* reader() const { return session_sent ? &session : nullptr; }
};

}  // namespace popradio::api
