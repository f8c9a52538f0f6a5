#include "api/origin_rules.h"

#include <algorithm>

namespace popradio::api {
namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

constexpr std::string_view kExposed =
    "Access-Control-Expose-Headers: X-Session-Id, X-Request-Id, RateLimit, RateLimit-Policy, "
    "Retry-After\r\n";

}  // namespace

std::string OriginOf(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t end = scheme == std::string_view::npos ? url.size() : url.find('/', scheme + 3);
  return Lower(url.substr(0, end));
}

OriginRules::OriginRules(const std::vector<std::string>& allowed, std::string_view public_url) {
  for (const std::string& origin : allowed) {
    if (origin == "*") {
      any_ = true;
    } else {
      allowed_.push_back(OriginOf(origin));
    }
  }
  if (!public_url.empty()) allowed_.push_back(OriginOf(public_url));
}

bool OriginRules::Allows(std::string_view origin) const {
  if (origin.empty() || origin == "null") return false;
  return any_ || std::find(allowed_.begin(), allowed_.end(), Lower(origin)) != allowed_.end();
}

bool OriginRules::IsCrossSiteWrite(const http::Request& request) const {
  const std::string_view origin = request.Header("Origin");
  const std::string_view site = request.Header("Sec-Fetch-Site");
  if (!site.empty()) return site == "cross-site" && !Allows(origin);
  if (origin.empty() || Allows(origin)) return false;
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ||  // "null", from a sandbox
         !http::EqualsIgnoreCase(origin.substr(scheme + 3), request.host);
}

void OriginRules::AddHeaders(const http::Request& request, http::Response& response) const {
  if (allowed_.empty() && !any_) return;
  response.AddRawHeaders("Vary: Origin\r\n");
  const std::string_view origin = request.Header("Origin");
  if (!Allows(origin)) return;
  response.AddHeader("Access-Control-Allow-Origin", origin);
  response.AddRawHeaders(kExposed);
}

void OriginRules::AnswerPreflight(const http::Request& request, std::string_view allow,
                                  http::Response& response) const {
  response.status = 204;
  response.AddHeader("Allow", allow);
  AddHeaders(request, response);
  if (request.Header("Access-Control-Request-Method").empty() || !Allows(request.Header("Origin")))
    return;
  response.AddHeader("Access-Control-Allow-Methods", allow);
  response.AddRawHeaders(
      "Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key, X-Session-Id\r\n"
      "Access-Control-Max-Age: 7200\r\n");
}

}  // namespace popradio::api
