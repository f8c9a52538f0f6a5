#include "store/distributed/kept_timeline.h"

#include <gtest/gtest.h>

#include "store/contract/harness.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;

ObjectId Id(std::uint8_t n) {
  std::array<std::uint8_t, ObjectId::kBytes> bytes{};
  bytes[0] = n;
  return ObjectId(bytes);
}

Slot At(std::int64_t seq) {
  const Instant begin = contract::Start() + std::chrono::minutes(seq);
  return {seq,         Id(static_cast<std::uint8_t>(seq)),
          begin,       begin + std::chrono::minutes(1),
          Why::kLoved, seq % 2 == 0};
}

class FakeStore final : public TimelineStore {
 public:
  Task<Result<Timeline>> Load(std::size_t) override {
    if (away) co_return Fail(ErrorCode::kUnavailable, "away");
    co_return timeline;
  }
  Task<Result<void>> Replace(std::int64_t, std::uint64_t, std::vector<Slot>) override {
    if (away) co_return Fail(ErrorCode::kUnavailable, "away");
    co_return Result<void>();
  }
  Task<Result<std::vector<Slot>>> History(std::optional<std::int64_t>, std::size_t) override {
    co_return timeline.slots;
  }
  Task<Result<Rotation>> LoadRotation() override {
    if (away) co_return Fail(ErrorCode::kUnavailable, "away");
    co_return rotation;
  }
  Task<Result<void>> SaveRotation(Rotation) override { co_return Result<void>(); }
  Timeline timeline;
  Rotation rotation;
  bool away = false;
};

class KeptTimelineTest : public testing::Test {
 protected:
  FakeStore store_;
  std::vector<std::string> copies_;
  KeptTimeline kept_{store_, [this](std::string json) { copies_.push_back(std::move(json)); }};
};

TEST_F(KeptTimelineTest, ACopyHoldsEverything) {
  RememberedTimeline all{{7, ~std::uint64_t{0}, {At(1), At(2)}}, {}};
  all.rotation.playlist = Id(9);
  all.rotation.skip = SkipPolicy::kCurator;
  all.rotation.likes_weight = 0.25;
  EXPECT_EQ(TimelineFromJson(TimelineToJson(all)), all);
  for (const char* other : {"", "[]", "{}", "{\"revision\":1}", "\xff"}) {
    EXPECT_EQ(TimelineFromJson(other), std::nullopt) << other;
  }
}

TEST_F(KeptTimelineTest, EveryChangeMakesACopyAndLookingAgainMakesNone) {
  store_.timeline = {3, 5, {At(1), At(2), At(3)}};
  ASSERT_TRUE(Await(kept_.LoadRotation()));
  ASSERT_TRUE(Await(kept_.Load(160)));
  ASSERT_EQ(copies_.size(), 1u);
  ASSERT_TRUE(Await(kept_.Load(160)));
  ASSERT_TRUE(Await(kept_.LoadRotation()));
  EXPECT_EQ(copies_.size(), 1u);
  Slot other = At(3);
  other.song = Id(44);
  ASSERT_TRUE(Await(kept_.Replace(3, 6, {other, At(4)})));
  ASSERT_EQ(copies_.size(), 2u);
  const Timeline expected{4, 6, {At(1), At(2), other, At(4)}};
  EXPECT_EQ(TimelineFromJson(copies_.back())->timeline, expected);
  Rotation rotation;
  rotation.song_window = 3;
  ASSERT_TRUE(Await(kept_.SaveRotation(rotation)));
  EXPECT_EQ(TimelineFromJson(copies_.back())->rotation, rotation);
}

TEST_F(KeptTimelineTest, WhoStartsWhileTheStoreIsAwayIsToldTheCopyOnce) {
  const RememberedTimeline copy{{7, 8, {At(1), At(2)}}, {}};
  kept_.Remember(copy);
  store_.away = true;
  EXPECT_EQ(*Await(kept_.LoadRotation()), copy.rotation);
  EXPECT_EQ(*Await(kept_.Load(160)), copy.timeline);
  EXPECT_FALSE(Await(kept_.Load(160)));
  EXPECT_FALSE(Await(kept_.Replace(7, 9, {At(3)})));
  kept_.KeepAgain();
  EXPECT_EQ(TimelineFromJson(copies_.back()), copy) << "what failed is in no copy";
}

TEST_F(KeptTimelineTest, TheStoreGoesBeforeTheCopy) {
  kept_.Remember({{7, 8, {At(1)}}, {}});
  store_.timeline = {9, 1, {At(5)}};
  EXPECT_EQ(Await(kept_.Load(160))->revision, 9);
  store_.away = true;
  EXPECT_FALSE(Await(kept_.Load(160)));
}

}  // namespace
}  // namespace popradio::store::distributed
