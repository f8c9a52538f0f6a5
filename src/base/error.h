#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace popradio {

// Everything that can be refused or can fail while a request is served. One enum for the whole
// program; src/api/error_map.cc is the one place that turns it into an HTTP status and a public
// code.
enum class ErrorCode : std::uint8_t {
  // The caller's mistakes.
  kInvalidId,         // not 24 hexadecimal digits
  kInvalidParameter,  // a query parameter or field out of its range; the message names it
  kInvalidJson,       // the body is not JSON, or not of the shape the route takes
  kInvalidText,       // a comment that breaks the text rules
  kInvalidSession,    // X-Session-Id that is no UUID
  kUnsupportedMedia,  // a body that is not application/json
  kUnauthorized,      // no bearer token, or a wrong one
  kForbidden,         // not allowed by the station's settings
  kCrossSite,         // a write that another site's page sent
  kSkipOff,           // the station does not let listeners skip
  kNotFound,          // no such route or file
  kSongNotFound,
  kPlaylistNotFound,
  kCommentNotFound,
  kNotLiked,      // unlike of what was not liked
  kAlreadyLiked,  // like of what is liked
  kSongOver,      // a vote for a song that no longer plays
  kConflict,      // somebody else was faster; read again and retry
  kTooLarge,      // a body over its route's limit
  kRateLimited,   // see Error::retry_after_s
  kSkipTooSoon,   // less than ten seconds after the last skip
  // Ours.
  kUnavailable,  // a store cannot take this now; see Error::retry_after_s
  kInternal,     // a bug; the message is for the log, people get a plain sentence
};

// A failure as a value. `message` is a sentence for people that says what to do.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  int retry_after_s = 0;  // only for kRateLimited, kSkipTooSoon and kUnavailable

  Error(ErrorCode error_code, std::string text, int retry_s = 0)
      : code(error_code), message(std::move(text)), retry_after_s(retry_s) {}
  bool operator==(const Error&) const = default;
};

}  // namespace popradio
