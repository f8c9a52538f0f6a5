#include "api/comment_json.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/reply.h"
#include "api/station.h"
#include "domain/comment_text.h"

namespace popradio::api {
namespace {

// What is commented.
struct Subject {
  Target target;
  std::int64_t length_ms = 0;  // of a song; a playlist has no moments
};

constexpr char kNoMoments[] = " is for songs only: a playlist has no moments";

// `around`, a place in the longest song there may be; nothing when it is not there.
Result<std::optional<std::int64_t>> ReadAround(const http::Query& query, const Target& target) {
  const auto given = query.Get("around");
  if (!given) return Fail(given.error());
  if (!*given) return std::optional<std::int64_t>();
  if (target.type != TargetType::kSong)
    return Fail(ErrorCode::kInvalidParameter, std::string("around") + kNoMoments);
  const auto around = ReadCount(query, "around", 0, 0);
  if (!around) return Fail(around.error());
  if (*around > kMaxMomentMs) {
    return Fail(ErrorCode::kInvalidParameter,
                "around must be at most " + std::to_string(kMaxMomentMs) + " milliseconds");
  }
  return std::optional<std::int64_t>(*around);
}

Task<Result<store::CommentPage>> ReadPage(Station& station, const http::Query& query,
                                          Target target) {
  const auto limit = ReadLimit(query);
  if (!limit) co_return Fail(limit.error());
  const auto around = ReadAround(query, target);
  if (!around) co_return Fail(around.error());
  store::CommentStore& comments = station.parts.backend.comments();
  const auto most = static_cast<std::size_t>(*limit);
  if (*around) {
    auto moments = co_await comments.ListMoments(target, **around - kMomentReachMs,
                                                 **around + kMomentReachMs, most);
    if (!moments) co_return Fail(moments.error());
    co_return store::CommentPage{std::move(*moments), std::nullopt};
  }
  const auto before = ReadCommentCursor(query);
  if (!before) co_return Fail(before.error());
  co_return co_await comments.List(target, *before, most);
}

Task<Result<void>> ListComments(Station& station, Call& call, Target target) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto page = co_await ReadPage(station, *query, target);
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

Result<std::optional<std::int64_t>> ReadMoment(const boost::json::object& body,
                                               const Subject& subject) {
  if (subject.target.type != TargetType::kSong && body.contains("atMs"))
    return Fail(ErrorCode::kInvalidParameter, std::string("atMs") + kNoMoments);
  return IntField(body, "atMs", 0, subject.length_ms);
}

Task<Result<void>> AddComment(Station& station, Call& call, Subject subject) {
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
  const auto at_ms = ReadMoment(*body, subject);
  if (!at_ms) co_return Fail(at_ms.error());
  // Before the limit: who mistypes has not commented.
  auto clean = CleanCommentText(**text);
  if (!clean) co_return Fail(clean.error());
  if (auto charged = co_await ChargeRoute(station, call); !charged) co_return charged;

  Comment comment;
  comment.id = ObjectId::Make(call.now, station.parts.random);
  comment.target = subject.target;
  comment.session = call.session;
  comment.fingerprint = fingerprint->value_or("");
  comment.text = std::move(*clean);
  comment.created_at = call.now;
  comment.expire_at = call.now + std::chrono::days(station.options.comment_ttl_days);
  comment.at_ms = *at_ms;
  if (auto added = co_await station.parts.backend.comments().Add(comment); !added) {
    RefundRoute(station, call);
    co_return added;
  }
  if (station.feed) station.feed->CommentAdded(comment);
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"comment":)");
  AppendOwnComment(out, comment, station.secret);
  out.append("}").append(kDataClose);
  call.response.status = 201;
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

Result<Subject> SongOf(Station& station, Call& call) {
  const RenderedPtr& rendered = station.Rendered(call.thread);
  return ActiveSong(call, rendered->catalogue()).map([&](auto song) {
    return Subject{rendered->SongTarget(song),
                   std::int64_t{rendered->catalogue().songs()[song].duration_s} * 1000};
  });
}

Result<Subject> PlaylistOf(Station& station, Call& call) {
  const RenderedPtr& rendered = station.Rendered(call.thread);
  return ActivePlaylist(call, rendered->catalogue()).map([&](auto p) {
    return Subject{rendered->PlaylistTarget(p)};
  });
}

}  // namespace

Task<Result<void>> ListSongComments(Station& station, Call& call) {
  const auto subject = SongOf(station, call);
  if (!subject) co_return Fail(subject.error());
  co_return co_await ListComments(station, call, subject->target);
}

Task<Result<void>> CommentOnSong(Station& station, Call& call) {
  const auto subject = SongOf(station, call);
  if (!subject) co_return Fail(subject.error());
  co_return co_await AddComment(station, call, *subject);
}

Task<Result<void>> ListPlaylistComments(Station& station, Call& call) {
  const auto subject = PlaylistOf(station, call);
  if (!subject) co_return Fail(subject.error());
  co_return co_await ListComments(station, call, subject->target);
}

Task<Result<void>> CommentOnPlaylist(Station& station, Call& call) {
  const auto subject = PlaylistOf(station, call);
  if (!subject) co_return Fail(subject.error());
  co_return co_await AddComment(station, call, *subject);
}

}  // namespace popradio::api
