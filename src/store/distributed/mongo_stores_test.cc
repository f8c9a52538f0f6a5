// What the stores keep in MongoDB beyond their contract: comments, slots, likers, counts, sessions,
// days.
#include <gtest/gtest.h>

#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;
using contract::AwaitAll;
using contract::Start;
using mongo::Database;
using mongo::Document;

using FieldTypes = std::vector<std::pair<std::string, bson_type_t>>;

class MongoStoresTest : public testing::Test {
 protected:
  MongoNode& node() { return harness_.node(); }
  ObjectId NewId() { return ObjectId::Make(harness_.clock().Now(), random_); }
  SessionId NewSession() { return SessionId::Make(random_); }
  Comment MakeComment(const std::string& text) {
    Comment comment;
    comment.id = NewId();
    comment.target = {TargetType::kSong, NewId()};
    comment.session = NewSession();
    comment.text = text;
    comment.created_at = harness_.clock().Now();
    return comment;
  }
  Document Only(const char* collection) {
    const auto all = harness_.database().All(collection);
    EXPECT_EQ(all.size(), 1u);
    return all.at(0);
  }
  std::vector<Slot> Slots(std::int64_t first, int count) {
    std::vector<Slot> slots;
    for (std::int64_t seq = first; seq < first + count; ++seq) {
      slots.push_back({seq, NewId(), Start() + std::chrono::minutes(seq),
                       Start() + std::chrono::minutes(seq + 1), Why::kRotation, false});
    }
    return slots;
  }

  SeededRandom random_{11};
  MongoHarness harness_;
};

TEST_F(MongoStoresTest, ACommentHasTheDocumentsFieldsInItsTypes) {
  Comment comment = MakeComment("so dreamy");
  comment.fingerprint = "browser";
  ASSERT_TRUE(Await(node().comments.Add(comment)));
  const Document stored = Only(kComments);
  EXPECT_EQ(stored.view().Fields(), (FieldTypes{{"_id", BSON_TYPE_OID},
                                                {"targetType", BSON_TYPE_UTF8},
                                                {"targetId", BSON_TYPE_OID},
                                                {"sessionId", BSON_TYPE_UTF8},
                                                {"userFingerprint", BSON_TYPE_UTF8},
                                                {"text", BSON_TYPE_UTF8},
                                                {"createdAt", BSON_TYPE_DATE_TIME},
                                                {"isHidden", BSON_TYPE_BOOL},
                                                {"expireAt", BSON_TYPE_DATE_TIME}}));
  EXPECT_EQ(stored.view().Text("targetType"), "song");
  EXPECT_EQ(stored.view().Date("expireAt"), Start() + std::chrono::days(30));
}

TEST_F(MongoStoresTest, MongoItselfRemovesWhatIsOver) {
  const SystemClock real;
  Comment over = MakeComment("over"), stays = MakeComment("stays");
  over.expire_at = real.Now() - std::chrono::seconds(1);
  stays.expire_at = real.Now() + std::chrono::days(30);
  const SessionId away = NewSession(), here = NewSession();
  const Target song{TargetType::kSong, NewId()};
  ASSERT_TRUE(Await(node().comments.Add(over)));
  ASSERT_TRUE(Await(node().comments.Add(stays)));
  ASSERT_TRUE(Await(node().sessions.Write(
      {{away, Start(), real.Now() - std::chrono::days(31)}, {here, Start(), real.Now()}})));
  ASSERT_TRUE(Await(node().likers.Write({{song, away, false, real.Now() - std::chrono::days(2), 2},
                                         {song, here, true, Start(), 3}})));
  const auto monitor = [](bool on) {
    mongo::SharedSet().member(0).Ask(Document{{"setParameter", 1}, {"ttlMonitorEnabled", on}});
  };
  monitor(true);
  const auto one_left = [&](const char* collection) {
    return harness_.database().All(collection).size() == 1;
  };
  EXPECT_TRUE(mongo::Eventually(
      [&] { return one_left(kComments) && one_left(kSessions) && one_left(kLikers); }));
  monitor(false);
  EXPECT_EQ(Only(kComments).view().Text("text"), "stays");
  EXPECT_EQ(Only(kSessions).view().Text("_id"), here.ToString());
  EXPECT_EQ(Only(kLikers).view().Text("session"), here.ToString());
}

TEST_F(MongoStoresTest, ForgettingASessionOfManyCommentsTakesAllOfThem) {
  Comment comment = MakeComment("mine");
  std::vector<Comment> comments;
  for (int i = 0; i < kForgetBatch + 100; ++i) {
    comment.id = NewId();
    comments.push_back(comment);
  }
  ASSERT_TRUE(Await(node().comments.AddAll(comments)));
  ASSERT_TRUE(Await(node().comments.AddAll({comments[0], MakeComment("theirs")})));
  EXPECT_EQ(Await(node().comments.CountAll()), static_cast<std::int64_t>(comments.size()) + 1);
  ASSERT_TRUE(Await(node().comments.Forget(comment.session)));
  const auto left = Await(node().comments.Dump(std::nullopt, 10)).value();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].text, "theirs");
  // What stays of a forgotten comment is its place.
  for (const Document& place : harness_.database().All(kForgottenComments)) {
    EXPECT_EQ(place.view().Fields(), (FieldTypes{{"_id", BSON_TYPE_OID},
                                                 {"createdAt", BSON_TYPE_DATE_TIME},
                                                 {"expireAt", BSON_TYPE_DATE_TIME}}));
  }
}

TEST_F(MongoStoresTest, OfTwoNodesOneExtendsTheTimelineAndTheOtherLearnsIt) {
  MongoNode& other = harness_.Another();
  const std::vector<Slot> first = Slots(1, 6);
  ASSERT_TRUE(Await(node().timeline.Replace(0, 1, first)));
  const std::vector<Slot> mine = Slots(7, 2), theirs = Slots(7, 2);
  std::vector<Task<Result<void>>> tasks;
  tasks.push_back(node().timeline.Replace(1, 2, mine));
  tasks.push_back(other.timeline.Replace(1, 3, theirs));
  const auto results = AwaitAll(std::move(tasks));
  ASSERT_NE(results[0].has_value(), results[1].has_value());
  EXPECT_EQ((results[0] ? results[1] : results[0]).error().code, ErrorCode::kConflict);
  const Timeline here = Await(node().timeline.Load(100)).value();
  EXPECT_EQ(here, Await(other.timeline.Load(100)).value());
  EXPECT_EQ(here.revision, 2);
  EXPECT_EQ(here.slots.size(), 8u);
  EXPECT_EQ(here.slots[6], (results[0] ? mine : theirs)[0]);
}

TEST_F(MongoStoresTest, NodesThatExtendWithoutPauseLeaveNoGap) {
  MongoNode& other = harness_.Another();
  const auto extend = [&](MongoNode& who) -> Task<int> {
    int won = 0;
    for (int i = 0; i < 20; ++i) {
      const Result<Timeline> now = co_await who.timeline.Load(1);
      if (!now) continue;
      const std::int64_t next = now->slots.empty() ? 1 : now->slots.back().seq + 1;
      const Result<void> done = co_await who.timeline.Replace(now->revision, 1, Slots(next, 1));
      won += done.has_value();
    }
    co_return won;
  };
  std::vector<Task<int>> tasks;
  tasks.push_back(extend(node()));
  tasks.push_back(extend(other));
  const std::vector<int> won = AwaitAll(std::move(tasks));
  const Timeline timeline = Await(node().timeline.Load(1'000)).value();
  EXPECT_EQ(timeline.revision, won[0] + won[1]);
  ASSERT_EQ(static_cast<int>(timeline.slots.size()), won[0] + won[1]);
  for (std::size_t i = 0; i < timeline.slots.size(); ++i) {
    EXPECT_EQ(timeline.slots[i].seq, static_cast<std::int64_t>(i) + 1);
  }
}

TEST_F(MongoStoresTest, LikersHoldTheNewestInWhateverOrderTheyArrive) {
  const Target song{TargetType::kSong, NewId()}, list{TargetType::kPlaylist, song.id};
  const SessionId a = NewSession(), b = NewSession();
  const Instant at = Start();
  ASSERT_TRUE(Await(node().likers.Write({{song, a, true, at, 1},
                                         {song, b, true, at + Millis(5), 2},
                                         {song, a, false, at + Millis(9), 3},
                                         {list, a, true, at, 1}})));
  const auto likers = [&](const Target& target) {
    return Await(node().likers.Read(target, std::nullopt, 10)).value();
  };
  EXPECT_EQ(likers(song), (std::vector<Liker>{{b, at + Millis(5)}}));
  EXPECT_EQ(likers(list), (std::vector<Liker>{{a, at}}));
  // The first entry again, as after a worker's death: it is older than what stands there.
  ASSERT_TRUE(Await(node().likers.Write({{song, a, true, at, 1}, {song, b, true, at, 2}})));
  EXPECT_EQ(likers(song).size(), 1u);
  EXPECT_EQ(Await(node().likers.Count(song)), 1);
  EXPECT_EQ(Await(node().likers.HighestVersion(song)), 3);
  EXPECT_EQ(Await(node().likers.HighestVersion({TargetType::kSong, NewId()})), 0);
  // A newer like holds again, and has no date of removal.
  ASSERT_TRUE(Await(node().likers.Write({{song, a, true, at + Millis(20), 4}})));
  EXPECT_EQ(Await(node().likers.Count(song)), 2);
  for (const Document& liker : harness_.database().All(kLikers)) {
    EXPECT_FALSE(liker.view().Has("removedAt"));
  }
  EXPECT_EQ(Await(node().likers.CountAll()), 3);
}

TEST_F(MongoStoresTest, LikersComeInPagesWithoutGapOrRepeat) {
  const Target song{TargetType::kSong, NewId()}, other{TargetType::kSong, NewId()};
  std::vector<LikerChange> changes;
  std::set<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    changes.push_back({song, NewSession(), true, Start(), i + 1});
    expected.insert(changes.back().session.ToString());
    changes.push_back({other, NewSession(), true, Start(), i + 1});
  }
  ASSERT_TRUE(Await(node().likers.Write(changes)));
  std::set<std::string> found;
  std::optional<SessionId> after;
  for (;;) {
    const auto page = Await(node().likers.Read(song, after, 7)).value();
    for (const Liker& liker : page) EXPECT_TRUE(found.insert(liker.session.ToString()).second);
    if (page.size() < 7) break;
    after = page.back().session;
  }
  EXPECT_EQ(found, expected);
  std::size_t dumped = 0;
  std::optional<LikerChange> last;
  for (;;) {
    const auto page = Await(node().likers.Dump(last, 30)).value();
    dumped += page.size();
    if (page.size() < 30) break;
    last = page.back();
  }
  EXPECT_EQ(dumped, 100u);
}

TEST_F(MongoStoresTest, WritersThatRepeatEachOthersEntriesAgree) {
  MongoNode& other = harness_.Another();
  const Target song{TargetType::kSong, NewId()};
  std::vector<LikerChange> changes;
  for (int i = 0; i < 300; ++i) changes.push_back({song, NewSession(), true, Start(), i + 1});
  for (int i = 0; i < 300; i += 3)
    changes.push_back(
        {song, changes[static_cast<std::size_t>(i)].session, false, Start(), 400 + i});
  std::vector<Task<Result<void>>> tasks;
  for (int i = 0; i < 4; ++i) {
    tasks.push_back(node().likers.Write(changes));
    tasks.push_back(other.likers.Write({changes.begin(), changes.begin() + 300}));
  }
  for (const Result<void>& done : AwaitAll(std::move(tasks))) EXPECT_TRUE(done);
  EXPECT_EQ(Await(node().likers.Count(song)), 200);
}

TEST_F(MongoStoresTest, CountsAreAbsoluteAndOlderOnesChangeNothing) {
  Song song;
  song.id = NewId();
  song.title = "a";
  song.duration_s = 1;
  song.base_likes = 40;
  ASSERT_TRUE(Await(node().catalogue.Update([&](const Catalogue&) -> Result<CatalogueChange> {
    return CatalogueChange{{song}, {}};
  })));
  const Target target{TargetType::kSong, song.id}, unknown{TargetType::kPlaylist, NewId()};
  MongoLikers& likers = node().likers;
  EXPECT_EQ(Await(likers.WriteCounts({{target, 2, 5, 7}, {unknown, 1, 1, 1}})), 1u);
  EXPECT_EQ(Only(kSongs).view().Int("likes"), 42);
  EXPECT_EQ(Await(likers.WriteCounts({{target, 1, 4, 6}})), 0u);
  EXPECT_EQ(Await(likers.WriteCounts({{target, 2, 5, 7}})), 0u);
  EXPECT_EQ(Await(likers.WriteCounts({{target, 1, 6, 8}})), 1u);
  EXPECT_EQ(Await(likers.ReadCounts({unknown, target})).value(),
            (std::vector<TargetCounts>{{unknown, 0, 0, 0}, {target, 1, 6, 8}}));
}

TEST_F(MongoStoresTest, AFirstVisitStaysAndALongAbsenceBeginsAnew) {
  const SessionId session = NewSession();
  const auto find = [&](Instant now) { return Await(node().sessions.Find(session, now)).value(); };
  EXPECT_FALSE(find(Start()));
  const auto hours = [](int n) { return Start() + std::chrono::hours(n); };
  ASSERT_TRUE(Await(node().sessions.Write({{session, hours(1), hours(2)}})));
  ASSERT_TRUE(Await(node().sessions.Write({{session, hours(5), hours(9)}})));
  ASSERT_TRUE(Await(node().sessions.Write({{session, hours(1), hours(2)}})));
  EXPECT_EQ(find(hours(9))->created_at, hours(1));
  EXPECT_EQ(find(hours(9))->last_activity, hours(9));
  const Instant later = hours(9) + std::chrono::days(kSessionDays);
  EXPECT_FALSE(find(later));
  ASSERT_TRUE(Await(node().sessions.Write({{session, later, later}})));
  EXPECT_EQ(find(later)->created_at, later);
  EXPECT_EQ(Await(node().sessions.Dump(std::nullopt, 5)).value(),
            (std::vector<SessionVisit>{{session, later, later}}));
  EXPECT_EQ(Await(node().sessions.CountAll()), 1);
  ASSERT_TRUE(Await(node().sessions.Forget(session)));
  EXPECT_FALSE(find(later));
}

TEST_F(MongoStoresTest, ADayHasTheDocumentsFieldsAndOneDateOneDocument) {
  const Instant midnight = *ParseIso8601("2026-02-03");
  AnalyticsDay day{midnight, 5, 2, {{NewId(), 3, 1}}, {{NewId(), 4, -1}}};
  std::vector<Task<Result<void>>> tasks;
  for (int i = 0; i < 5; ++i) tasks.push_back(node().analytics.WriteDay(day));
  for (const Result<void>& done : AwaitAll(std::move(tasks))) EXPECT_TRUE(done);
  day.total_plays = 6;
  ASSERT_TRUE(Await(node().analytics.WriteDay(day)));
  const Document stored = Only(kAnalytics);
  EXPECT_EQ(stored.view().Fields(), (FieldTypes{{"_id", BSON_TYPE_OID},
                                                {"date", BSON_TYPE_DATE_TIME},
                                                {"totalPlays", BSON_TYPE_INT64},
                                                {"uniqueVisitors", BSON_TYPE_INT64},
                                                {"topSongs", BSON_TYPE_ARRAY},
                                                {"topPlaylists", BSON_TYPE_ARRAY}}));
  EXPECT_EQ(stored.view().Subs("topSongs")[0].Fields(), (FieldTypes{{"songId", BSON_TYPE_OID},
                                                                    {"plays", BSON_TYPE_INT64},
                                                                    {"likes", BSON_TYPE_INT64}}));
  EXPECT_EQ(
      stored.view().Subs("topPlaylists")[0].Fields(),
      (FieldTypes{
          {"playlistId", BSON_TYPE_OID}, {"views", BSON_TYPE_INT64}, {"likes", BSON_TYPE_INT64}}));
  EXPECT_EQ(Await(node().analytics.StoredDays(midnight, midnight)).value(), (std::vector{day}));
}

TEST_F(MongoStoresTest, DaysAreThePastAndWhatIsStillCounted) {
  const auto day = [](int n, std::int64_t plays) {
    return AnalyticsDay{
        Start() - Millis(ToEpochMs(Start()) % 86'400'000) + std::chrono::days(n), plays, 1, {}, {}};
  };
  for (int n = -3; n <= -1; ++n) ASSERT_TRUE(Await(node().analytics.WriteDay(day(n, 10))));
  // Yesterday was rolled up before it was over; the day before was lost in Redis.
  node().live_days = {day(-2, 0), day(-1, 12), day(0, 3)};
  const auto days = [&] {
    return Await(node().analytics.Days(Start() - std::chrono::days(2), Start())).value();
  };
  EXPECT_EQ(days(), (std::vector{day(-2, 10), day(-1, 12), day(0, 3)}));
  node().live_fails = true;
  EXPECT_EQ(days(), (std::vector{day(-2, 10), day(-1, 10)}));
  const SessionId session = NewSession();
  node().analytics.Visit(session, Start());
  EXPECT_EQ(node().visits, (std::vector{session}));
}

}  // namespace
}  // namespace popradio::store::distributed
