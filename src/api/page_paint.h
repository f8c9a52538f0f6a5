#pragma once

#include <string>
#include <string_view>

namespace popradio::api {

struct Station;
struct Call;

// What a page of the app shows and brings before its script has come. Each adds to `head` what the
// browser is to ask for at once, and to `body`, the app's index.html, a first paint
// (web/public/first-paint*.html) and, as data, an answer of the API for nobody in particular: the
// app begins with it, and asks in its listener's name later. What cannot be had at once is left
// out.

// The device, with what is on air.
void PaintRadio(Station& station, Call& call, std::string& head, std::string& body);
// Its case and its name; for a song that listeners see.
void PaintSong(Station& station, Call& call, std::string_view id, std::string& head,
               std::string& body);
// The same. Brings nothing: whoever asks for a playlist counts as a view.
void PaintPlaylist(Station& station, Call& call, std::string_view id, std::string& head,
                   std::string& body);
// The first rows of the list of all songs.
void PaintSongs(Station& station, Call& call, std::string& body);

}  // namespace popradio::api
