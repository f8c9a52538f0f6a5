#include <algorithm>
#include <boost/asio/ip/tcp.hpp>

#include "api/handlers.h"
#include "api/json_body.h"
#include "api/radio_feed.h"
#include "api/radio_json.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/json_text.h"
#include "http/query.h"

namespace popradio::api {
namespace {

using realtime::Topics;

// How long a client waits before it comes back: drawn, so that a hundred thousand do not return in
// the same moment.
constexpr std::uint64_t kRetryAtLeastMs = 1'000;
constexpr std::uint64_t kRetrySpreadMs = 3'000;

Error NotReady() {
  return Error(ErrorCode::kUnavailable, "The station is starting. Try again in a moment.", 1);
}

// The songs and playlists that the query names.
Result<std::vector<Target>> TopicsOf(const http::Query& query, const Catalogue& catalogue) {
  std::vector<Target> topics;
  for (std::size_t i = 0; i < query.size(); ++i) {
    const bool song = query[i].name == "song";
    if (!song && query[i].name != "playlist") continue;
    const auto id = ObjectId::Parse(query[i].value);
    if (!id) {
      return Fail(ErrorCode::kInvalidParameter, std::string(query[i].name) + " must be an id");
    }
    const Target target{song ? TargetType::kSong : TargetType::kPlaylist, *id};
    if (std::find(topics.begin(), topics.end(), target) != topics.end()) continue;
    if (song) {
      const auto index = catalogue.FindSong(*id);
      if (!index || !catalogue.songs()[*index].is_active) {
        return Fail(ErrorCode::kSongNotFound, "There is no such song.");
      }
    } else {
      const auto index = catalogue.FindPlaylist(*id);
      if (!index || !catalogue.playlists()[*index].is_active) {
        return Fail(ErrorCode::kPlaylistNotFound, "There is no such playlist.");
      }
    }
    topics.push_back(target);
  }
  if (topics.size() > realtime::kMaxTopics) {
    return Fail(ErrorCode::kInvalidParameter, "song and playlist may name at most " +
                                                  std::to_string(realtime::kMaxTopics) +
                                                  " things in all");
  }
  return topics;
}

// What a listener holds as long as its stream is open.
struct Companion {
  Companion(Station& its_station, const SessionId& its_session, http::ConnectionSlot&& its_slot)
      : station(its_station), session(its_session), slot(std::move(its_slot)) {}
  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;
  ~Companion() {
    if (counted) station.presence.Exit(session, station.parts.clock.Steady());
  }

  Station& station;
  SessionId session;
  http::ConnectionSlot slot;
  bool counted = false;
};

// Call lives no longer than the answer, and a std::function must be copyable.
struct Arrival {
  SessionId session;
  VoterAddress voter;
  Topics topics;
  std::uint64_t next = 0;
};

}  // namespace

Task<Result<void>> GetRadioEvents(Station& station, Call& call) {
  if (!station.hub) co_return Fail(NotReady());
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto named = query->Get("lastEventId");
  if (!named) co_return Fail(named.error());
  const auto targets = TopicsOf(*query, station.Rendered(call.thread)->catalogue());
  if (!targets) co_return Fail(targets.error());
  std::vector<store::Engagement> numbers;
  if (!targets->empty()) {
    if (auto read = co_await ReadNumbers(station, nullptr, *targets, numbers); !read) {
      co_return read;
    }
  }
  const std::string_view header = call.request.Header("Last-Event-ID");
  const std::string_view last = header.empty() ? named->value_or("") : header;

  realtime::HubShard& shard = station.hub->shard(call.request.thread);
  auto arrival = std::make_shared<Arrival>();
  arrival->session = call.session;
  arrival->voter = call.voter;
  for (const Target& target : *targets) arrival->topics.push_back(target.id);

  // From here on nothing waits: the state, and the place in the log that follows it.
  std::string& out = call.response.body;
  out.assign("retry: ");
  AppendInt(out, static_cast<std::int64_t>(kRetryAtLeastMs +
                                           station.parts.random.Next() % kRetrySpreadMs));
  out.append("\n\n");
  arrival->next = shard.Open(arrival->topics, last, out);
  for (std::size_t i = 0; i < targets->size(); ++i) {
    out.append("event: counters\ndata: ")
        .append(RadioFeed::CountersJson((*targets)[i], numbers[i]))
        .append("\n\n");
  }
  out.append(shard.HeadId()).append("event: serverTime\ndata: ");
  AppendServerTime(out, station.parts.clock.Now());
  out.append("\n\n");

  call.response.content_type = "text/event-stream";
  call.response.AddRawHeaders("X-Accel-Buffering: no\r\n");
  call.response.TakeOver([&station, &shard, arrival](boost::asio::ip::tcp::socket&& socket,
                                                     http::ConnectionSlot&& slot) {
    boost::system::error_code ec;
    const int fd = socket.release(ec);
    if (ec) return;
    auto companion = std::make_shared<Companion>(station, arrival->session, std::move(slot));
    companion->counted =
        station.presence.Enter(arrival->session, arrival->voter, station.parts.clock.Steady());
    shard.Adopt(fd, std::move(arrival->topics), arrival->next, std::move(companion));
  });
  co_return Result<void>();
}

Task<Result<void>> React(Station& station, Call& call) {
  if (!station.feed) co_return Fail(NotReady());
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  const auto text = TextField(*body, "reaction");
  if (!text) co_return Fail(text.error());
  const auto found = std::find(kReactions.begin(), kReactions.end(), text->value_or(""));
  if (found == kReactions.end()) {
    co_return Fail(ErrorCode::kInvalidParameter, "reaction must be one of 💖 ✨ 🔥 😭 🪩");
  }
  const auto on_air = station.parts.conductor.Now();
  const Slot* playing = on_air->At(call.now);
  if (playing == nullptr) co_return Fail(ErrorCode::kSongNotFound, "The station has no songs.");
  if (const Millis wait = station.reaction_limit.Take(call.session, call.steady);
      wait > Millis(0)) {
    const auto seconds = static_cast<int>((wait.count() + 999) / 1000);
    co_return Fail(ErrorCode::kRateLimited,
                   "That is many reactions at once. Try again in " + std::to_string(seconds) +
                       (seconds == 1 ? " second." : " seconds."),
                   seconds);
  }
  station.feed->React(static_cast<std::size_t>(found - kReactions.begin()));
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"songId":)");
  AppendId(out, playing->song);
  out.append(R"(,"reaction":)");
  AppendJsonString(out, *found);
  out.append("}").append(kDataClose);
  call.response.status = 202;
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

}  // namespace popradio::api
