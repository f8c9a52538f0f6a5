#pragma once

#include "store/contract/harness.h"

namespace popradio::store::contract {

class TimelineContract : public ContractTest {
 protected:
  Slot Make(std::int64_t seq, Why why = Why::kRotation) {
    return {
        seq, NewId(), Start() + std::chrono::minutes(seq), Start() + std::chrono::minutes(seq + 1),
        why, false};
  }
  Result<void> Replace(std::int64_t expected, std::vector<Slot> slots, std::uint64_t seed = 7) {
    return Await(backend().timeline().Replace(expected, seed, std::move(slots)));
  }
  Timeline Load(std::size_t most = 100) { return Await(backend().timeline().Load(most)).value(); }
};

TEST_P(TimelineContract, IsEmptyAtFirst) { EXPECT_EQ(Load(), Timeline()); }

TEST_P(TimelineContract, WhatWasStoredComesBackWholeAfterARestart) {
  std::vector<Slot> slots = {Make(1, Why::kPinned), Make(2, Why::kRelaxedArtist), Make(3)};
  slots[0].skipped = true;
  const std::uint64_t seed = 0xfedcba9876543210ULL;
  ASSERT_TRUE(Replace(0, slots, seed));
  Restart();
  EXPECT_EQ(Load(), (Timeline{1, seed, slots}));
}

TEST_P(TimelineContract, LoadGivesTheNewestOldestFirst) {
  ASSERT_TRUE(Replace(0, {Make(1), Make(2), Make(3), Make(4)}));
  const Timeline timeline = Load(2);
  ASSERT_EQ(timeline.slots.size(), 2u);
  EXPECT_EQ(timeline.slots[0].seq, 3);
  EXPECT_EQ(timeline.slots[1].seq, 4);
}

TEST_P(TimelineContract, OnlyOneOfTwoWithTheSameRevisionWins) {
  ASSERT_TRUE(Replace(0, {Make(1)}));
  std::vector<Task<Result<void>>> tasks;
  for (int i = 0; i < 5; ++i) tasks.push_back(backend().timeline().Replace(1, 9, {Make(2)}));
  int won = 0;
  for (const Result<void>& result : AwaitAll(std::move(tasks))) {
    won += result ? 1 : 0;
    if (!result) EXPECT_EQ(result.error().code, ErrorCode::kConflict);
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(Load().revision, 2);
  EXPECT_EQ(Replace(0, {Make(3)}).error().code, ErrorCode::kConflict);
}

TEST_P(TimelineContract, ReplacingDropsEverythingFromTheFirstNewSlotOn) {
  const Slot first = Make(1);
  ASSERT_TRUE(Replace(0, {first, Make(2), Make(3), Make(4)}));
  const Slot other = Make(2, Why::kLoved);
  ASSERT_TRUE(Replace(1, {other}));
  EXPECT_EQ(Load().slots, (std::vector{first, other}));
}

TEST_P(TimelineContract, HistoryGoesFromNewToOld) {
  ASSERT_TRUE(Replace(0, {Make(1), Make(2), Make(3), Make(4)}));
  const auto newest = Await(backend().timeline().History(std::nullopt, 2)).value();
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[0].seq, 4);
  const auto older = Await(backend().timeline().History(newest[1].seq, 5)).value();
  ASSERT_EQ(older.size(), 2u);
  EXPECT_EQ(older[0].seq, 2);
  EXPECT_EQ(older[1].seq, 1);
}

TEST_P(TimelineContract, RotationIsKept) {
  EXPECT_EQ(Await(backend().timeline().LoadRotation()).value(), Rotation());
  Rotation rotation;
  rotation.song_window = 12;
  rotation.likes_weight = 0.25;
  rotation.playlist = NewId();
  ASSERT_TRUE(Await(backend().timeline().SaveRotation(rotation)));
  Restart();
  EXPECT_EQ(Await(backend().timeline().LoadRotation()).value(), rotation);
}

}  // namespace popradio::store::contract
