#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "domain/comment.h"

namespace popradio {

// The public name under which a listener comments, like "lilac-comet-42": the same for one session
// on one station, for ever, and no hint of the session, which is a credential.
//
// It is HMAC-SHA256 of the session under the station's secret, cut down to one of about a million
// names. Who does not know the secret can neither go back to the session nor test a guess; who
// knows it learns one name in a million from a UUID of 122 random bits. Two listeners may share a
// name; nothing depends on its being unique. `station_secret` is random and kept with the station:
// names change with it.
std::string AuthorName(const SessionId& session, std::string_view station_secret);

// The name that stands beside a comment: the one it was imported with, else its session's.
std::string AuthorName(const Comment& comment, std::string_view station_secret);

// The session that stands for an author of whom an imported file tells the name only: the same for
// one name on one station. HMAC-SHA256 under the station's secret, so that no listener can take it
// for his own and so have the author's comments forgotten. A UUID of version 8 (RFC 9562, made by a
// rule of one's own).
SessionId ImportedAuthor(std::string_view name, std::string_view station_secret);

}  // namespace popradio
