#include "realtime/conductor.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "radio/timeline.h"

namespace popradio::realtime {

namespace asio = boost::asio;

const Slot* OnAir::At(Instant now) const {
  const Slot* at = nullptr;
  for (const Slot& slot : slots) {
    if (slot.starts_at > now && at) break;
    at = &slot;
  }
  // Past the end of what is known the last one stands, for the moment until more is known; a slot
  // that was cut off because the library became empty does not.
  return at && now >= at->ends_at && at->skipped ? nullptr : at;
}

std::span<const Slot> OnAir::QueueAt(Instant now) const {
  const Slot* at = At(now);
  if (!at) return {};
  const std::span<const Slot> after(at + 1, slots.data() + slots.size());
  return after.first(std::min(after.size(), kQueueLength));
}

namespace {

// When a song was last ended before its time, by whichever node.
std::optional<Instant> LastSkip(const std::vector<Slot>& slots) {
  const auto last =
      std::find_if(slots.rbegin(), slots.rend(), [](const Slot& slot) { return slot.skipped; });
  return last == slots.rend() ? std::nullopt : std::optional(last->ends_at);
}

}  // namespace

Conductor::Conductor(asio::io_context& context, const Clock& clock, Random& random,
                     store::CatalogueStore& catalogue, store::EngagementStore& engagement,
                     store::TimelineStore& timeline)
    : strand_(asio::make_strand(context)),
      timer_(strand_),
      mutex_(strand_),
      clock_(clock),
      random_(random),
      catalogue_(catalogue),
      engagement_(engagement),
      store_(timeline),
      on_air_(std::make_shared<const OnAir>()) {}

radio::Library Conductor::MakeLibrary() const {
  const CataloguePtr catalogue = catalogue_.Current();
  return radio::Library(*catalogue, rotation_, [&](const ObjectId& id) {
    const Target target{TargetType::kSong, id};
    store::Engagement numbers;
    // A number that would have to be waited for counts as none: it only tilts the draw.
    return engagement_.ReadNow(nullptr, {&target, 1}, {&numbers, 1}) ? numbers.likes : 0;
  });
}

void Conductor::NoteClock() {
  seen_now_ = clock_.Now();
  seen_steady_ = clock_.Steady();
}

Task<Result<void>> Conductor::Load() {
  auto loaded = co_await store_.Load(radio::kRemembered);
  if (!loaded) co_return Fail(loaded.error());
  stored_ = *std::move(loaded);
  co_return Result<void>();
}

Task<Result<void>> Conductor::LoadAll() {
  auto rotation = co_await store_.LoadRotation();
  if (!rotation) co_return Fail(rotation.error());
  auto loaded = co_await Load();
  if (!loaded) co_return loaded;
  rotation_ = *rotation;
  store_known_ = true;
  co_return Result<void>();
}

Task<Result<void>> Conductor::Start() {
  co_return co_await asio::co_spawn(
      strand_,
      [this]() -> Task<Result<void>> {
        {
          const auto hold = co_await mutex_.Lock();
          auto loaded = co_await LoadAll();
          if (!loaded && loaded.error().code != ErrorCode::kUnavailable) co_return loaded;
          timeline_ = stored_;
          if (timeline_.revision == 0) timeline_.seed = random_.Next();
          NoteClock();
          catalogue_seen_ = 0;
        }
        catalogue_.OnChange([this] { asio::post(strand_, [this] { timer_.cancel(); }); });
        auto first = co_await Change(
            [this](const Timeline& t, const radio::Library& l, Instant now) -> Result<Timeline> {
              return radio::Reconcile(t, l, rotation_, now);
            },
            false);
        if (!first) co_return first;
        asio::co_spawn(strand_, Loop(), asio::detached);
        co_return Result<void>();
      },
      asio::use_awaitable);
}

void Conductor::Stop() {
  stopped_ = true;
  asio::post(strand_, [this] { timer_.cancel(); });
}

Task<Result<void>> Conductor::Store() {
  if (!store_known_) {
    if (auto loaded = co_await LoadAll(); !loaded) co_return loaded;
    // What was played meanwhile gives way, unless nothing was ever stored.
    if (stored_.revision != 0) co_return Fail(ErrorCode::kConflict, "The timeline is there now.");
  }
  const auto change = radio::Difference(stored_.slots, timeline_.slots);
  if (change.empty()) co_return Result<void>();
  auto done = co_await store_.Replace(stored_.revision, timeline_.seed, change);
  if (!done) co_return done;
  timeline_.revision = stored_.revision + 1;
  stored_ = timeline_;
  for (const auto& callback : on_stored_) callback();
  co_return Result<void>();
}

Task<Result<void>> Conductor::Change(Edit edit, bool must_store) {
  const auto hold = co_await mutex_.Lock();
  if (stopped_)
    co_return Fail(ErrorCode::kUnavailable, "The station is stopping. Try again in a moment.", 5);
  constexpr int kAttempts =
      8;  // another node was faster that often in a row: give up until the next tick
  Result<void> result;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    catalogue_seen_ = catalogue_.Version();
    auto wanted = edit(timeline_, MakeLibrary(), clock_.Now());
    if (!wanted) co_return Fail(wanted.error());
    Timeline before = std::exchange(timeline_, *std::move(wanted));
    result = co_await Store();
    if (result) break;
    if (result.error().code == ErrorCode::kConflict) {
      if (auto loaded = co_await Load(); !loaded) {
        timeline_ = std::move(before);
        result = Fail(loaded.error());
        break;
      }
      timeline_ = stored_;
      continue;
    }
    if (must_store) timeline_ = std::move(before);
    break;
  }
  if (result.has_value() == store_failing_) {
    store_failing_ = !result.has_value();
    if (store_failing_) {
      Log(LogLevel::kError, "timeline not stored, playing from memory",
          {{"reason", result.error().message}});
    } else {
      Log(LogLevel::kInfo, "timeline stored again");
    }
  }
  Publish();
  co_return must_store ? result : Result<void>();
}

void Conductor::Publish() {
  auto next = std::make_shared<OnAir>();
  next->rotation = rotation_;
  const Instant now = clock_.Now();
  auto first = timeline_.slots.begin();
  if (const auto playing = radio::Playing(timeline_.slots, now)) {
    first += static_cast<std::ptrdiff_t>(*playing);
  } else {
    first =
        std::find_if(first, timeline_.slots.end(), [&](const Slot& s) { return s.ends_at > now; });
  }
  next->slots.assign(first, timeline_.slots.end());
  const auto present = on_air_.Load();
  // Nothing new but that time passed: readers keep what they have derived.
  const auto& old = present->slots;
  const bool same = present->rotation == next->rotation && old.size() >= next->slots.size() &&
                    !next->slots.empty() &&
                    std::equal(next->slots.begin(), next->slots.end(),
                               old.end() - static_cast<std::ptrdiff_t>(next->slots.size()));
  if (same) return;
  on_air_.Store(std::move(next));
  for (const auto& callback : callbacks_) callback();
}

Task<void> Conductor::Loop() {
  while (!stopped_) {
    const auto on_air = on_air_.Load();
    const Instant now = clock_.Now();
    const Slot* playing = on_air->At(now);
    auto wait = kTick;
    if (playing && playing->ends_at > now) wait = std::min(wait, playing->ends_at - now);
    timer_.expires_after(std::max(wait, Millis(1)));
    boost::system::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (stopped_) break;

    const Instant later = clock_.Now();
    const Instant expected = seen_now_ + (clock_.Steady() - seen_steady_);
    const Millis jump = later - expected;
    const bool jumped = jump > kClockJump || jump < -kClockJump;
    NoteClock();
    const auto at = radio::Playing(timeline_.slots, later);
    const bool enough = at && timeline_.slots.size() - 1 - *at >= radio::kAhead;
    if (enough && !jumped && !store_failing_ && catalogue_seen_ == catalogue_.Version()) continue;
    if (jumped) Log(LogLevel::kWarn, "the clock was set", {{"by_ms", jump.count()}});
    auto kept = co_await Change(
        [&](const Timeline& t, const radio::Library& l, Instant instant) -> Result<Timeline> {
          return radio::Reconcile(jumped ? radio::MoveWithClock(t, expected, jump) : t, l,
                                  rotation_, instant);
        },
        false);
    if (!kept && !stopped_)
      Log(LogLevel::kWarn, "timeline not kept", {{"reason", kept.error().message}});
  }
}

Task<Result<Slot>> Conductor::Skip(std::optional<std::int64_t> seq, bool by_curator) {
  co_return co_await asio::co_spawn(
      strand_,
      [this, seq, by_curator]() -> Task<Result<Slot>> {
        auto done = co_await Change(
            [&](const Timeline& t, const radio::Library& l, Instant now) -> Result<Timeline> {
              const auto playing = radio::Playing(t.slots, now);
              if (!playing)
                return Fail(ErrorCode::kSongNotFound, "The station has no song to skip.");
              if (seq && t.slots[*playing].seq != *seq) {
                return Fail(ErrorCode::kSongOver, "That song is over already.");
              }
              const auto last = LastSkip(t.slots);
              if (!by_curator && last && now >= *last && now - *last < kSkipPause) {
                const auto left =
                    std::chrono::ceil<std::chrono::seconds>(*last + kSkipPause - now).count();
                return Fail(ErrorCode::kSkipTooSoon,
                            "A song was skipped a moment ago. Try again in " +
                                std::to_string(left) + (left == 1 ? " second." : " seconds."),
                            static_cast<int>(left));
              }
              return radio::SkipPlaying(t, l, rotation_, now);
            },
            true);
        if (!done) co_return Fail(done.error());
        const Slot* playing = on_air_.Load()->At(clock_.Now());
        if (!playing)
          co_return Fail(ErrorCode::kSongNotFound, "The station has no song to play next.");
        co_return *playing;
      },
      asio::use_awaitable);
}

Task<Result<void>> Conductor::Refresh() {
  co_return co_await asio::co_spawn(
      strand_,
      [this]() -> Task<Result<void>> {
        const auto hold = co_await mutex_.Lock();
        // What could not be stored goes on playing from memory until it can.
        if (stopped_ || store_failing_ || !store_known_) co_return Result<void>();
        auto rotation = co_await store_.LoadRotation();
        if (!rotation) co_return Fail(rotation.error());
        const std::int64_t known = stored_.revision;
        if (auto loaded = co_await Load(); !loaded) co_return loaded;
        const bool same = stored_.revision == known && *rotation == rotation_;
        if (same) co_return Result<void>();
        rotation_ = *rotation;
        timeline_ = stored_;
        Publish();
        co_return Result<void>();
      },
      asio::use_awaitable);
}

Task<Result<Slot>> Conductor::PinNext(ObjectId song) {
  co_return co_await asio::co_spawn(
      strand_,
      [this, song]() -> Task<Result<Slot>> {
        Slot pinned;
        auto done = co_await Change(
            [&](const Timeline& t, const radio::Library& l, Instant now) -> Result<Timeline> {
              if (!l.Find(song))
                return Fail(ErrorCode::kSongNotFound, "There is no active song with that id.");
              Timeline next = radio::PinAfterPlaying(t, l, rotation_, now, song);
              if (const auto at = radio::Playing(next.slots, now)) pinned = next.slots[*at + 1];
              return next;
            },
            true);
        if (!done) co_return Fail(done.error());
        co_return pinned;
      },
      asio::use_awaitable);
}

Task<Result<void>> Conductor::CatchUp() {
  co_return co_await asio::co_spawn(
      strand_,
      [this]() -> Task<Result<void>> {
        // Also where the version is known already: a change that is under way has not been
        // published yet.
        co_return co_await Change(
            [this](const Timeline& t, const radio::Library& l, Instant now) -> Result<Timeline> {
              return radio::Reconcile(t, l, rotation_, now);
            },
            false);
      },
      asio::use_awaitable);
}

Task<Result<void>> Conductor::SetRotation(Rotation rotation) {
  co_return co_await asio::co_spawn(
      strand_,
      [this, rotation]() -> Task<Result<void>> {
        {
          const auto hold = co_await mutex_.Lock();
          if (auto saved = co_await store_.SaveRotation(rotation); !saved) co_return saved;
          rotation_ = rotation;
          for (const auto& callback : on_stored_) callback();
        }
        co_return co_await Change(
            [this](const Timeline& t, const radio::Library& l, Instant now) -> Result<Timeline> {
              return radio::Reconcile(t, l, rotation_, now);
            },
            false);
      },
      asio::use_awaitable);
}

}  // namespace popradio::realtime
