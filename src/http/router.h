#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace popradio::http {

struct RoutePattern {
  Method method;
  std::string_view pattern;  // "/songs/:id/like"; on static storage
};

// The outcome of Router::Match.
struct RouteMatch {
  enum class Kind : std::uint8_t { kFound, kNotFound, kMethodNotAllowed };
  Kind kind = Kind::kNotFound;
  std::size_t index = 0;  // into the table, when found
  // The ":name" segments in order, raw, never empty; views into the path.
  std::array<std::string_view, kMaxRouteParams> params;
  std::size_t param_count = 0;
  // For kMethodNotAllowed (and for OPTIONS on a known path): "GET, HEAD, OPTIONS". Lives as long as
  // the Router.
  std::string_view allow;
};

// Finds the route of a request in a table of patterns. Literal segments win over parameters:
// "/songs/popular" before "/songs/:id". HEAD follows GET. No trailing slash is forgiven, no empty
// segment matches a parameter. Matching allocates nothing and is safe on any thread.
class Router {
 public:
  // Throws std::invalid_argument for two routes of one method and pattern, for a pattern that does
  // not begin with "/", and beyond kMaxRouteParams or kMaxPathSegments: the table is ours, so that
  // is a bug.
  explicit Router(std::span<const RoutePattern> table);
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  RouteMatch Match(Method method, std::string_view path) const;

 private:
  struct Node;
  static bool Find(const Node& node, Method method, std::string_view rest, RouteMatch& match);
  std::unique_ptr<Node> root_;
};

}  // namespace popradio::http
