#include "api/handlers.h"
#include "api/json_body.h"
#include "api/radio_json.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/json_text.h"
#include "base/log.h"

namespace popradio::api {
namespace {

// Which slot the request wants to end: what the body names, if anything, must be what plays.
Result<Slot> SlotToSkip(Station& station, const Call& call) {
  std::optional<ObjectId> song;
  std::optional<std::int64_t> seq;
  if (!call.request.body.empty()) {
    const auto body = ParseObject(call.request.body);
    if (!body) return Fail(body.error());
    const auto song_id = IdField(*body, "songId");
    if (!song_id) return Fail(song_id.error());
    song = *song_id;
    const auto number = IntField(*body, "seq", 0, INT64_MAX);
    if (!number) return Fail(number.error());
    seq = *number;
  }
  const auto on_air = station.parts.conductor.Now();
  const Slot* playing = on_air->At(call.now);
  if (playing == nullptr) return Fail(ErrorCode::kSongNotFound, "The station has no songs.");
  if ((song && *song != playing->song) || (seq && *seq != playing->seq)) {
    return Fail(ErrorCode::kSongOver, "That song is over already.");
  }
  return *playing;
}

Task<Result<void>> WriteSkipResult(Station& station, Call& call, Slot playing, bool skipped,
                                   realtime::Ballot::Standing standing) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"skipped":)");
  AppendBool(out, skipped);
  out.append(R"(,"votes":)");
  AppendInt(out, standing.votes);
  out.append(R"(,"needed":)");
  AppendInt(out, standing.needed);
  out.append(R"(,"nowPlaying":)");
  if (const auto song = rendered->catalogue().FindSong(playing.song)) {
    const std::vector<Target> targets{rendered->SongTarget(*song)};
    std::vector<store::Engagement> numbers;
    if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
      co_return read;
    AppendRadioSong(out, *rendered, *song, playing, numbers[0]);
  } else {
    out.append("null");
  }
  out.append("}").append(kDataClose);
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> SkipSong(Station& station, Call& call) {
  const SkipPolicy policy =
      station.parts.conductor.Now()->rotation.skip.value_or(station.options.skip);
  if (policy == SkipPolicy::kOff) {
    co_return Fail(ErrorCode::kSkipOff, "This station does not skip songs.");
  }
  if (policy == SkipPolicy::kCurator) {
    if (auto allowed = co_await station.admin.Check(station, call); !allowed) co_return allowed;
  }
  const auto playing = SlotToSkip(station, call);
  if (!playing) co_return Fail(playing.error());

  realtime::Ballot::Standing standing{1, 1, true};
  const bool by_curator = policy == SkipPolicy::kCurator;
  if (!by_curator) {
    standing = station.ballot.Cast(playing->seq, call.session, call.voter, call.steady);
    if (station.link) station.link->Voted(playing->seq, call.session, call.voter);
    if (!standing.passed()) {
      if (station.feed) station.feed->Nudge();
      co_return co_await WriteSkipResult(station, call, *playing, false, standing);
    }
  }
  const auto next = co_await station.parts.conductor.Skip(playing->seq, by_curator);
  if (!next) {
    // What was refused does not count, or the song would end by itself in a few seconds.
    if (!by_curator) {
      station.ballot.Withdraw(playing->seq, call.session, call.steady);
      if (station.link) station.link->VoteWithdrawn(playing->seq, call.session);
    }
    co_return Fail(next.error());
  }
  Log(LogLevel::kInfo, "song skipped",
      {{"request", call.request.id},
       {"song", playing->song.ToHex()},
       {"by", by_curator ? "curator" : "vote"},
       {"votes", standing.votes}});
  co_return co_await WriteSkipResult(station, call, *next, true, standing);
}

Task<Result<void>> AdminSkip(Station& station, Call& call) {
  const auto next = co_await station.parts.conductor.Skip(std::nullopt, true);
  if (!next) co_return Fail(next.error());
  Log(LogLevel::kInfo, "song skipped", {{"request", call.request.id}, {"by", "curator"}});
  co_return co_await WriteStream(station, call);
}

Task<Result<void>> AdminPinNext(Station& station, Call& call) {
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  const auto song = IdField(*body, "songId");
  if (!song) co_return Fail(song.error());
  if (!*song)
    co_return Fail(ErrorCode::kInvalidParameter,
                   "songId must be there: it names the song to play next");
  const auto slot = co_await station.parts.conductor.PinNext(**song);
  if (!slot) co_return Fail(slot.error());
  Log(LogLevel::kInfo, "song pinned", {{"request", call.request.id}, {"song", (*song)->ToHex()}});
  co_return co_await WriteStream(station, call);
}

}  // namespace popradio::api
