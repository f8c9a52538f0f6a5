#include "api/handlers.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/json_text.h"

// The document's like flow, in its order: does it exist, is it liked already (409), is a limit
// reached (429), and only then the like; what was charged is given back when the like is refused
// after all.
namespace popradio::api {
namespace {

void WriteLikes(Call& call, const Target& target, std::int64_t likes, bool liked) {
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(target.type == TargetType::kSong ? R"({"songId":)"
                                                                : R"({"playlistId":)");
  AppendId(out, target.id);
  out.append(R"(,"likes":)");
  AppendInt(out, likes);
  out.append(R"(,"isLiked":)");
  AppendBool(out, liked);
  out.append("}").append(kDataClose);
  call.response.content_type = kJsonType;
}

// Whether the session likes the target. A session that was minted for this request likes nothing.
Task<Result<bool>> IsLiked(Station& station, const Call& call, const Target& target) {
  if (!call.session_sent) co_return false;
  const std::vector<Target> targets{target};
  std::vector<store::Engagement> numbers;
  const auto read = co_await ReadNumbers(station, &call.session, targets, numbers);
  if (!read) co_return Fail(read.error());
  co_return numbers[0].liked;
}

Error AlreadyLiked(const Target& target) {
  return {ErrorCode::kAlreadyLiked, std::string("You've already liked this ") + Name(target.type)};
}
Error NotLiked(const Target& target) {
  return {ErrorCode::kNotLiked, std::string("You have not liked this ") + Name(target.type)};
}

Task<Result<void>> Change(Station& station, Call& call, Target target, bool like) {
  const auto liked = co_await IsLiked(station, call, target);
  if (!liked) co_return Fail(liked.error());
  // What costs nothing is not charged. It is not refused here: of many nodes this one may have
  // heard of the last change not yet, or of none while the store is away, and 409 and 404 are
  // promises too. The store knows.
  const bool charge = *liked != like;
  if (charge) {
    if (auto charged = co_await ChargeRoute(station, call); !charged) co_return charged;
  }
  Result<std::int64_t> likes = 0;
  if (like) {
    likes = co_await station.engagement().Like(call.session, target);
  } else {
    likes = co_await station.engagement().Unlike(call.session, target);
  }
  if (!likes) {
    if (charge) RefundRoute(station, call);
    if (likes.error().code == ErrorCode::kAlreadyLiked) co_return Fail(AlreadyLiked(target));
    if (likes.error().code == ErrorCode::kNotLiked) co_return Fail(NotLiked(target));
    co_return Fail(likes.error());
  }
  if (!charge) (void)co_await ChargeRoute(station, call);  // it has happened, whatever that says
  WriteLikes(call, target, *likes, like);
  co_return Result<void>();
}

Task<Result<void>> ChangeSong(Station& station, Call& call, bool like) {
  const RenderedPtr& rendered = station.Rendered(call.thread);
  const auto song = ActiveSong(call, rendered->catalogue());
  if (!song) co_return Fail(song.error());
  co_return co_await Change(station, call, rendered->SongTarget(*song), like);
}

Task<Result<void>> ChangePlaylist(Station& station, Call& call, bool like) {
  const RenderedPtr& rendered = station.Rendered(call.thread);
  const auto playlist = ActivePlaylist(call, rendered->catalogue());
  if (!playlist) co_return Fail(playlist.error());
  co_return co_await Change(station, call, rendered->PlaylistTarget(*playlist), like);
}

}  // namespace

Task<Result<void>> LikeSong(Station& station, Call& call) {
  co_return co_await ChangeSong(station, call, true);
}
Task<Result<void>> UnlikeSong(Station& station, Call& call) {
  co_return co_await ChangeSong(station, call, false);
}
Task<Result<void>> LikePlaylist(Station& station, Call& call) {
  co_return co_await ChangePlaylist(station, call, true);
}
Task<Result<void>> UnlikePlaylist(Station& station, Call& call) {
  co_return co_await ChangePlaylist(station, call, false);
}

}  // namespace popradio::api
