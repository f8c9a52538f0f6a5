#pragma once

#include <string_view>

namespace popradio::api {

struct Station;
struct Call;

// Answers a path that is no route: a file of the web app, the app itself for its own addresses,
// else 404, as a page for those who accept one and as JSON for programs.
void ServePage(Station& station, Call& call);
// One embedded file with the headers of pages. False when there is none.
bool ServeFileOf(Station& station, Call& call, std::string_view path);

}  // namespace popradio::api
