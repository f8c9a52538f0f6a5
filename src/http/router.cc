#include "http/router.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace popradio::http {
namespace {

constexpr std::size_t kMethods = static_cast<std::size_t>(Method::kOther);
constexpr int kNoRoute = -1;

// The segment at the front of `rest` ("/songs/1" → "songs"), which is cut off.
std::string_view TakeSegment(std::string_view& rest) {
  rest.remove_prefix(1);  // the slash
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

[[noreturn]] void Reject(std::string_view pattern, const char* why) {
  throw std::invalid_argument("route " + std::string(pattern) + " " + why);
}

}  // namespace

// One place in the tree of segments; its routes are those that end here.
struct Router::Node {
  std::vector<std::pair<std::string_view, std::unique_ptr<Node>>> literals;
  std::unique_ptr<Node> parameter;
  std::array<int, kMethods> routes;
  std::string allow;  // empty: no route ends here

  Node() { routes.fill(kNoRoute); }

  int RouteFor(Method method) const {
    if (method == Method::kOther) return kNoRoute;
    const int route = routes[static_cast<std::size_t>(method)];
    if (route == kNoRoute && method == Method::kHead)
      return routes[static_cast<std::size_t>(Method::kGet)];
    return route;
  }
  void ComposeAllow() {
    allow.clear();
    for (const Method method : {Method::kGet, Method::kHead, Method::kPost, Method::kPut,
                                Method::kPatch, Method::kDelete}) {
      if (RouteFor(method) != kNoRoute) allow.append(MethodName(method)).append(", ");
    }
    allow.append("OPTIONS");
  }
};

Router::Router(std::span<const RoutePattern> table) : root_(std::make_unique<Node>()) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string_view pattern = table[i].pattern;
    if (!pattern.starts_with('/')) Reject(pattern, "does not begin with a slash");
    Node* node = root_.get();
    std::string_view rest = pattern;
    std::size_t params = 0, segments = 0;
    while (!rest.empty()) {
      const std::string_view segment = TakeSegment(rest);
      if (++segments > kMaxPathSegments) Reject(pattern, "has too many segments");
      if (segment.starts_with(':')) {
        if (++params > kMaxRouteParams) Reject(pattern, "has too many parameters");
        if (!node->parameter) node->parameter = std::make_unique<Node>();
        node = node->parameter.get();
        continue;
      }
      auto found = std::find_if(node->literals.begin(), node->literals.end(),
                                [&](const auto& literal) { return literal.first == segment; });
      if (found == node->literals.end()) {
        node->literals.emplace_back(segment, std::make_unique<Node>());
        found = std::prev(node->literals.end());
      }
      node = found->second.get();
    }
    if (table[i].method == Method::kOther) Reject(pattern, "has no method");
    int& route = node->routes[static_cast<std::size_t>(table[i].method)];
    if (route != kNoRoute) Reject(pattern, "is there twice");
    route = static_cast<int>(i);
    node->ComposeAllow();
  }
}

Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

// Depth first, literals before parameters; `match` collects parameters on the way down and keeps
// the first node that has routes, but not for this method.
bool Router::Find(const Node& node, Method method, std::string_view rest, RouteMatch& match) {
  if (rest.empty()) {
    if (node.allow.empty()) return false;
    if (match.allow.empty()) {
      match.kind = RouteMatch::Kind::kMethodNotAllowed;
      match.allow = node.allow;
    }
    const int route = node.RouteFor(method);
    if (route == kNoRoute) return false;
    match.kind = RouteMatch::Kind::kFound;
    match.index = static_cast<std::size_t>(route);
    return true;
  }
  const std::string_view segment = TakeSegment(rest);
  for (const auto& [literal, child] : node.literals) {
    if (literal == segment) {
      if (Find(*child, method, rest, match)) return true;
      break;
    }
  }
  if (!node.parameter || segment.empty() || match.param_count == kMaxRouteParams) return false;
  match.params[match.param_count++] = segment;
  if (Find(*node.parameter, method, rest, match)) return true;
  --match.param_count;
  return false;
}

RouteMatch Router::Match(Method method, std::string_view path) const {
  RouteMatch match;
  // Recursion ends with the patterns' depth, whatever the path looks like.
  if (path.starts_with('/')) Find(*root_, method, path, match);
  return match;
}

}  // namespace popradio::http
