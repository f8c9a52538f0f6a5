#pragma once

#include <optional>

#include "http/response.h"
#include "store/rate_limit_store.h"

namespace popradio::api {

// RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers, structured fields) for the
// decisions that were made; nothing when nothing was limited. The route's own limit comes first.
//   RateLimit-Policy: "like";q=100;w=3600, "api";q=1000;w=3600
//   RateLimit: "like";r=99;t=3600, "api";r=998;t=3540
void AddLimitHeaders(const std::optional<store::LimitDecision>& route,
                     const std::optional<store::LimitDecision>& api, http::Response& response);

}  // namespace popradio::api
