#include "api/pages.h"

#include <array>

#include "api/reply.h"
#include "api/station.h"
#include "http/static_files.h"

namespace popradio::api {
namespace {

// Addresses of the web app: its router shows the right thing, so the app is the answer to each.
// What is not listed is 404, for people and search engines alike.
struct AppRoute {
  std::string_view path;
  bool with_id;  // "/songs/…" too
};
constexpr std::array<AppRoute, 5> kAppRoutes = {
    {{"/", false}, {"/songs", true}, {"/playlists", true}, {"/mine", false}, {"/studio", true}}};

bool IsAppRoute(std::string_view path) {
  for (const AppRoute& route : kAppRoutes) {
    if (path == route.path) return true;
    if (route.with_id && path.size() > route.path.size() + 1 && path.starts_with(route.path) &&
        path[route.path.size()] == '/') {
      return true;
    }
  }
  return false;
}

constexpr std::string_view kNotFoundPage =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Not "
    "found</title></head>"
    "<body><main><h1>Nothing plays here</h1><p>This address is not part of the station.</p>"
    "<p><a href=\"/\">To the radio</a> · <a href=\"/docs\">To the API</a></p></main></body></html>";

bool WantsPage(const http::Request& request) {
  return request.Header("Accept").find("text/html") != std::string_view::npos;
}

}  // namespace

bool ServeFileOf(Station& station, Call& call, std::string_view path) {
  const http::StaticFile* file = station.parts.pages.Find(path);
  if (file == nullptr) return false;
  http::ServeStatic(*file, call.request, call.response);
  call.response.AddRawHeaders(station.page_headers);
  call.page = true;
  return true;
}

void ServePage(Station& station, Call& call) {
  const std::string_view path = call.request.path;
  if (ServeFileOf(station, call, path)) return;
  const bool reads =
      call.request.method == http::Method::kGet || call.request.method == http::Method::kHead;
  if (reads && IsAppRoute(path) && ServeFileOf(station, call, "/index.html")) return;

  call.page = true;
  call.response.AddRawHeaders("Cache-Control: no-store\r\n");
  if (!reads || !WantsPage(call.request)) {
    WriteError(404, "not_found", "There is no such path.", call.response);
    call.response.AddRawHeaders(station.api_headers);
    return;
  }
  call.response.status = 404;
  call.response.AddRawHeaders(station.page_headers);
  call.response.content_type = "text/html; charset=utf-8";
  // The app has a page of its own for this, if there is an app.
  const http::StaticFile* app = station.parts.pages.Find("/index.html");
  call.response.SetStatic(app != nullptr ? app->identity : kNotFoundPage);
}

}  // namespace popradio::api
