#include "api/comment_json.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/reply.h"
#include "api/station.h"
#include "domain/comment_text.h"

namespace popradio::api {
namespace {

Task<Result<void>> ListComments(Station& station, Call& call, Target target) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto limit = ReadLimit(*query);
  if (!limit) co_return Fail(limit.error());
  const auto before = ReadCommentCursor(*query);
  if (!before) co_return Fail(before.error());
  const auto page = co_await station.parts.backend.comments().List(
      target, *before, static_cast<std::size_t>(*limit));
  if (!page) co_return Fail(page.error());
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"comments":[)");
  bool first = true;
  for (const Comment& comment : page->comments) {
    if (!first) out += ',';
    first = false;
    AppendComment(out, comment, station.secret, call.reader());
  }
  out.append("],");
  AppendNextCursor(out, page->next);
  out.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

Task<Result<void>> AddComment(Station& station, Call& call, Target target) {
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  const auto text = TextField(*body, "text");
  if (!text) co_return Fail(text.error());
  if (!*text) co_return Fail(ErrorCode::kInvalidParameter, "text must be there: it is the comment");
  const auto fingerprint = TextField(*body, "userFingerprint");
  if (!fingerprint) co_return Fail(fingerprint.error());
  if (fingerprint->value_or("").size() > kMaxFingerprintBytes) {
    co_return Fail(
        ErrorCode::kInvalidParameter,
        "userFingerprint must be at most " + std::to_string(kMaxFingerprintBytes) + " bytes long");
  }
  // Before the limit: who mistypes has not commented.
  auto clean = CleanCommentText(**text);
  if (!clean) co_return Fail(clean.error());
  if (auto charged = co_await ChargeRoute(station, call); !charged) co_return charged;

  Comment comment;
  comment.id = ObjectId::Make(call.now, station.parts.random);
  comment.target = target;
  comment.session = call.session;
  comment.fingerprint = fingerprint->value_or("");
  comment.text = std::move(*clean);
  comment.created_at = call.now;
  comment.expire_at = call.now + std::chrono::days(station.options.comment_ttl_days);
  if (auto added = co_await station.parts.backend.comments().Add(comment); !added) {
    RefundRoute(station, call);
    co_return added;
  }
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"comment":)");
  AppendOwnComment(out, comment, station.secret);
  out.append("}").append(kDataClose);
  call.response.status = 201;
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

Result<Target> SongOf(Station& station, Call& call) {
  const RenderedPtr& rendered = station.Rendered(call.thread);
  return ActiveSong(call, rendered->catalogue()).map([&](auto song) {
    return rendered->SongTarget(song);
  });
}

Result<Target> PlaylistOf(Station& station, Call& call) {
  const RenderedPtr& rendered = station.Rendered(call.thread);
  return ActivePlaylist(call, rendered->catalogue()).map([&](auto p) {
    return rendered->PlaylistTarget(p);
  });
}

}  // namespace

Task<Result<void>> ListSongComments(Station& station, Call& call) {
  const auto target = SongOf(station, call);
  if (!target) co_return Fail(target.error());
  co_return co_await ListComments(station, call, *target);
}

Task<Result<void>> CommentOnSong(Station& station, Call& call) {
  const auto target = SongOf(station, call);
  if (!target) co_return Fail(target.error());
  co_return co_await AddComment(station, call, *target);
}

Task<Result<void>> ListPlaylistComments(Station& station, Call& call) {
  const auto target = PlaylistOf(station, call);
  if (!target) co_return Fail(target.error());
  co_return co_await ListComments(station, call, *target);
}

Task<Result<void>> CommentOnPlaylist(Station& station, Call& call) {
  const auto target = PlaylistOf(station, call);
  if (!target) co_return Fail(target.error());
  co_return co_await AddComment(station, call, *target);
}

}  // namespace popradio::api
