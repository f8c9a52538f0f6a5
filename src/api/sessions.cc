#include "api/handlers.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/json_text.h"
#include "domain/author_name.h"

namespace popradio::api {
namespace {

void AppendIds(std::string& out, std::string_view name, const std::vector<ObjectId>& ids) {
  out.append("\"").append(name).append("\":[");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out += ',';
    AppendId(out, ids[i]);
  }
  out += ']';
}

}  // namespace

Task<Result<void>> GetMySession(Station& station, Call& call) {
  store::SessionInfo info{call.now, call.now};
  store::LikedSet liked;
  if (call.session_sent) {
    const auto found = co_await station.parts.backend.sessions().Find(call.session);
    if (!found) co_return Fail(found.error());
    if (*found) info = **found;
    auto likes = co_await station.engagement().Liked(call.session);
    if (!likes) co_return Fail(likes.error());
    liked = std::move(*likes);
  }
  std::string& out = call.response.body;
  out.assign(kDataOpen) += '{';
  AppendField(out, "sessionId", call.session.ToString());
  out.append(R"(,"createdAt":)");
  AppendTime(out, info.created_at);
  out.append(R"(,"lastActivity":)");
  AppendTime(out, info.last_activity);
  out += ',';
  AppendField(out, "author", AuthorName(call.session, station.secret));
  out.append(R"(,"liked":{)");
  AppendIds(out, "songs", liked.songs);
  out += ',';
  AppendIds(out, "playlists", liked.playlists);
  out.append("}}").append(kDataClose);
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

Task<Result<void>> ForgetMySession(Station& station, Call& call) {
  if (call.session_sent) {
    // The session itself last: when one of these fails, the same request simply does the rest.
    if (auto done = co_await station.engagement().Forget(call.session); !done) co_return done;
    if (auto done = co_await station.parts.backend.comments().Forget(call.session); !done)
      co_return done;
    if (auto done = co_await station.parts.backend.sessions().Forget(call.session); !done)
      co_return done;
    station.presence.Leave(call.session);
    call.thread.seen.Forget(call.session);
  }
  call.response.body.assign(kDataOpen).append(R"({"forgotten":true})").append(kDataClose);
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

}  // namespace popradio::api
