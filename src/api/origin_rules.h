#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace popradio::api {

// Which other sites may use the API from a browser: the setting http.allowed_origins, and the
// station's own public address. Everything else is same-origin only. Immutable.
class OriginRules {
 public:
  OriginRules(const std::vector<std::string>& allowed, std::string_view public_url);

  bool Allows(std::string_view origin) const;

  // Whether a write comes from a page of another site (https://www.w3.org/TR/fetch-metadata/): a
  // browser says so in Sec-Fetch-Site, whatever a proxy does to Host. Only where it is silent,
  // Origin is compared with Host. Programs that are no browsers send neither.
  bool IsCrossSiteWrite(const http::Request& request) const;

  // The CORS headers of an answer to an allowed origin. Vary: Origin wherever the answer depends on
  // it.
  void AddHeaders(const http::Request& request, http::Response& response) const;
  // Answers a preflight (204), `allow` being the path's methods.
  void AnswerPreflight(const http::Request& request, std::string_view allow,
                       http::Response& response) const;

 private:
  std::vector<std::string> allowed_;  // lower case
  bool any_ = false;
};

// "https://radio.example" of "HTTPS://Radio.example/path": lower case, without a path.
std::string OriginOf(std::string_view url);

}  // namespace popradio::api
