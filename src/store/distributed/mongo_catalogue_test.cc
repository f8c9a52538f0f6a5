#include "store/distributed/mongo_catalogue.h"

#include <gtest/gtest.h>

#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;
using contract::AwaitAll;
using mongo::Document;

using FieldTypes = std::vector<std::pair<std::string, bson_type_t>>;

class MongoCatalogueTest : public testing::Test {
 protected:
  Song MakeSong(const std::string& title) {
    Song song;
    song.id = ObjectId::Make(harness_.clock().Now(), random_);
    song.title = title;
    song.artist = "Taylor Swift";
    song.duration_s = 235;
    song.genre = {"Pop", "Country"};
    song.release_year = 2008;
    song.created_at = song.updated_at = contract::Start();
    return song;
  }
  Playlist MakePlaylist(std::vector<ObjectId> songs) {
    Playlist playlist;
    playlist.id = ObjectId::Make(harness_.clock().Now(), random_);
    playlist.title = "Dreamy Pop Vibes";
    playlist.songs = std::move(songs);
    playlist.created_at = playlist.updated_at = contract::Start();
    return playlist;
  }
  static Result<CataloguePtr> Put(MongoNode& node, CatalogueChange change) {
    return Await(node.catalogue.Update(
        [change](const Catalogue&) -> Result<CatalogueChange> { return change; }));
  }
  Result<CataloguePtr> Put(CatalogueChange change) { return Put(harness_.node(), change); }
  Document Stored(const char* collection) {
    const auto all = harness_.database().All(collection);
    EXPECT_EQ(all.size(), 1u);
    return all.at(0);
  }

  SeededRandom random_{7};
  MongoHarness harness_;
};

TEST_F(MongoCatalogueTest, ASongHasTheDocumentsFieldsInItsTypesAndOursBehind) {
  ASSERT_TRUE(Put({{MakeSong("Love Story")}, {}}));
  EXPECT_EQ(Stored(kSongs).view().Fields(), (FieldTypes{{"_id", BSON_TYPE_OID},
                                                        {"title", BSON_TYPE_UTF8},
                                                        {"artist", BSON_TYPE_UTF8},
                                                        {"albumArt", BSON_TYPE_UTF8},
                                                        {"videoUrl", BSON_TYPE_UTF8},
                                                        {"audioUrl", BSON_TYPE_UTF8},
                                                        {"duration", BSON_TYPE_INT32},
                                                        {"genre", BSON_TYPE_ARRAY},
                                                        {"releaseYear", BSON_TYPE_INT32},
                                                        {"likes", BSON_TYPE_INT64},
                                                        {"plays", BSON_TYPE_INT64},
                                                        {"createdAt", BSON_TYPE_DATE_TIME},
                                                        {"updatedAt", BSON_TYPE_DATE_TIME},
                                                        {"isActive", BSON_TYPE_BOOL},
                                                        // ours
                                                        {"baseLikes", BSON_TYPE_INT64},
                                                        {"basePlays", BSON_TYPE_INT64},
                                                        {"countsVersion", BSON_TYPE_INT64},
                                                        {"media", BSON_TYPE_DOCUMENT},
                                                        {"catalogueVersion", BSON_TYPE_INT64},
                                                        {"catalogueOrder", BSON_TYPE_INT64}}));
}

TEST_F(MongoCatalogueTest, APlaylistHasTheDocumentsFieldsInItsTypesAndOursBehind) {
  const Song song = MakeSong("a");
  ASSERT_TRUE(Put({{song}, {MakePlaylist({song.id})}}));
  const Document stored = Stored(kPlaylists);
  EXPECT_EQ(stored.view().Fields(), (FieldTypes{{"_id", BSON_TYPE_OID},
                                                {"title", BSON_TYPE_UTF8},
                                                {"description", BSON_TYPE_UTF8},
                                                {"coverImage", BSON_TYPE_UTF8},
                                                {"songs", BSON_TYPE_ARRAY},
                                                {"likes", BSON_TYPE_INT64},
                                                {"views", BSON_TYPE_INT64},
                                                {"createdAt", BSON_TYPE_DATE_TIME},
                                                {"updatedAt", BSON_TYPE_DATE_TIME},
                                                {"isActive", BSON_TYPE_BOOL},
                                                {"isFeatured", BSON_TYPE_BOOL},
                                                // ours
                                                {"baseLikes", BSON_TYPE_INT64},
                                                {"baseViews", BSON_TYPE_INT64},
                                                {"countsVersion", BSON_TYPE_INT64},
                                                {"media", BSON_TYPE_DOCUMENT},
                                                {"catalogueVersion", BSON_TYPE_INT64},
                                                {"catalogueOrder", BSON_TYPE_INT64}}));
  EXPECT_EQ(stored.view().Ids("songs"), (std::vector{song.id}));
}

TEST_F(MongoCatalogueTest, AYearThatIsUnknownOrTakenBackIsNoField) {
  Song song = MakeSong("x");
  ASSERT_TRUE(Put({{song}, {}}));
  song.release_year.reset();
  ASSERT_TRUE(Put({{song}, {}}));
  EXPECT_FALSE(Stored(kSongs).view().Has("releaseYear"));
}

TEST_F(MongoCatalogueTest, TextsThatLookLikeExpressionsAreTexts) {
  Song song = MakeSong("$title");
  song.artist = "$$ROOT";
  song.genre = {"$genre", "{$add: 1}"};
  song.media.art_path = "$media";
  Playlist playlist = MakePlaylist({song.id});
  playlist.description = "$$REMOVE";
  playlist.cover_path = "$x";
  ASSERT_TRUE(Put({{song}, {playlist}}));
  harness_.Restart();
  EXPECT_EQ(harness_.node().catalogue.Current()->songs(), (std::vector{song}));
  EXPECT_EQ(harness_.node().catalogue.Current()->playlists(), (std::vector{playlist}));
}

TEST_F(MongoCatalogueTest, WhatTheSyncWroteSurvivesTheCuratorAndMovesWithTheBase) {
  Song song = MakeSong("a");
  song.base_likes = 100;
  song.base_plays = 10;
  Playlist playlist = MakePlaylist({song.id});
  ASSERT_TRUE(Put({{song}, {playlist}}));
  const Target target{TargetType::kSong, song.id}, list{TargetType::kPlaylist, playlist.id};
  ASSERT_TRUE(Await(harness_.node().likers.WriteCounts({{target, 7, 3, 5}, {list, 2, 9, 4}})));
  song.title = "b";
  playlist.title = "c";
  ASSERT_TRUE(Put({{song}, {playlist}}));
  EXPECT_EQ(Stored(kSongs).view().Int("likes"), 107);
  EXPECT_EQ(Stored(kSongs).view().Int("plays"), 13);
  EXPECT_EQ(Stored(kSongs).view().Int("countsVersion"), 5);
  song.base_likes = 1'000;
  song.base_plays = 0;
  playlist.base_views = 50;
  ASSERT_TRUE(Put({{song}, {playlist}}));
  EXPECT_EQ(Stored(kSongs).view().Int("likes"), 1'007);
  EXPECT_EQ(Stored(kSongs).view().Int("plays"), 3);
  EXPECT_EQ(Stored(kPlaylists).view().Int("likes"), 2);
  EXPECT_EQ(Stored(kPlaylists).view().Int("views"), 59);
  const auto counts = Await(harness_.node().likers.ReadCounts({list, target})).value();
  EXPECT_EQ(counts, (std::vector<TargetCounts>{{list, 2, 9, 4}, {target, 7, 3, 5}}));
}

TEST_F(MongoCatalogueTest, AnotherNodeSeesAChangeAfterARefresh) {
  MongoNode& other = harness_.Another();
  int heard = 0;
  other.catalogue.OnChange([&] { ++heard; });
  Song first = MakeSong("1");
  ASSERT_TRUE(Put({{first, MakeSong("2")}, {}}));
  ASSERT_TRUE(Put({{MakeSong("3")}, {MakePlaylist({first.id})}}));
  first.title = "1b";
  ASSERT_TRUE(Put({{first}, {}}));
  EXPECT_TRUE(other.catalogue.Current()->songs().empty());
  EXPECT_EQ(Await(other.catalogue.Refresh()), Result<bool>(true));
  const CataloguePtr here = harness_.node().catalogue.Current();
  EXPECT_EQ(other.catalogue.Current()->songs(), here->songs());
  EXPECT_EQ(other.catalogue.Current()->playlists(), here->playlists());
  EXPECT_EQ(other.catalogue.Current()->version(), here->version());
  EXPECT_EQ(heard, 1);
  // A later change reads only itself, and keeps everybody's place.
  first.title = "1c";
  ASSERT_TRUE(Put({{first, MakeSong("4")}, {}}));
  EXPECT_EQ(Await(other.catalogue.Refresh()), Result<bool>(true));
  EXPECT_EQ(other.catalogue.Current()->songs(), harness_.node().catalogue.Current()->songs());
  EXPECT_EQ(Await(other.catalogue.Refresh()), Result<bool>(false));
  EXPECT_EQ(heard, 2);
}

TEST_F(MongoCatalogueTest, EditsOnTwoNodesSeeEachOther) {
  MongoNode& other = harness_.Another();
  ASSERT_TRUE(Put({{MakeSong("0")}, {}}));
  std::vector<Task<Result<CataloguePtr>>> tasks;
  const auto more = [](const Catalogue& now) -> Result<CatalogueChange> {
    if (now.songs().empty()) return Fail(ErrorCode::kSongNotFound, "not seen yet");
    Song song = now.songs().front();
    song.title = std::to_string(std::stoi(song.title) + 1);
    return CatalogueChange{{song}, {}};
  };
  ASSERT_TRUE(Await(other.catalogue.Refresh()));
  for (int i = 0; i < 10; ++i) {
    tasks.push_back(harness_.node().catalogue.Update(more));
    tasks.push_back(other.catalogue.Update(more));
  }
  for (const auto& result : AwaitAll(std::move(tasks))) {
    EXPECT_TRUE(result) << result.error().message;
  }
  ASSERT_TRUE(Await(other.catalogue.Refresh()));
  ASSERT_TRUE(Await(harness_.node().catalogue.Refresh()));
  EXPECT_EQ(other.catalogue.Current()->songs().front().title, "20");
  EXPECT_EQ(harness_.node().catalogue.Current()->songs().front().title, "20");
}

TEST_F(MongoCatalogueTest, BasesAreToldBeforeTheSwap) {
  MongoCatalogue& catalogue = harness_.node().catalogue;
  std::vector<std::size_t> now, next;
  catalogue.BeforeChange([&](const CataloguePtr& coming) {
    now.push_back(catalogue.Current()->songs().size());
    next.push_back(coming->songs().size());
  });
  ASSERT_TRUE(Put({{MakeSong("a")}, {}}));
  EXPECT_EQ(now, (std::vector<std::size_t>{0}));
  EXPECT_EQ(next, (std::vector<std::size_t>{1}));
}

TEST_F(MongoCatalogueTest, ALargeImportIsOneChange) {
  CatalogueChange change;
  for (int i = 0; i < 2'000; ++i) change.songs.push_back(MakeSong(std::to_string(i)));
  ASSERT_TRUE(Put(change));
  EXPECT_EQ(harness_.node().catalogue.stored_version(), 1);
  harness_.Restart();
  EXPECT_EQ(harness_.node().catalogue.Current()->songs(), change.songs);
}

TEST(MongoCatalogueAwayTest, WithoutMongoWhatIsRememberedIsShownUntilItIsBack) {
  mongo::ReplicaSet set;
  const SystemClock real;
  contract::ManualClock clock(contract::Start());
  SystemRandom random;
  auto pool = mongo::Pool::Open(*mongo::ParseMongoUrl(set.url("", "&serverSelectionTimeoutMS=500")),
                                {}, real);
  ASSERT_TRUE(pool);
  Song song;
  song.id = ObjectId::Make(clock.Now(), random);
  song.title = "remembered";
  song.duration_s = 1;
  const auto put = [&song](const Catalogue&) -> Result<CatalogueChange> {
    return CatalogueChange{{song}, {}};
  };
  {
    MongoNode node(**pool, clock);
    ASSERT_TRUE(Await(node.catalogue.Update(put)));
  }
  set.member(0).Kill();
  MongoCatalogue catalogue(**pool, clock, random);
  EXPECT_FALSE(catalogue.Load());
  EXPECT_FALSE(catalogue.loaded());
  song.title = "from a cache";
  catalogue.ShowMeanwhile(
      std::make_shared<const Catalogue>(0, std::vector{song}, std::vector<Playlist>()));
  EXPECT_EQ(catalogue.Current()->songs()[0].title, "from a cache");
  const Result<CataloguePtr> refused = Await(catalogue.Update(put));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_GT(refused.error().retry_after_s, 0);
  set.member(0).Start();
  ASSERT_TRUE(mongo::Eventually([&] { return Await(catalogue.Refresh()).has_value(); }));
  EXPECT_EQ(catalogue.Current()->songs()[0].title, "remembered");
  catalogue.ShowMeanwhile(std::make_shared<const Catalogue>());
  EXPECT_EQ(catalogue.Current()->songs().size(), 1u);
}

}  // namespace
}  // namespace popradio::store::distributed
