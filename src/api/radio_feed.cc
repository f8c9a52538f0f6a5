#include "api/radio_feed.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/comment_json.h"
#include "api/reply.h"
#include "api/station.h"
#include "api/stream_text.h"
#include "base/json_text.h"
#include "base/log.h"

namespace popradio::api {
namespace {

namespace asio = boost::asio;

std::string SongJson(const RenderedCatalogue& rendered, const realtime::OnAir& on_air,
                     const Slot* playing, const store::Engagement* numbers) {
  std::string out = R"({"nowPlaying":)";
  const auto song =
      playing == nullptr ? std::nullopt : rendered.catalogue().FindSong(playing->song);
  if (song) {
    AppendEventSong(out, rendered, *song, *playing, *numbers);
  } else {
    out.append("null");
  }
  out.append(R"(,"playlistId":)");
  if (on_air.rotation.playlist) {
    AppendId(out, *on_air.rotation.playlist);
  } else {
    out.append("null");
  }
  out += '}';
  return out;
}

std::string QueueJson(const RenderedCatalogue& rendered, std::span<const Slot> queue,
                      const store::Engagement* numbers) {
  std::string out = R"({"queue":[)";
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto song = rendered.catalogue().FindSong(queue[i].song);
    if (!song) continue;
    if (out.back() != '[') out += ',';
    AppendEventSong(out, rendered, *song, queue[i], numbers[i]);
  }
  out.append("]}");
  return out;
}

}  // namespace

RadioFeed::RadioFeed(Station& station, realtime::Hub& hub, asio::io_context& context)
    : station_(station), hub_(hub), context_(context), timer_(context), thread_(0) {}

void RadioFeed::Start() {
  station_.parts.conductor.OnChange([feed = weak_from_this()] {
    if (const auto self = feed.lock()) self->Nudge();
  });
  asio::co_spawn(
      context_, [self = shared_from_this()]() -> Task<void> { co_await self->Loop(); },
      asio::detached);
}

void RadioFeed::Stop() {
  stopped_ = true;
  Nudge();
}

void RadioFeed::Nudge() {
  asio::post(context_, [self = shared_from_this()] {
    self->nudged_ = true;
    self->timer_.cancel();
  });
}

Task<void> RadioFeed::Loop() {
  while (!stopped_) {
    nudged_ = false;
    try {
      co_await Look();
    } catch (const std::exception& e) {
      Log(LogLevel::kError, "the events could not be made", {{"what", e.what()}});
    }
    if (nudged_ || stopped_) continue;
    const Instant now = station_.parts.clock.Now();
    timer_.expires_after(UntilNextLook(station_.OnAir(thread_).At(now), now));
    boost::system::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

Millis RadioFeed::UntilNextLook(const Slot* playing, Instant now) const {
  if (playing == nullptr || playing->ends_at <= now) return kFeedTick;
  return std::clamp(std::chrono::duration_cast<Millis>(playing->ends_at - now), Millis(1),
                    kFeedTick);
}

Task<void> RadioFeed::Look() {
  const Instant now = station_.parts.clock.Now();
  const Millis steady = station_.parts.clock.Steady();
  const RenderedPtr rendered = station_.Rendered(thread_);
  station_.OnAir(thread_);
  const auto on_air = thread_.on_air;
  const Slot* playing = on_air->At(now);
  const std::int64_t seq = playing == nullptr ? -1 : playing->seq;
  if (seq != seen_seq_) PublishReactions(steady, true);  // they were about the song before
  on_air_song_ = playing == nullptr ? std::nullopt : std::optional(playing->song);
  if (rendered.get() != seen_rendered_ || thread_.on_air_version != seen_on_air_ ||
      seq != seen_seq_) {
    co_await PublishSongs(*rendered, *on_air, now);
    seen_rendered_ = rendered.get();
    seen_on_air_ = thread_.on_air_version;
    seen_seq_ = seq;
  }
  co_await PublishCounters(*rendered, playing, steady);
  co_await PublishVote(*on_air, playing, steady);
  PublishReactions(steady, false);
  hub_.Beat();
}

void RadioFeed::PublishState(StatePlace place, std::string_view name, std::string data,
                             bool urgent) {
  hub_.Publish({name, std::move(data), std::nullopt, static_cast<std::size_t>(place), urgent});
}

Task<void> RadioFeed::PublishSongs(const RenderedCatalogue& rendered, const realtime::OnAir& on_air,
                                   Instant now) {
  // Compared without the numbers, which have an event of their own.
  const Slot* playing = on_air.At(now);
  const auto queue = on_air.QueueAt(now);
  const std::vector<store::Engagement> none(queue.size() + 1);
  std::string song_shape = SongJson(rendered, on_air, playing, none.data());
  std::string queue_shape = QueueJson(rendered, queue, none.data());
  if (song_shape == song_shape_ && queue_shape == queue_shape_) co_return;

  std::vector<Target> targets;
  if (playing != nullptr) targets.push_back({TargetType::kSong, playing->song});
  for (const Slot& slot : queue) targets.push_back({TargetType::kSong, slot.song});
  std::vector<store::Engagement> numbers;
  // Numbers that cannot be read now are sent when they can.
  if (auto read = co_await ReadNumbers(station_, nullptr, targets, numbers); !read) {
    numbers.assign(targets.size(), {});
  }
  const std::size_t first = playing == nullptr ? 0 : 1;
  if (song_shape != song_shape_) {
    song_shape_ = std::move(song_shape);
    PublishState(StatePlace::kNowPlaying, "nowPlaying",
                 SongJson(rendered, on_air, playing, numbers.data()), true);
  }
  if (queue_shape != queue_shape_) {
    queue_shape_ = std::move(queue_shape);
    PublishState(StatePlace::kQueue, "queue", QueueJson(rendered, queue, numbers.data() + first),
                 true);
  }
}

std::string RadioFeed::CountersJson(const Target& target, const store::Engagement& numbers) {
  const bool song = target.type == TargetType::kSong;
  std::string out = song ? R"({"songId":)" : R"({"playlistId":)";
  AppendId(out, target.id);
  out.append(R"(,"likes":)");
  AppendInt(out, numbers.likes);
  out.append(song ? R"(,"plays":)" : R"(,"views":)");
  AppendInt(out, numbers.plays);
  out += '}';
  return out;
}

Task<void> RadioFeed::PublishCounters(const RenderedCatalogue& rendered, const Slot* playing,
                                      Millis steady) {
  std::vector<Target> targets;
  if (playing != nullptr) targets.push_back({TargetType::kSong, playing->song});
  for (const ObjectId& topic : hub_.ActiveTopics()) {
    if (playing != nullptr && topic == playing->song) continue;
    const bool song = rendered.catalogue().FindSong(topic).has_value();
    targets.push_back({song ? TargetType::kSong : TargetType::kPlaylist, topic});
  }
  const auto unknown = [&](const Target& target) { return !counted_.contains(target); };
  const std::uint64_t version = station_.engagement().Version();
  if (version == counted_version_ && std::none_of(targets.begin(), targets.end(), unknown)) {
    co_return;
  }
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station_, nullptr, targets, numbers); !read) co_return;
  bool waiting = false;  // for its second to be over
  std::map<Target, Counted> counted;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const bool on_the_air = playing != nullptr && i == 0;
    const auto before = counted_.find(targets[i]);
    if (before != counted_.end()) {
      counted[targets[i]] = before->second;
      if (before->second.numbers == numbers[i]) continue;
      if (steady - before->second.at < kCountersEvery) {
        waiting = true;
        continue;
      }
    }
    counted[targets[i]] = {numbers[i], steady};
    hub_.Publish(
        {"counters", CountersJson(targets[i], numbers[i]),
         on_the_air ? std::nullopt : std::optional(targets[i].id),
         on_the_air ? static_cast<std::size_t>(StatePlace::kCounters) : realtime::kNotKept});
  }
  counted_ = std::move(counted);
  counted_version_ = waiting ? 0 : version;
}

void RadioFeed::PublishListeners(int listeners, Millis steady) {
  if (listeners_ == listeners) return;
  if (listeners_ && steady - listeners_at_ < kListenersEvery) return;
  listeners_ = listeners;
  listeners_at_ = steady;
  std::string out = R"({"listeners":)";
  AppendInt(out, listeners);
  PublishState(StatePlace::kListeners, "listeners", out + '}', false);
}

Task<void> RadioFeed::PublishVote(const realtime::OnAir& on_air, const Slot* playing,
                                  Millis steady) {
  const auto numbers = station_.presence.Look(steady);
  PublishListeners(numbers.listeners, steady);

  const SkipPolicy policy = on_air.rotation.skip.value_or(station_.options.skip);
  const std::int64_t seq = playing == nullptr ? -1 : playing->seq;
  const auto standing = station_.ballot.Look(seq, nullptr, numbers, steady);
  std::string out = R"({"skip":{"policy":")";
  out.append(Code(policy)).append(R"(","votes":)");
  AppendInt(out, standing.votes);
  out.append(R"(,"seq":)");
  if (playing == nullptr) {
    out.append("null");
  } else {
    AppendInt(out, seq);
  }
  const std::string urgent = out;
  out.append(R"(,"needed":)");
  AppendInt(out, standing.needed);
  out.append("}}");
  // A vote shows at once; that the room has grown may wait as long as the number of listeners.
  if (urgent != skip_urgent_ || (out != skip_ && steady - skip_at_ >= kListenersEvery)) {
    skip_ = out;
    skip_urgent_ = urgent;
    skip_at_ = steady;
    PublishState(StatePlace::kSkip, "skip", std::move(out), true);
  }
  // Who left may have been the one that was lacking. A vote that has just been cast is its own
  // request's affair.
  const bool passed =
      policy == SkipPolicy::kVote && playing != nullptr && standing.votes > 0 && standing.passed();
  if (!passed || passed_seq_ != seq) passed_since_ = steady;
  passed_seq_ = passed ? seq : -1;
  if (passed && steady - passed_since_ >= kLeaverDecidesAfter) {
    const auto skipped = co_await station_.parts.conductor.Skip(seq, false);
    if (skipped) {
      Log(LogLevel::kInfo, "song skipped",
          {{"song", playing->song.ToHex()}, {"by", "vote"}, {"votes", standing.votes}});
    }
  }
}

void RadioFeed::React(std::size_t index) {
  reactions_[index].fetch_add(1, std::memory_order_relaxed);
}

void RadioFeed::PublishReactions(Millis steady, bool now) {
  if (!on_air_song_ || (!now && steady - reactions_at_ < kReactionsEvery)) return;
  std::string out;
  for (std::size_t i = 0; i < kReactions.size(); ++i) {
    const std::uint32_t count = reactions_[i].exchange(0, std::memory_order_relaxed);
    if (count == 0) continue;
    out.append(out.empty() ? "\"" : ",\"").append(kReactions[i]).append("\":");
    AppendInt(out, count);
  }
  if (out.empty()) return;
  reactions_at_ = steady;
  std::string data = R"({"songId":)";
  AppendId(data, *on_air_song_);
  data.append(R"(,"reactions":{)").append(out).append("}}");
  if (station_.link) station_.link->Reacted(data);
  PublishReaction(std::move(data));
}

void RadioFeed::PublishReaction(std::string data) { hub_.Publish({"reaction", std::move(data)}); }

void RadioFeed::CommentAdded(const Comment& comment) {
  std::string data = R"({"comment":)";
  AppendPublicComment(data, comment, station_.secret);
  data += '}';
  if (station_.link) station_.link->CommentAdded(comment.target, data);
  PublishComment(comment.target, std::move(data));
}

void RadioFeed::PublishComment(const Target& target, std::string data) {
  const auto on_air = station_.parts.conductor.Now();
  const Slot* playing = on_air->At(station_.parts.clock.Now());
  const bool on_the_air =
      playing != nullptr && target.type == TargetType::kSong && playing->song == target.id;
  // A conversation does not wait for numbers that went to everybody a moment ago.
  hub_.Publish({"comment", std::move(data), on_the_air ? std::nullopt : std::optional(target.id),
                realtime::kNotKept, true});
}

void RadioFeed::CommentHidden(const Comment& comment) {
  std::string data = R"({"commentId":)";
  AppendId(data, comment.id);
  data += ',';
  AppendField(data, "targetType", Name(comment.target.type));
  data.append(R"(,"targetId":)");
  AppendId(data, comment.target.id);
  data += '}';
  if (station_.link) station_.link->CommentHidden(data);
  PublishHidden(std::move(data));
}

void RadioFeed::PublishHidden(std::string data) {
  // To everybody: a page may still show a comment of the song before.
  hub_.Publish({"commentHidden", std::move(data)});
}

}  // namespace popradio::api
