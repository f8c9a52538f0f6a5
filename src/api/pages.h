#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace popradio::api {

struct Station;
struct Call;

// The addresses of the web app, in the spelling of its router (web/src/app/router.tsx; a test
// compares both): the app is the answer to each of them, and nothing else is a page.
std::span<const std::string_view> AppPagePatterns();

// Those of them that are about no song and no playlist, and that search engines should know.
std::vector<std::string_view> FixedPages();

// Answers a path that is no route: a file of the web app, a page of it with what other sites should
// know about it, else 404, as a page for those who accept one and as JSON for programs.
void ServePage(Station& station, Call& call);
// One embedded file with the headers of pages. False when there is none.
bool ServeFileOf(Station& station, Call& call, std::string_view path);

// Where the station is for who asks: see share_text.h.
std::string AddressFor(const Station& station, const Call& call);

// For what is the same for everybody and made anew for each request: an ETag of the body, 304 or
// 412 when the request asks for that, else the body, compressed if it is worth it.
void FinishShared(Call& call);

}  // namespace popradio::api
