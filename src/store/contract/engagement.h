#pragma once

#include <array>
#include <map>
#include <set>

#include "store/contract/harness.h"

namespace popradio::store::contract {

class EngagementContract : public ContractTest {
 protected:
  Result<std::int64_t> Like(const SessionId& session, const Target& target) {
    return Await(backend().engagement().Like(session, target));
  }
  Result<std::int64_t> Unlike(const SessionId& session, const Target& target) {
    return Await(backend().engagement().Unlike(session, target));
  }
  Result<std::int64_t> Count(const Target& target, const SessionId* session = nullptr,
                             std::optional<std::string> key = std::nullopt) {
    return Await(backend().engagement().Count(target, session, std::move(key)));
  }
  Engagement Read(const Target& target, const SessionId* session = nullptr) {
    Engagement result;
    EXPECT_TRUE(Await(backend().engagement().Read(session, {&target, 1}, {&result, 1})));
    return result;
  }
  ErrorCode CodeOf(const Result<std::int64_t>& result) {
    return result ? ErrorCode::kInternal : result.error().code;
  }
};

TEST_P(EngagementContract, ANewTargetHasNothing) {
  const SessionId session = NewSession();
  EXPECT_EQ(Read(NewSongTarget(), &session), (Engagement{0, 0, false}));
}

TEST_P(EngagementContract, ALikeAnswersTheNumberAfterIt) {
  const Target song = NewSongTarget();
  const SessionId first = NewSession(), second = NewSession();
  EXPECT_EQ(Like(first, song).value(), 1);
  EXPECT_EQ(Like(second, song).value(), 2);
  EXPECT_EQ(Read(song, &first), (Engagement{2, 0, true}));
  EXPECT_EQ(Read(song), (Engagement{2, 0, false}));
  EXPECT_EQ(Unlike(first, song).value(), 1);
  EXPECT_EQ(Read(song, &first), (Engagement{1, 0, false}));
  EXPECT_EQ(Read(song, &second), (Engagement{1, 0, true}));
}

TEST_P(EngagementContract, ASecondLikeIsRefusedAndAnUnlikeOfWhatIsNotLikedToo) {
  const Target song = NewSongTarget();
  const SessionId session = NewSession();
  EXPECT_EQ(CodeOf(Unlike(session, song)), ErrorCode::kNotLiked);
  EXPECT_TRUE(Like(session, song));
  EXPECT_EQ(CodeOf(Like(session, song)), ErrorCode::kAlreadyLiked);
  EXPECT_EQ(Read(song).likes, 1);
}

TEST_P(EngagementContract, SongsAndPlaylistsOfOneIdAreDifferentThings) {
  const ObjectId id = NewId();
  const SessionId session = NewSession();
  EXPECT_TRUE(Like(session, {TargetType::kSong, id}));
  EXPECT_TRUE(Like(session, {TargetType::kPlaylist, id}));
  EXPECT_EQ(Count({TargetType::kPlaylist, id}).value(), 1);
  EXPECT_EQ(Read({TargetType::kSong, id}).plays, 0);
}

TEST_P(EngagementContract, LikedIsInTheOrderOfLiking) {
  const SessionId session = NewSession();
  const Target a = NewSongTarget(), b = NewSongTarget(), c = NewSongTarget(),
               list = NewPlaylistTarget();
  for (const Target& target : {b, a, list, c}) ASSERT_TRUE(Like(session, target));
  EXPECT_EQ(Await(backend().engagement().Liked(session)).value().songs,
            (std::vector{b.id, a.id, c.id}));
  ASSERT_TRUE(Unlike(session, b));
  ASSERT_TRUE(Like(session, b));
  const LikedSet liked = Await(backend().engagement().Liked(session)).value();
  EXPECT_EQ(liked.songs, (std::vector{a.id, c.id, b.id}));
  EXPECT_EQ(liked.playlists, (std::vector{list.id}));
  EXPECT_TRUE(Await(backend().engagement().Liked(NewSession())).value().songs.empty());
}

TEST_P(EngagementContract, EveryPlayWithoutAKeyCounts) {
  const Target song = NewSongTarget();
  const SessionId session = NewSession();
  EXPECT_EQ(Count(song).value(), 1);
  EXPECT_EQ(Count(song, &session).value(), 2);
  EXPECT_EQ(Count(song, &session).value(), 3);
  EXPECT_EQ(Read(song).plays, 3);
}

TEST_P(EngagementContract, AKeyCountsOncePerSessionAndTarget) {
  const Target song = NewSongTarget(), other = NewSongTarget();
  const SessionId session = NewSession(), stranger = NewSession();
  EXPECT_EQ(Count(song, &session, "k1").value(), 1);
  EXPECT_EQ(Count(song).value(), 2);
  EXPECT_EQ(Count(song, &session, "k1").value(), 2) << "a repeat answers the present number";
  EXPECT_EQ(Count(song, &session, "k2").value(), 3);
  EXPECT_EQ(Count(song, &stranger, "k1").value(), 4);
  EXPECT_EQ(Count(other, &session, "k1").value(), 1);
}

TEST_P(EngagementContract, AKeyIsRememberedForADayAcrossRestarts) {
  const Target song = NewSongTarget();
  const SessionId session = NewSession();
  EXPECT_EQ(Count(song, &session, "key").value(), 1);
  clock().Advance(std::chrono::hours(kIdempotencyHours) - std::chrono::minutes(1));
  Restart();
  EXPECT_EQ(Count(song, &session, "key").value(), 1);
  clock().Advance(std::chrono::minutes(2));
  EXPECT_EQ(Count(song, &session, "key").value(), 2);
}

TEST_P(EngagementContract, ConcurrentRepeatsOfAKeyCountOnce) {
  const Target song = NewSongTarget();
  const SessionId session = NewSession();
  std::vector<Task<Result<std::int64_t>>> tasks;
  for (int i = 0; i < 20; ++i)
    tasks.push_back(backend().engagement().Count(song, &session, "same"));
  for (const auto& result : AwaitAll(std::move(tasks))) EXPECT_EQ(result.value(), 1);
  EXPECT_EQ(Read(song).plays, 1);
}

TEST_P(EngagementContract, ConcurrentLikesOfOneSessionCountOnce) {
  const Target song = NewSongTarget();
  const SessionId session = NewSession();
  std::vector<Task<Result<std::int64_t>>> tasks;
  for (int i = 0; i < 20; ++i) tasks.push_back(backend().engagement().Like(session, song));
  int liked = 0;
  for (const auto& result : AwaitAll(std::move(tasks))) {
    liked += result ? 1 : 0;
    if (!result) EXPECT_EQ(result.error().code, ErrorCode::kAlreadyLiked);
  }
  EXPECT_EQ(liked, 1);
  EXPECT_EQ(Read(song).likes, 1);
}

TEST_P(EngagementContract, ConcurrentLikesOfManyAnswerEachNumberOnce) {
  const Target song = NewSongTarget();
  std::vector<Task<Result<std::int64_t>>> tasks;
  for (int i = 0; i < 100; ++i) tasks.push_back(backend().engagement().Like(NewSession(), song));
  std::set<std::int64_t> answers;
  for (const auto& result : AwaitAll(std::move(tasks))) answers.insert(result.value());
  EXPECT_EQ(answers.size(), 100u);
  EXPECT_EQ(*answers.rbegin(), 100);
}

TEST_P(EngagementContract, AForgottenSessionLikesNothing) {
  const Target a = NewSongTarget(), b = NewPlaylistTarget();
  const SessionId session = NewSession(), other = NewSession();
  for (const Target& target : {a, b}) ASSERT_TRUE(Like(session, target));
  ASSERT_TRUE(Like(other, a));
  ASSERT_TRUE(Await(backend().engagement().Forget(session)));
  EXPECT_EQ(Read(a, &session), (Engagement{1, 0, false}));
  EXPECT_EQ(Read(b, &session), (Engagement{0, 0, false}));
  EXPECT_TRUE(Like(session, a));
}

TEST_P(EngagementContract, TheVersionRisesWithEachChange) {
  const Target song = NewSongTarget();
  const std::uint64_t before = backend().engagement().Version();
  ASSERT_TRUE(Like(NewSession(), song));
  const std::uint64_t liked = backend().engagement().Version();
  EXPECT_GT(liked, before);
  ASSERT_TRUE(Count(song));
  EXPECT_GT(backend().engagement().Version(), liked);
}

TEST_P(EngagementContract, BaseCountsOfTheCatalogueAreIncluded) {
  Song song;
  song.id = NewId();
  song.title = "Love Story";
  song.duration_s = 235;
  song.base_likes = 42'538;
  song.base_plays = 1'289'456;
  ASSERT_TRUE(Await(backend().catalogue().Update([&](const Catalogue&) -> Result<CatalogueChange> {
    return CatalogueChange{{song}, {}};
  })));
  const Target target{TargetType::kSong, song.id};
  EXPECT_EQ(Read(target), (Engagement{42'538, 1'289'456, false}));
  const SessionId session = NewSession();
  EXPECT_EQ(Like(session, target).value(), 42'539);
  EXPECT_EQ(Count(target).value(), 1'289'457);
  Restart();
  EXPECT_EQ(Read(target, &session), (Engagement{42'539, 1'289'457, true}));
}

// Random operations against a plain model, with restarts in between.
TEST_P(EngagementContract, BehavesLikeAPlainModel) {
  std::vector<SessionId> sessions(7);
  for (SessionId& session : sessions) session = NewSession();
  std::vector<Target> targets;
  for (int i = 0; i < 6; ++i) targets.push_back(i % 3 == 0 ? NewPlaylistTarget() : NewSongTarget());
  std::map<SessionId, std::vector<Target>> liked;
  std::map<Target, std::int64_t> likes, plays;
  for (int step = 0; step < 1500; ++step) {
    const SessionId& session = sessions[random_.Below(sessions.size())];
    const Target& target = targets[random_.Below(targets.size())];
    std::vector<Target>& mine = liked[session];
    const auto found = std::find(mine.begin(), mine.end(), target);
    switch (random_.Below(20)) {
      case 0:
        ASSERT_TRUE(Await(backend().engagement().Forget(session)));
        for (const Target& gone : mine) --likes[gone];
        mine.clear();
        break;
      case 1:
        if (step % 10 == 0) Restart();
        break;
      case 2:
      case 3:
      case 4:
        ASSERT_EQ(Count(target, &session).value(), ++plays[target]);
        break;
      case 5:
      case 6:
      case 7:
      case 8:
      case 9:
      case 10: {
        const auto result = Unlike(session, target);
        ASSERT_EQ(result.has_value(), found != mine.end());
        if (result) {
          mine.erase(found);
          ASSERT_EQ(*result, --likes[target]);
        }
        break;
      }
      default: {
        const auto result = Like(session, target);
        ASSERT_EQ(result.has_value(), found == mine.end());
        if (result) {
          mine.push_back(target);
          ASSERT_EQ(*result, ++likes[target]);
        }
      }
    }
    const bool likes_it = std::find(mine.begin(), mine.end(), target) != mine.end();
    ASSERT_EQ(Read(target, &session), (Engagement{likes[target], plays[target], likes_it}))
        << "step " << step;
  }
  for (const SessionId& session : sessions) {
    LikedSet expected;
    for (const Target& target : liked[session]) {
      (target.type == TargetType::kSong ? expected.songs : expected.playlists).push_back(target.id);
    }
    const LikedSet found = Await(backend().engagement().Liked(session)).value();
    EXPECT_EQ(found.songs, expected.songs);
    EXPECT_EQ(found.playlists, expected.playlists);
  }
}

}  // namespace popradio::store::contract
