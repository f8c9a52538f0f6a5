#pragma once

#include "store/contract/harness.h"

namespace popradio::store::contract {

class AnalyticsContract : public ContractTest {
 protected:
  std::vector<AnalyticsDay> Days(int before = 400, int after = 1) {
    return Await(backend().analytics().Days(clock().Now() - std::chrono::days(before),
                                            clock().Now() + std::chrono::days(after)))
        .value();
  }
  void Play(const Target& target, int times = 1) {
    for (int i = 0; i < times; ++i)
      ASSERT_TRUE(Await(backend().engagement().Count(target, nullptr, std::nullopt)));
  }
  static Instant Midnight(Instant now) { return std::chrono::floor<std::chrono::days>(now); }
};

TEST_P(AnalyticsContract, QuietDaysAreLeftOut) { EXPECT_TRUE(Days().empty()); }

TEST_P(AnalyticsContract, PlaysViewsAndLikesAreAddedUpByDay) {
  const Target a = NewSongTarget(), b = NewSongTarget(), list = NewPlaylistTarget();
  const SessionId session = NewSession();
  Play(a, 2);
  Play(b, 3);
  Play(list, 4);
  ASSERT_TRUE(Await(backend().engagement().Like(session, a)));
  ASSERT_TRUE(Await(backend().engagement().Like(NewSession(), a)));
  const Instant first_day = Midnight(clock().Now());
  clock().Advance(std::chrono::days(1));
  ASSERT_TRUE(Await(backend().engagement().Unlike(session, a)));
  Play(a);
  Restart();
  const std::vector<AnalyticsDay> expected = {
      {first_day, 5, 0, {{b.id, 3, 0}, {a.id, 2, 2}}, {{list.id, 4, 0}}},
      {first_day + std::chrono::days(1), 1, 0, {{a.id, 1, -1}}, {}},
  };
  EXPECT_EQ(Days(), expected);
  EXPECT_EQ(Days(/*before=*/0), (std::vector{expected[1]}));
}

TEST_P(AnalyticsContract, ARepeatedKeyIsNotAPlay) {
  const Target song = NewSongTarget();
  const SessionId session = NewSession();
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(Await(backend().engagement().Count(song, &session, "key")));
  ASSERT_EQ(Days().size(), 1u);
  EXPECT_EQ(Days()[0].total_plays, 1);
}

TEST_P(AnalyticsContract, VisitorsAreCountedOnceADayAcrossRestarts) {
  std::vector<SessionId> sessions(50);
  for (SessionId& session : sessions) session = NewSession();
  for (int round = 0; round < 3; ++round) {
    for (const SessionId& session : sessions) backend().analytics().Visit(session, clock().Now());
    Restart();
  }
  clock().Advance(std::chrono::days(1));
  for (int i = 0; i < 10; ++i)
    backend().analytics().Visit(sessions[static_cast<std::size_t>(i)], clock().Now());
  Restart();
  const std::vector<AnalyticsDay> days = Days();
  ASSERT_EQ(days.size(), 2u);
  // Redis estimates visitors (HyperLogLog, 0.81 %): two of fifty may share a register.
  EXPECT_NEAR(days[0].unique_visitors, 50, 1);
  EXPECT_NEAR(days[1].unique_visitors, 10, 1);
}

TEST_P(AnalyticsContract, TodaysVisitorsAreKnownAtOnce) {
  for (int i = 0; i < 3; ++i) backend().analytics().Visit(NewSession(), clock().Now());
  const std::vector<AnalyticsDay> days = Days();
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].unique_visitors, 3);
  EXPECT_EQ(days[0].total_plays, 0);
}

TEST_P(AnalyticsContract, TheTopIsBoundedAndStaysWhenTheDayIsLongOver) {
  std::vector<Target> songs;
  for (std::size_t i = 0; i < kTopTargets + 5; ++i) {
    songs.push_back(NewSongTarget());
    Play(songs.back(), static_cast<int>(i) + 1);
  }
  const std::vector<AnalyticsDay> fresh = Days();
  ASSERT_EQ(fresh.size(), 1u);
  ASSERT_EQ(fresh[0].top_songs.size(), kTopTargets);
  EXPECT_EQ(fresh[0].top_songs[0],
            (TargetDay{songs.back().id, static_cast<std::int64_t>(kTopTargets) + 5, 0}));
  clock().Advance(std::chrono::days(10));
  Restart();
  Restart();
  EXPECT_EQ(Days(), fresh);
}

}  // namespace popradio::store::contract
