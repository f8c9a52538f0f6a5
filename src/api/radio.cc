#include <algorithm>

#include "api/handlers.h"
#include "api/paging.h"
#include "api/radio_json.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/json_text.h"

namespace popradio::api {

void NoteListening(Station& station, Call& call) {
  // Who was only just given a session may never come back with it.
  if (!call.session_sent || !call.thread.seen.DueListening(call.session, call.steady)) return;
  station.presence.Touch(call.session, call.voter, call.steady);
}

StreamLive LiveNow(Station& station, const Call& call, std::int64_t seq) {
  const auto numbers = station.presence.Look(call.steady);
  return {call.now, numbers.listeners,
          station.ballot.Look(seq, call.reader(), numbers, call.steady)};
}

// The station's hottest route: nothing is allocated, and one call reads all numbers.
bool QuickRadioStream(Station& station, Call& call) {
  ThreadState& thread = call.thread;
  const RenderedPtr& rendered = station.Rendered(thread);
  const realtime::OnAir& on_air = station.OnAir(thread);
  StreamText& stream = thread.stream;
  if (!stream.Covers(rendered.get(), thread.on_air_version, call.now)) {
    stream.Prepare(rendered, on_air, thread.on_air_version, call.now, station.options.skip);
  }
  NoteListening(station, call);
  const StreamLive live = LiveNow(station, call, stream.seq());
  http::Response& response = call.response;
  response.content_type = kJsonType;

  // The version before the numbers: a like in between makes them stale, never wrongly fresh.
  const std::uint64_t version = station.engagement().Version();
  const bool likes_nothing =
      !call.session_sent || thread.seen.LikesNothingOf(call.session, version, stream.prepared());
  if (likes_nothing && stream.WriteKept(version, live, response.body)) return true;
  std::array<store::Engagement, kStreamSongs> numbers;
  const std::span<store::Engagement> read(numbers.data(), stream.targets().size());
  if (!station.engagement().ReadNow(call.reader(), stream.targets(), read)) return false;
  stream.Write(read, live, response.body);
  if (std::none_of(read.begin(), read.end(), [](const store::Engagement& e) { return e.liked; })) {
    if (call.session_sent) thread.seen.NoteLikesNothing(call.session, version, stream.prepared());
    stream.Keep(version, live, response.body);
  }
  return true;
}

Task<Result<void>> WriteStream(Station& station, Call& call) {
  const Instant now = station.parts.clock.Now();
  StreamText stream;
  const auto on_air = station.parts.conductor.Now();
  stream.Prepare(station.Rendered(call.thread), *on_air, 0, now, station.options.skip);
  const std::vector<Target> targets(stream.targets().begin(), stream.targets().end());
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  StreamLive live = LiveNow(station, call, stream.seq());
  live.now = now;
  stream.Write(numbers, live, call.response.body);
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

Task<Result<void>> GetRadioStream(Station& station, Call& call) {
  co_return co_await WriteStream(station, call);
}

Task<Result<void>> AppendSlots(Station& station, const SessionId* reader, RenderedPtr rendered,
                               std::vector<Slot> slots, std::string& out) {
  const Catalogue& catalogue = rendered->catalogue();
  std::erase_if(slots, [&](const Slot& slot) { return !catalogue.FindSong(slot.song); });
  std::vector<Target> targets;
  for (const Slot& slot : slots) targets.push_back({TargetType::kSong, slot.song});
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, reader, targets, numbers); !read) co_return read;
  out.append(R"("slots":[)");
  for (std::size_t i = 0; i < slots.size(); ++i) {
    out.append(i > 0 ? R"(,{"seq":)" : R"({"seq":)");
    AppendInt(out, slots[i].seq);
    out.append(R"(,"song":)");
    rendered->AppendSong(out, *catalogue.FindSong(slots[i].song), numbers[i]);
    out.append(R"(,"startsAt":)");
    AppendTime(out, slots[i].starts_at);
    out.append(R"(,"endsAt":)");
    AppendTime(out, slots[i].ends_at);
    out += ',';
    AppendWhy(out, slots[i].why);
    out.append(R"(,"skipped":)");
    AppendBool(out, slots[i].skipped);
    out += '}';
  }
  out += ']';
  co_return Result<void>();
}

Task<Result<void>> GetRadioHistory(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto limit = ReadLimit(*query);
  if (!limit) co_return Fail(limit.error());
  auto before = ReadCount(*query, "before", kHugeNumber, 0);
  if (!before) co_return Fail(before.error());

  // Without a cursor too the list begins before what plays now. A station without songs has only a
  // past.
  const auto on_air = station.parts.conductor.Now();
  if (const Slot* playing = on_air->At(call.now)) *before = std::min(*before, playing->seq);
  const auto wanted = static_cast<std::size_t>(*limit);
  auto slots = co_await station.parts.backend.timeline().History(*before, wanted + 1);
  if (!slots) co_return Fail(slots.error());
  std::optional<std::int64_t> next;
  if (slots->size() > wanted) {
    slots->resize(wanted);
    next = slots->back().seq;
  }
  std::string& out = call.response.body;
  out.assign(kDataOpen) += '{';
  const RenderedPtr rendered = station.Rendered(call.thread);
  if (auto written = co_await AppendSlots(station, call.reader(), rendered, std::move(*slots), out);
      !written) {
    co_return written;
  }
  out.append(R"(,"nextCursor":)");
  if (next) {
    out += '"';
    AppendInt(out, *next);
    out += '"';
  } else {
    out.append("null");
  }
  out.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

Task<Result<void>> GetRadioSchedule(Station& station, Call& call) {
  const auto on_air = station.parts.conductor.Now();
  std::vector<Slot> slots;
  if (const Slot* playing = on_air->At(call.now)) {
    slots.push_back(*playing);
    const auto queue = on_air->QueueAt(call.now);
    slots.insert(slots.end(), queue.begin(), queue.end());
  }
  std::string& out = call.response.body;
  out.assign(kDataOpen) += '{';
  const RenderedPtr rendered = station.Rendered(call.thread);
  if (auto written = co_await AppendSlots(station, call.reader(), rendered, std::move(slots), out);
      !written) {
    co_return written;
  }
  out.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

void AppendServerTime(std::string& out, Instant now) {
  out.append(R"({"serverTime":)");
  AppendTime(out, now);
  out.append(R"(,"epochMs":)");
  AppendInt(out, ToEpochMs(now));
  out += '}';
}

Task<Result<void>> GetTime(Station& station, Call& call) {
  std::string& out = call.response.body;
  out.assign(kDataOpen);
  AppendServerTime(out, station.parts.clock.Now());  // as late as can be: clients measure with it
  out.append(kDataClose);
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

}  // namespace popradio::api
