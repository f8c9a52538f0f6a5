#pragma once

#include <string>
#include <string_view>

namespace popradio::api {

// The headers that Helmet (helmetjs.github.io) is known for, as complete lines, for each kind of
// answer. `public_url`: with https, browsers are told to stay there (HSTS).
std::string ApiHeaders(std::string_view public_url);
// For pages. Scripts and styles come from us alone; media and pictures from wherever songs are;
// frames only from the video sites whose links a song may have.
std::string PageHeaders(std::string_view public_url);
// For the small player, the one page that every other site may put into a frame: it has no session,
// no form and nothing to press that changes anything here.
std::string EmbedHeaders(std::string_view public_url);
// For media: any site may show them.
std::string MediaHeaders();

}  // namespace popradio::api
