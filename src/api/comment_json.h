#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/comment.h"
#include "http/query.h"

namespace popradio::api {

// A comment as listeners see it: the author's public name, never the session. `reader` (may be
// null) is the session that asks.
void AppendComment(std::string& out, const Comment& comment, std::string_view secret,
                   const SessionId* reader);
// For everybody: without isMine.
void AppendPublicComment(std::string& out, const Comment& comment, std::string_view secret);
// The author's own copy, which alone carries the session id.
void AppendOwnComment(std::string& out, const Comment& comment, std::string_view secret);
// The curator's view: by public name too, and whether it is hidden.
void AppendAdminComment(std::string& out, const Comment& comment, std::string_view secret);

// "nextCursor":"…" or null
void AppendNextCursor(std::string& out, const std::optional<ObjectId>& next);

// The `cursor` of a list of comments: the id of the last one, as ids of comments sort by time.
Result<std::optional<ObjectId>> ReadCommentCursor(const http::Query& query);

}  // namespace popradio::api
