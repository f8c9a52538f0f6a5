#include "api/limit_headers.h"

#include <charconv>
#include <cstring>

namespace popradio::api {
namespace {

// Two lines at most, written without touching the heap: every counted answer carries them.
class Line {
 public:
  void Text(std::string_view text) {
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }
  void Number(int value) { end_ = std::to_chars(end_, end_ + 12, value).ptr; }
  std::string_view view() const { return {buffer_, static_cast<std::size_t>(end_ - buffer_)}; }

 private:
  char buffer_[256];
  char* end_ = buffer_;
};

void Policy(Line& line, const store::LimitDecision& decision) {
  line.Text("\"");
  line.Text(store::Name(decision.action));
  line.Text("\";q=");
  line.Number(decision.limit);
  line.Text(";w=");
  line.Number(store::WindowSeconds(decision.action));
}

void Left(Line& line, const store::LimitDecision& decision) {
  line.Text("\"");
  line.Text(store::Name(decision.action));
  line.Text("\";r=");
  line.Number(decision.allowed ? decision.remaining : 0);
  line.Text(";t=");
  line.Number(decision.allowed ? decision.reset_s : decision.retry_after_s);
}

}  // namespace

void AddLimitHeaders(const std::optional<store::LimitDecision>& route,
                     const std::optional<store::LimitDecision>& api, http::Response& response) {
  const bool has_route = route && route->limit > 0;
  const bool has_api = api && api->limit > 0;
  if (!has_route && !has_api) return;
  Line line;
  const auto both = [&](auto write) {
    if (has_route) write(line, *route);
    if (has_route && has_api) line.Text(", ");
    if (has_api) write(line, *api);
    line.Text("\r\n");
  };
  line.Text("RateLimit-Policy: ");
  both(Policy);
  line.Text("RateLimit: ");
  both(Left);
  response.AddRawHeaders(line.view());
}

}  // namespace popradio::api
