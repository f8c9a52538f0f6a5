#include "store/distributed/keys.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"

namespace popradio::store::distributed {
namespace {

const ObjectId kId = *ObjectId::Parse("507f1f77bcf86cd799439011");
const SessionId kSession = *SessionId::Parse("0b0e8f1a-1111-4222-8333-444455556666");
const Target kSong{TargetType::kSong, kId}, kPlaylist{TargetType::kPlaylist, kId};

// Names are part of the data: a Redis that holds some is read by these and no others.
TEST(Keys, AreTheDocumentsNamesWithATag) {
  EXPECT_EQ(PartitionOf(kId), 24);
  EXPECT_EQ(LikesKey(kSong).view(), "song:507f1f77bcf86cd799439011:likes{24}");
  EXPECT_EQ(PlaysKey(kSong).view(), "song:507f1f77bcf86cd799439011:plays{24}");
  EXPECT_EQ(PlaysKey(kPlaylist).view(), "playlist:507f1f77bcf86cd799439011:views{24}");
  EXPECT_EQ(LikersKey(kPlaylist).view(), "playlist:507f1f77bcf86cd799439011:likers{24}");
  EXPECT_EQ(VersionKey(kSong).view(), "song:507f1f77bcf86cd799439011:version{24}");
  EXPECT_EQ(DirtyKey(7).view(), "dirty{07}");
  EXPECT_EQ(OutboxKey(63).view(), "outbox{63}");
  EXPECT_EQ(BuiltKey(0).view(), "built{00}");
  const Instant moment = *ParseIso8601("2026-02-03T23:59:59.999Z");
  EXPECT_EQ(DayKey(moment, 5).view(), "day:2026-02-03:{05}");
  EXPECT_EQ(VisitorsKey(moment).view(), "day:2026-02-03:visitors");
  EXPECT_EQ(LikedKey(kSession, TargetType::kSong).view(),
            "user:{0b0e8f1a-1111-4222-8333-444455556666}:liked:songs");
  EXPECT_EQ(SessionKey(kSession).view(), "session:{0b0e8f1a-1111-4222-8333-444455556666}");
  EXPECT_EQ(SongCacheKey(kId).view(), "cache:song:507f1f77bcf86cd799439011");
  const std::string sha(40, 'f');
  EXPECT_EQ(PlayOnceKey(kPlaylist, kSession, sha).str(),
            "play:playlist:507f1f77bcf86cd799439011:0b0e8f1a-1111-4222-8333-444455556666:" + sha +
                "{24}");
}

TEST(Keys, LimitsNameTheAddressOrTheSession) {
  LimitSubject subject;
  subject.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 50};
  EXPECT_EQ(RateKey(subject, LimitAction::kLike).view(), "rate:{203.0.113.50}:like");
  subject.bytes = {0x20, 0x01, 0x0d, 0xb8};
  EXPECT_EQ(RateKey(subject, LimitAction::kApi).view(),
            "rate:{20010db8000000000000000000000000}:api");
  subject.kind = LimitSubject::Kind::kSession;
  subject.bytes = kSession.bytes();
  EXPECT_EQ(RateKey(subject, LimitAction::kSessionLike).view(),
            "rate:{0b0e8f1a-1111-4222-8333-444455556666}:session_like");
}

TEST(Keys, ATargetsNameIsReadBack) {
  for (const Target& target : {kSong, kPlaylist}) {
    EXPECT_EQ(ParseTargetName(TargetName(target)), target);
  }
  for (const char* wrong : {"", "song", "song:", "song:xyz", "album:507f1f77bcf86cd799439011",
                            "song:507f1f77bcf86cd799439011:likes"}) {
    EXPECT_FALSE(ParseTargetName(wrong)) << wrong;
  }
}

TEST(Keys, PartitionsAreUsedEvenly) {
  SeededRandom random(1);
  std::array<int, kPartitions> used{};
  for (int i = 0; i < 64'000; ++i)
    ++used[static_cast<std::size_t>(
        PartitionOf(ObjectId::Make(FromEpochMs(1'700'000'000'000 + i), random)))];
  for (const int count : used) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace popradio::store::distributed
