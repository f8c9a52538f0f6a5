#include "api/comment_json.h"

#include "api/reply.h"
#include "base/json_text.h"
#include "domain/author_name.h"

namespace popradio::api {
namespace {

// What all of them have, and no closing brace.
void AppendCommon(std::string& out, const Comment& comment, std::string_view secret, bool own) {
  out.append(R"({"_id":)");
  AppendId(out, comment.id);
  out += ',';
  AppendField(out, "targetType", Name(comment.target.type));
  out.append(R"(,"targetId":)");
  AppendId(out, comment.target.id);
  out += ',';
  if (own) {
    AppendField(out, "sessionId", comment.session.ToString());
    out += ',';
  }
  AppendField(out, "author", AuthorName(comment, secret));
  out += ',';
  AppendField(out, "text", comment.text);
  out.append(R"(,"createdAt":)");
  AppendTime(out, comment.created_at);
  if (comment.at_ms) {
    out.append(R"(,"atMs":)");
    AppendInt(out, *comment.at_ms);
  }
}

}  // namespace

void AppendComment(std::string& out, const Comment& comment, std::string_view secret,
                   const SessionId* reader) {
  AppendCommon(out, comment, secret, false);
  out.append(R"(,"isMine":)");
  AppendBool(out, reader != nullptr && *reader == comment.session);
  out += '}';
}

void AppendPublicComment(std::string& out, const Comment& comment, std::string_view secret) {
  AppendCommon(out, comment, secret, false);
  out += '}';
}

void AppendOwnComment(std::string& out, const Comment& comment, std::string_view secret) {
  AppendCommon(out, comment, secret, true);
  out.append(R"(,"isMine":true})");
}

void AppendAdminComment(std::string& out, const Comment& comment, std::string_view secret) {
  AppendCommon(out, comment, secret, false);
  out.append(R"(,"isHidden":)");
  AppendBool(out, comment.is_hidden);
  out += '}';
}

void AppendNextCursor(std::string& out, const std::optional<ObjectId>& next) {
  out.append(R"("nextCursor":)");
  if (next) {
    AppendId(out, *next);
  } else {
    out.append("null");
  }
}

Result<std::optional<ObjectId>> ReadCommentCursor(const http::Query& query) {
  const auto text = query.Get("cursor");
  if (!text) return Fail(text.error());
  if (!*text) return std::optional<ObjectId>();
  const auto id = ObjectId::Parse(**text);
  if (!id) {
    return Fail(ErrorCode::kInvalidParameter,
                "cursor must be the nextCursor of an earlier answer to the same list");
  }
  return std::optional<ObjectId>(*id);
}

}  // namespace popradio::api
