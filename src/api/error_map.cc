#include "api/error_map.h"

namespace popradio::api {

PublicError Publish(ErrorCode code) {
  switch (code) {  // without a default: the compiler names what is missing
    case ErrorCode::kInvalidId:
      return {400, "invalid_id"};
    case ErrorCode::kInvalidParameter:
      return {400, "invalid_parameter"};
    case ErrorCode::kInvalidJson:
      return {400, "invalid_json"};
    case ErrorCode::kInvalidText:
      return {400, "invalid_text"};
    case ErrorCode::kInvalidSession:
      return {400, "invalid_session"};
    case ErrorCode::kUnsupportedMedia:
      return {415, "unsupported_media_type"};
    case ErrorCode::kUnauthorized:
      return {401, "unauthorized"};
    case ErrorCode::kForbidden:
      return {403, "forbidden"};
    case ErrorCode::kCrossSite:
      return {403, "cross_site"};
    case ErrorCode::kSkipOff:
      return {403, "skip_off"};
    case ErrorCode::kNotFound:
      return {404, "not_found"};
    case ErrorCode::kSongNotFound:
      return {404, "song_not_found"};
    case ErrorCode::kPlaylistNotFound:
      return {404, "playlist_not_found"};
    case ErrorCode::kCommentNotFound:
      return {404, "comment_not_found"};
    case ErrorCode::kNotLiked:
      return {404, "not_liked"};
    case ErrorCode::kAlreadyLiked:
      return {409, "already_liked"};
    case ErrorCode::kSongOver:
      return {409, "song_over"};
    case ErrorCode::kConflict:
      return {409, "conflict"};
    case ErrorCode::kTooLarge:
      return {413, "body_too_large"};
    case ErrorCode::kRateLimited:
      return {429, "rate_limited"};
    case ErrorCode::kSkipTooSoon:
      return {429, "skip_too_soon"};
    case ErrorCode::kUnavailable:
      return {503, "unavailable"};
    case ErrorCode::kInternal:
      return {500, "internal"};
  }
  return {500, "internal"};
}

}  // namespace popradio::api
