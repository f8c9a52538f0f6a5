#include "api/stream_text.h"

#include <algorithm>

#include "api/reply.h"
#include "base/json_text.h"

namespace popradio::api {
namespace {

constexpr std::string_view kServerTime = R"(,"serverTime":")";
constexpr std::size_t kTimeLength = 24;

void AppendSlotFields(std::string& out, const Slot& slot) {
  out.append(R"(,"seq":)");
  AppendInt(out, slot.seq);
  out.append(R"(,"startedAt":)");
  AppendTime(out, slot.starts_at);
  out.append(R"(,"endsAt":)");
  AppendTime(out, slot.ends_at);
  out += ',';
  AppendWhy(out, slot.why);
  out += '}';
}

}  // namespace

void AppendWhy(std::string& out, Why why) {
  out.append(R"("why":{"code":")").append(Code(why)).append(R"(","text":)");
  AppendJsonString(out, Sentence(why));
  out += '}';
}

void AppendRadioSong(std::string& out, const RenderedCatalogue& rendered,
                     RenderedCatalogue::Index song, const Slot& slot,
                     const store::Engagement& numbers) {
  rendered.AppendOpenSong(out, song, numbers);
  AppendSlotFields(out, slot);
}

void AppendEventSong(std::string& out, const RenderedCatalogue& rendered,
                     RenderedCatalogue::Index song, const Slot& slot,
                     const store::Engagement& numbers) {
  out.append(rendered.SongHead(song));
  AppendInt(out, numbers.likes);
  out.append(R"(,"plays":)");
  AppendInt(out, numbers.plays);
  out.append(rendered.SongTail(song));
  AppendSlotFields(out, slot);
}

void StreamText::Prepare(RenderedPtr rendered, const realtime::OnAir& on_air,
                         std::uint64_t on_air_version, Instant now, SkipPolicy skip_setting) {
  rendered_ = std::move(rendered);
  on_air_version_ = on_air_version;
  const Catalogue& catalogue = rendered_->catalogue();
  const Slot* playing = on_air.At(now);
  // Before its start and after its end the slot may still be the one to show (a clock that was set,
  // a store that is away), but that is looked at anew each time.
  from_ = playing == nullptr ? now : playing->starts_at;
  until_ = playing == nullptr ? now : playing->ends_at;
  seq_ = playing == nullptr ? -1 : playing->seq;
  count_ = 0;
  ++prepared_;
  kept_ = false;
  text_.clear();
  cuts_.assign(1, 0);

  const auto append_song = [&](const Slot& slot, RenderedCatalogue::Index song) {
    text_.append(rendered_->SongHead(song));
    Hole();
    text_.append(R"(,"plays":)");
    Hole();
    text_.append(R"(,"isLikedByUser":)");
    Hole();
    text_.append(rendered_->SongTail(song));
    AppendSlotFields(text_, slot);
    targets_[count_++] = rendered_->SongTarget(song);
  };

  text_.append(kDataOpen).append(R"({"nowPlaying":)");
  const auto song = playing == nullptr ? std::nullopt : catalogue.FindSong(playing->song);
  if (song) {
    append_song(*playing, *song);
  } else {
    text_.append("null");
  }
  text_.append(R"(,"queue":[)");
  bool first = true;
  for (const Slot& slot : on_air.QueueAt(now)) {
    const auto queued = catalogue.FindSong(slot.song);
    if (!queued || count_ == kStreamSongs) continue;
    if (!first) text_ += ',';
    first = false;
    append_song(slot, *queued);
  }
  text_.append("]").append(kServerTime);
  Hole();
  text_.append(R"(","listeners":)");
  Hole();
  text_.append(R"(,"playlistId":)");
  if (on_air.rotation.playlist) {
    AppendId(text_, *on_air.rotation.playlist);
  } else {
    text_.append("null");
  }
  text_.append(R"(,"skip":{"policy":")")
      .append(Code(on_air.rotation.skip.value_or(skip_setting)))
      .append(R"(","votes":)");
  Hole();
  text_.append(R"(,"needed":)");
  Hole();
  text_.append(R"(,"voted":)");
  Hole();
  text_.append("}}}");
  Hole();
}

void StreamText::Write(std::span<const store::Engagement> numbers, const StreamLive& live,
                       std::string& out) const {
  out.clear();
  std::size_t piece = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    out.append(Piece(piece++));
    AppendInt(out, numbers[i].likes);
    out.append(Piece(piece++));
    AppendInt(out, numbers[i].plays);
    out.append(Piece(piece++));
    AppendBool(out, numbers[i].liked);
  }
  out.append(Piece(piece++));
  char time[kTimeLength];
  FormatIso8601(live.now, time);
  out.append(time, kTimeLength);
  out.append(Piece(piece++));
  AppendInt(out, live.listeners);
  out.append(Piece(piece++));
  AppendInt(out, live.standing.votes);
  out.append(Piece(piece++));
  AppendInt(out, live.standing.needed);
  out.append(Piece(piece++));
  AppendBool(out, live.standing.voted);
  out.append(Piece(piece));
}

bool StreamText::WriteKept(std::uint64_t engagement_version, const StreamLive& live,
                           std::string& out) {
  if (!kept_ || kept_version_ != engagement_version || live.listeners != kept_live_.listeners ||
      live.standing != kept_live_.standing) {
    return false;
  }
  out.assign(kept_text_);
  FormatIso8601(live.now, out.data() + kept_time_at_);
  return true;
}

void StreamText::Keep(std::uint64_t engagement_version, const StreamLive& live,
                      const std::string& text) {
  kept_ = true;
  kept_version_ = engagement_version;
  kept_live_ = live;
  kept_text_ = text;
  // The last one: a title cannot hold it, as its quotes would be escaped.
  kept_time_at_ = text.rfind(kServerTime) + kServerTime.size();
}

}  // namespace popradio::api
