#include "realtime/conductor.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "radio/timeline.h"

namespace popradio::realtime {
namespace {

using std::chrono::seconds;

class ManualClock final : public Clock {
 public:
  Instant Now() const override { return FromEpochMs(now_); }
  Millis Steady() const override { return Millis(steady_); }
  void Advance(Millis by) {
    now_ += by.count();
    steady_ += by.count();
  }
  // Somebody sets the clock: time passes no faster.
  void Jump(Millis by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_{ToEpochMs(*ParseIso8601("2026-02-03T10:25:00Z"))};
  std::atomic<std::int64_t> steady_{1'000'000};
};

ObjectId Id(std::uint8_t n) {
  std::array<std::uint8_t, ObjectId::kBytes> bytes{};
  bytes[0] = n;
  return ObjectId(bytes);
}

// Fakes of the stores: in memory, with failures on demand.
class FakeCatalogueStore final : public store::CatalogueStore {
 public:
  void Set(std::vector<Song> songs) {
    current_.Store(std::make_shared<const Catalogue>(Version() + 1, std::move(songs),
                                                     std::vector<Playlist>()));
    for (const auto& callback : callbacks_) callback();
  }
  CataloguePtr Current() const override { return current_.Load(); }
  std::uint64_t Version() const override { return current_.version(); }
  Task<Result<CataloguePtr>> Update(Edit) override { co_return Current(); }
  void OnChange(std::function<void()> callback) override {
    callbacks_.push_back(std::move(callback));
  }
  // Makes the conductor look at once instead of at its next tick.
  void Nudge() {
    for (const auto& callback : callbacks_) callback();
  }

 private:
  Published<Catalogue> current_{std::make_shared<const Catalogue>()};
  std::vector<std::function<void()>> callbacks_;
};

class FakeEngagementStore final : public store::EngagementStore {
 public:
  bool ReadNow(const SessionId*, std::span<const Target>,
               std::span<store::Engagement> out) const override {
    std::fill(out.begin(), out.end(), store::Engagement());
    return true;
  }
  Task<Result<void>> Read(const SessionId*, std::span<const Target>,
                          std::span<store::Engagement>) override {
    co_return Result<void>();
  }
  std::uint64_t Version() const override { return 1; }
  Task<Result<std::int64_t>> Like(SessionId, Target) override { co_return 0; }
  Task<Result<std::int64_t>> Unlike(SessionId, Target) override { co_return 0; }
  Task<Result<std::int64_t>> Count(Target, const SessionId*, std::optional<std::string>) override {
    co_return 0;
  }
  Task<Result<store::LikedSet>> Liked(SessionId) override { co_return store::LikedSet(); }
  Task<Result<void>> Forget(SessionId) override { co_return Result<void>(); }
};

class FakeTimelineStore final : public store::TimelineStore {
 public:
  Task<Result<Timeline>> Load(std::size_t) override {
    if (away) co_return Fail(ErrorCode::kUnavailable, "away", 5);
    co_return timeline;
  }
  Task<Result<void>> Replace(std::int64_t expected, std::uint64_t seed,
                             std::vector<Slot> slots) override {
    if (failing || away) co_return Fail(ErrorCode::kUnavailable, "disk full", 5);
    if (expected != timeline.revision)
      co_return Fail(ErrorCode::kConflict, "another node was faster");
    std::erase_if(timeline.slots, [&](const Slot& s) { return s.seq >= slots.front().seq; });
    timeline.slots.insert(timeline.slots.end(), slots.begin(), slots.end());
    timeline.seed = seed;
    ++timeline.revision;
    co_return Result<void>();
  }
  Task<Result<std::vector<Slot>>> History(std::optional<std::int64_t>, std::size_t) override {
    co_return timeline.slots;
  }
  Task<Result<Rotation>> LoadRotation() override {
    if (broken) co_return Fail(ErrorCode::kInternal, "broken");
    if (away) co_return Fail(ErrorCode::kUnavailable, "away", 5);
    co_return rotation;
  }
  Task<Result<void>> SaveRotation(Rotation r) override {
    rotation = r;
    co_return Result<void>();
  }
  Timeline timeline;
  Rotation rotation;
  bool failing = false;  // to write
  bool away = false;     // altogether
  bool broken = false;
};

std::vector<Song> Songs(std::uint8_t count) {
  std::vector<Song> songs(count);
  for (std::uint8_t i = 0; i < count; ++i) {
    songs[i].id = Id(static_cast<std::uint8_t>(i + 1));
    songs[i].artist = "Artist " + std::to_string(i);
    songs[i].duration_s = 60;
  }
  return songs;
}

class ConductorTest : public testing::Test {
 protected:
  ~ConductorTest() override {
    conductor_.Stop();
    context_.restart();
    context_.run_for(seconds(2));
  }

  // Runs the task and whatever it wakes on this thread.
  template <class T>
  T Run(Task<T> task) {
    auto future = boost::asio::co_spawn(context_, std::move(task), boost::asio::use_future);
    context_.restart();
    while (future.wait_for(seconds(0)) != std::future_status::ready)
      context_.run_one_for(seconds(5));
    return future.get();
  }
  // Lets the conductor look at the clock and the catalogue now.
  void Look() {
    context_.restart();
    context_.poll();
    catalogue_.Nudge();
    context_.restart();
    context_.poll();
  }
  const Slot& Playing() {
    held_ = conductor_.Now();
    const Slot* slot = held_->At(clock_.Now());
    EXPECT_NE(slot, nullptr);
    return *slot;
  }

  boost::asio::io_context context_{1};
  ManualClock clock_;
  SeededRandom random_{42};
  FakeCatalogueStore catalogue_;
  FakeEngagementStore engagement_;
  FakeTimelineStore timeline_;
  Conductor conductor_{context_, clock_, random_, catalogue_, engagement_, timeline_};
  std::shared_ptr<const OnAir> held_;
};

TEST_F(ConductorTest, PlaysAndKnowsTheNextFive) {
  catalogue_.Set(Songs(10));
  ASSERT_TRUE(Run(conductor_.Start()));
  EXPECT_EQ(Playing().starts_at, clock_.Now());
  for (int i = 0; i < 30; ++i) {
    const ObjectId next = conductor_.Now()->QueueAt(clock_.Now())[0].song;
    EXPECT_EQ(conductor_.Now()->QueueAt(clock_.Now()).size(), kQueueLength);
    clock_.Advance(seconds(60));
    EXPECT_EQ(Playing().song, next);  // known at the very moment of the change
    EXPECT_EQ(conductor_.Now()->QueueAt(clock_.Now()).size(), kQueueLength);
    Look();
  }
  EXPECT_EQ(timeline_.timeline.slots.size(), 30u + 1 + radio::kAhead);
}

TEST_F(ConductorTest, WaitsForTheFirstSongAndPlaysItAtOnce) {
  ASSERT_TRUE(Run(conductor_.Start()));
  EXPECT_EQ(conductor_.Now()->At(clock_.Now()), nullptr);
  clock_.Advance(seconds(5));
  catalogue_.Set(Songs(1));
  Look();
  EXPECT_EQ(Playing().starts_at, clock_.Now());
  EXPECT_EQ(Playing().why, Why::kOnlySong);
}

TEST_F(ConductorTest, ADeactivatedSongLeavesAtOnce) {
  catalogue_.Set(Songs(8));
  ASSERT_TRUE(Run(conductor_.Start()));
  clock_.Advance(seconds(10));
  const ObjectId gone = Playing().song;
  auto songs = Songs(8);
  for (Song& song : songs) song.is_active = song.id != gone;
  const auto version = conductor_.Version();
  catalogue_.Set(songs);
  Look();
  EXPECT_NE(Playing().song, gone);
  EXPECT_GT(conductor_.Version(), version);
  for (const Slot& slot : conductor_.Now()->slots) EXPECT_NE(slot.song, gone);
}

TEST_F(ConductorTest, ASkipIsStoredAndNotRepeatedWithinTenSeconds) {
  catalogue_.Set(Songs(8));
  ASSERT_TRUE(Run(conductor_.Start()));
  clock_.Advance(seconds(10));
  const Slot before = Playing();
  const auto skipped = Run(conductor_.Skip(before.seq, false));
  ASSERT_TRUE(skipped) << skipped.error().message;
  EXPECT_EQ(skipped->seq, before.seq + 1);
  EXPECT_EQ(Playing(), *skipped);
  EXPECT_TRUE(timeline_.timeline.slots[0].skipped);

  EXPECT_EQ(Run(conductor_.Skip(before.seq, true)).error().code, ErrorCode::kSongOver);
  clock_.Advance(Millis(9'100));
  const auto soon = Run(conductor_.Skip(std::nullopt, false));
  ASSERT_FALSE(soon);
  EXPECT_EQ(soon.error().code, ErrorCode::kSkipTooSoon);
  EXPECT_EQ(soon.error().retry_after_s, 1);
  EXPECT_TRUE(Run(conductor_.Skip(std::nullopt, true)));  // the curator may
  clock_.Advance(seconds(10));
  EXPECT_TRUE(Run(conductor_.Skip(std::nullopt, false)));
}

TEST_F(ConductorTest, ARefusedWriteUndoesASkipButNotTheMusic) {
  catalogue_.Set(Songs(8));
  ASSERT_TRUE(Run(conductor_.Start()));
  clock_.Advance(seconds(10));
  const Slot before = Playing();
  timeline_.failing = true;
  EXPECT_EQ(Run(conductor_.Skip(std::nullopt, false)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Playing(), before);
  for (int i = 0; i < 20; ++i) {  // far past what was stored
    clock_.Advance(seconds(60));
    Look();
    EXPECT_EQ(conductor_.Now()->QueueAt(clock_.Now()).size(), kQueueLength);
  }
  const std::size_t stored = timeline_.timeline.slots.size();
  timeline_.failing = false;
  Look();
  EXPECT_EQ(timeline_.timeline.slots.size(), stored + 20);
  for (std::size_t i = 1; i < timeline_.timeline.slots.size(); ++i) {
    EXPECT_EQ(timeline_.timeline.slots[i].starts_at, timeline_.timeline.slots[i - 1].ends_at);
  }
}

TEST_F(ConductorTest, ARefreshTakesOverWhatAnotherNodeStored) {
  catalogue_.Set(Songs(8));
  int stored = 0, changed = 0;
  conductor_.OnStored([&] { ++stored; });
  conductor_.OnChange([&] { ++changed; });
  ASSERT_TRUE(Run(conductor_.Start()));
  EXPECT_EQ(stored, 1);
  clock_.Advance(seconds(10));
  timeline_.timeline = radio::SkipPlaying(
      timeline_.timeline,
      radio::Library(*catalogue_.Current(), {}, [](const ObjectId&) { return 0; }), {},
      clock_.Now());
  ++timeline_.timeline.revision;
  timeline_.rotation.skip = SkipPolicy::kOff;
  const int before = changed;
  ASSERT_TRUE(Run(conductor_.Refresh()));
  EXPECT_EQ(Playing(), timeline_.timeline.slots[1]);
  EXPECT_EQ(conductor_.Now()->rotation.skip, SkipPolicy::kOff);
  EXPECT_EQ(changed, before + 1);
  EXPECT_EQ(stored, 1) << "what others stored is not told to them again";
  ASSERT_TRUE(Run(conductor_.Refresh()));
  EXPECT_EQ(changed, before + 1) << "nothing new";
  // The pause between two skips counts whoever skipped.
  EXPECT_EQ(Run(conductor_.Skip(std::nullopt, false)).error().code, ErrorCode::kSkipTooSoon);
}

TEST_F(ConductorTest, AnotherNodesChangeIsTakenOver) {
  catalogue_.Set(Songs(8));
  ASSERT_TRUE(Run(conductor_.Start()));
  clock_.Advance(seconds(10));
  // The other node skipped and stored.
  timeline_.timeline = radio::SkipPlaying(
      timeline_.timeline,
      radio::Library(*catalogue_.Current(), {}, [](const ObjectId&) { return 0; }), {},
      clock_.Now());
  ++timeline_.timeline.revision;
  const Slot theirs = timeline_.timeline.slots[1];
  ASSERT_TRUE(Run(conductor_.PinNext(Id(3))));
  EXPECT_EQ(Playing(), theirs);
  EXPECT_EQ(conductor_.Now()->QueueAt(clock_.Now())[0].song, Id(3));
  EXPECT_EQ(conductor_.Now()->QueueAt(clock_.Now())[0].why, Why::kPinned);
}

TEST_F(ConductorTest, AClockThatIsSetDoesNotMoveTheMusic) {
  catalogue_.Set(Songs(8));
  ASSERT_TRUE(Run(conductor_.Start()));
  clock_.Advance(seconds(20));
  Look();
  const ObjectId song = Playing().song;
  for (const Millis jump : {Millis(std::chrono::hours(1)), Millis(-std::chrono::hours(2))}) {
    clock_.Jump(jump);
    Look();
    EXPECT_EQ(Playing().song, song);
    EXPECT_EQ(clock_.Now() - Playing().starts_at, seconds(20));
  }
}

TEST_F(ConductorTest, PlaysWhileTheStoreIsAwayAndGivesWayToWhatIsStored) {
  catalogue_.Set(Songs(8));
  radio::Library library(*catalogue_.Current(), {}, [](const ObjectId&) { return 0; });
  timeline_.timeline = radio::Reconcile({4, 99, {}}, library, {}, clock_.Now());
  timeline_.rotation.skip = SkipPolicy::kOff;
  clock_.Advance(seconds(75));
  timeline_.away = true;
  ASSERT_TRUE(Run(conductor_.Start()));
  EXPECT_EQ(conductor_.Now()->QueueAt(clock_.Now()).size(), kQueueLength);
  EXPECT_EQ(Run(conductor_.Skip(std::nullopt, true)).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(Run(conductor_.Refresh()));
  const std::size_t stored = timeline_.timeline.slots.size();
  timeline_.away = false;
  Look();
  EXPECT_EQ(Playing(), timeline_.timeline.slots[1]) << "what the others play";
  EXPECT_EQ(conductor_.Now()->rotation.skip, SkipPolicy::kOff);
  EXPECT_EQ(timeline_.timeline.slots.size(), stored + 1) << "and goes on from there";
}

TEST_F(ConductorTest, WhatItPlayedBeforeTheStoreWasThereIsStoredWhereNothingIs) {
  catalogue_.Set(Songs(8));
  timeline_.away = true;
  ASSERT_TRUE(Run(conductor_.Start()));
  const Slot playing = Playing();
  timeline_.away = false;
  clock_.Advance(seconds(5));
  Look();
  EXPECT_EQ(Playing(), playing);
  EXPECT_EQ(timeline_.timeline.slots.front(), playing);
}

TEST_F(ConductorTest, DoesNotStartOnAStoreThatIsBroken) {
  timeline_.broken = true;
  EXPECT_EQ(Run(conductor_.Start()).error().code, ErrorCode::kInternal);
}

TEST_F(ConductorTest, OnlyAnActiveSongCanBePinned) {
  catalogue_.Set(Songs(3));
  ASSERT_TRUE(Run(conductor_.Start()));
  EXPECT_EQ(Run(conductor_.PinNext(Id(99))).error().code, ErrorCode::kSongNotFound);
}

TEST_F(ConductorTest, GoesOnWhereAnEarlierOneStopped) {
  catalogue_.Set(Songs(8));
  ASSERT_TRUE(Run(conductor_.Start()));
  clock_.Advance(seconds(70));
  Look();
  const Slot playing = Playing();
  conductor_.Stop();
  clock_.Advance(seconds(5));
  boost::asio::io_context context;
  SeededRandom other(7);
  Conductor again(context, clock_, other, catalogue_, engagement_, timeline_);
  auto started = boost::asio::co_spawn(context, again.Start(), boost::asio::use_future);
  context.run_for(Millis(50));
  ASSERT_TRUE(started.get());
  EXPECT_EQ(*again.Now()->At(clock_.Now()), playing);
  again.Stop();
  context.restart();
  context.run_for(seconds(2));
}

}  // namespace
}  // namespace popradio::realtime
