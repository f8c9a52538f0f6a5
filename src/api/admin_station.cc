#include <algorithm>

#include "api/comment_json.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/reply.h"
#include "api/rotation_json.h"
#include "api/station.h"
#include "base/json_text.h"
#include "base/log.h"

namespace popradio::api {
namespace {

inline constexpr int kDefaultAnalyticsDays = 30;
inline constexpr int kMaxAnalyticsDays = 3660;

// The name of a day, "2026-02-03".
Result<std::optional<Instant>> ReadDay(const http::Query& query, std::string_view name) {
  const auto text = query.Get(name);
  if (!text) return Fail(text.error());
  if (!*text) return std::optional<Instant>();
  const auto day = (*text)->size() == 10 ? ParseIso8601(**text) : std::nullopt;
  if (!day)
    return Fail(ErrorCode::kInvalidParameter, std::string(name) + " must be a day like 2026-02-03");
  return std::optional<Instant>(*day);
}

void AppendTargets(std::string& out, const std::vector<store::TargetDay>& targets,
                   std::string_view id_name, std::string_view count_name) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    out.append(i > 0 ? ",{\"" : "{\"").append(id_name).append("\":");
    AppendId(out, targets[i].id);
    out.append(",\"").append(count_name).append("\":");
    AppendInt(out, targets[i].plays);
    out.append(R"(,"likes":)");
    // More taken back than given is a day without likes.
    AppendInt(out, std::max<std::int64_t>(targets[i].likes, 0));
    out += '}';
  }
}

void AppendDay(std::string& out, const store::AnalyticsDay& day) {
  out.append(R"({"date":")").append(FormatIso8601(day.date), 0, 10);
  out.append(R"(","totalPlays":)");
  AppendInt(out, day.total_plays);
  out.append(R"(,"uniqueVisitors":)");
  AppendInt(out, day.unique_visitors);
  out.append(R"(,"topSongs":[)");
  AppendTargets(out, day.top_songs, "songId", "plays");
  out.append(R"(],"topPlaylists":[)");
  AppendTargets(out, day.top_playlists, "playlistId", "views");
  out.append("]}");
}

void AnswerRotation(const Station& station, Call& call, const Rotation& rotation) {
  std::string& out = call.response.body;
  out.assign(kDataOpen);
  AppendRotation(out, rotation, station.options.skip);
  out.append(kDataClose);
  call.response.content_type = kJsonType;
}

}  // namespace

Task<Result<void>> AdminListComments(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto limit = ReadLimit(*query);
  if (!limit) co_return Fail(limit.error());
  const auto hidden = ReadFlag(*query, "isHidden");
  if (!hidden) co_return Fail(hidden.error());
  auto before = ReadCommentCursor(*query);
  if (!before) co_return Fail(before.error());

  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"comments":[)");
  std::size_t written = 0;
  const auto wanted = static_cast<std::size_t>(*limit);
  std::optional<ObjectId> next = *before;
  // A filter may pass over many: what was passed over is paid for in steps, and the cursor goes on
  // from wherever this answer stopped looking.
  constexpr int kMaxSteps = 20;
  for (int step = 0; step < kMaxSteps && written < wanted; ++step) {
    const auto page =
        co_await station.parts.backend.comments().ListAll(next, *hidden ? kMaxLimit : wanted);
    if (!page) co_return Fail(page.error());
    next = page->next;
    for (const Comment& comment : page->comments) {
      if (*hidden && comment.is_hidden != **hidden) continue;
      if (written > 0) out += ',';
      AppendAdminComment(out, comment, station.secret);
      if (++written == wanted) {
        if (&comment != &page->comments.back()) next = comment.id;
        break;
      }
    }
    if (!next) break;
  }
  out.append("],");
  AppendNextCursor(out, next);
  out.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

Task<Result<void>> AdminUpdateComment(Station& station, Call& call) {
  const auto id = IdParam(call, 0, "comment");
  if (!id) co_return Fail(id.error());
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  const auto hidden = BoolField(*body, "isHidden");
  if (!hidden) co_return Fail(hidden.error());
  if (!*hidden)
    co_return Fail(ErrorCode::kInvalidParameter, "isHidden must be there, true or false");
  const auto comment = co_await station.parts.backend.comments().SetHidden(*id, **hidden);
  if (!comment) co_return Fail(comment.error());
  Log(LogLevel::kInfo, **hidden ? "comment hidden" : "comment shown",
      {{"request", call.request.id}, {"comment", id->ToHex()}});
  if (station.feed) {
    if (**hidden) {
      station.feed->CommentHidden(*comment);
    } else {
      station.feed->CommentAdded(*comment);
    }
  }
  std::string& out = call.response.body;
  out.assign(kDataOpen);
  AppendAdminComment(out, *comment, station.secret);
  out.append(kDataClose);
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

Task<Result<void>> AdminGetRotation(Station& station, Call& call) {
  const auto rotation = co_await station.parts.backend.timeline().LoadRotation();
  if (!rotation) co_return Fail(rotation.error());
  AnswerRotation(station, call, *rotation);
  co_return Result<void>();
}

Task<Result<void>> AdminUpdateRotation(Station& station, Call& call) {
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  auto rotation = co_await station.parts.backend.timeline().LoadRotation();
  if (!rotation) co_return Fail(rotation.error());
  if (auto applied = ApplyRotationFields(*body, *rotation); !applied) co_return applied;
  if (rotation->playlist) {
    const CataloguePtr catalogue = station.parts.backend.catalogue().Current();
    if (!catalogue->FindPlaylist(*rotation->playlist)) {
      co_return Fail(ErrorCode::kPlaylistNotFound, "There is no such playlist.");
    }
  }
  if (auto set = co_await station.parts.conductor.SetRotation(*rotation); !set) co_return set;
  Log(LogLevel::kInfo, "rotation changed", {{"request", call.request.id}});
  AnswerRotation(station, call, *rotation);
  co_return Result<void>();
}

Task<Result<void>> AdminGetAnalytics(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto from = ReadDay(*query, "from");
  if (!from) co_return Fail(from.error());
  const auto to = ReadDay(*query, "to");
  if (!to) co_return Fail(to.error());
  const Instant today = std::chrono::floor<std::chrono::days>(call.now);
  const Instant last = to->value_or(today);
  const Instant first = from->value_or(last - std::chrono::days(kDefaultAnalyticsDays - 1));
  if (first > last) co_return Fail(ErrorCode::kInvalidParameter, "from must not be after to");
  if (last - first > std::chrono::days(kMaxAnalyticsDays)) {
    co_return Fail(
        ErrorCode::kInvalidParameter,
        "from and to must be at most " + std::to_string(kMaxAnalyticsDays) + " days apart");
  }
  const auto days = co_await station.parts.backend.analytics().Days(first, last);
  if (!days) co_return Fail(days.error());
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"days":[)");
  for (const store::AnalyticsDay& day : *days) {
    if (&day != &days->front()) out += ',';
    AppendDay(out, day);
  }
  out.append("]}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

}  // namespace popradio::api
