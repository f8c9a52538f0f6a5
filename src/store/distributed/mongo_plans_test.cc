// Every command that the stores send is explained by the server: none may look through a whole
// collection, none of the API's pages may sort what it could read in order.
#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;
using contract::Start;
using mongo::Database;
using mongo::Document;
using mongo::View;

// Commands as they were sent, one of each kind.
class Seen {
 public:
  void Note(View command) {
    const auto fields = command.Fields();
    const std::lock_guard lock(mutex_);
    const bool transaction = command.Has("autocommit");
    static const std::set<std::string> kPlanned = {"find",   "aggregate", "update",
                                                   "delete", "count",     "findAndModify"};
    ++names_[fields[0].first];
    if (!kPlanned.contains(fields[0].first)) return;
    bson_t bson;
    bson_init_static(&bson, command.data(), command.size());
    commands_.emplace_back(&bson);
    transactions_ += transaction;
  }
  std::vector<Document> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(commands_, {});
  }
  int transactions() const { return transactions_; }
  const std::map<std::string, int>& names() const { return names_; }

 private:
  std::mutex mutex_;
  std::vector<Document> commands_;
  std::map<std::string, int> names_;
  int transactions_ = 0;
};

// The command as explain takes it: without what belongs to a session, one write of a batch.
std::vector<Document> Explainable(const Document& sent) {
  static const std::set<std::string> kLeftOut = {"lsid",        "txnNumber",    "$clusterTime",
                                                 "$db",         "autocommit",   "startTransaction",
                                                 "readConcern", "writeConcern", "$readPreference",
                                                 "maxTimeMS"};
  const auto strip = [&](const char* list, const Document* only) {
    Document bare;
    bson_iter_t at;
    bson_iter_init(&at, sent.get());
    while (bson_iter_next(&at)) {
      const std::string name = bson_iter_key(&at);
      if (kLeftOut.contains(name)) continue;
      if (only && name == list) {
        bare.Add(name, mongo::List{*only});
      } else {
        bson_append_iter(bare.get(), nullptr, 0, &at);
      }
    }
    return bare;
  };
  for (const char* list : {"updates", "deletes"}) {
    const auto writes = sent.view().Subs(list);
    if (writes.empty()) continue;
    bson_t bson;
    bson_init_static(&bson, writes[0].data(), writes[0].size());
    const Document first(&bson);
    return {strip(list, &first)};
  }
  return {strip("", nullptr)};
}

// What the server decided for, without what it rejected.
std::string WinningPlan(View plan) {
  const auto stages = plan.Subs("stages");
  const View planner =
      stages.empty() ? plan.Sub("queryPlanner") : stages[0].Sub("$cursor").Sub("queryPlanner");
  return planner.Sub("winningPlan").Json();
}

TEST(MongoPlansTest, NoCommandLooksThroughAWholeCollection) {
  auto seen = std::make_shared<Seen>();
  mongo::PoolOptions options;
  options.observer = [seen](const std::string& database, View command) {
    if (database.starts_with("test")) seen->Note(command);
  };
  MongoHarness harness(options);
  MongoNode& node = harness.node();
  SeededRandom random(3);
  const auto id = [&] { return ObjectId::Make(harness.clock().Now(), random); };
  const auto session = [&] { return SessionId::Make(random); };

  // Enough of everything that an index is worth its while.
  CatalogueChange change;
  for (int i = 0; i < 200; ++i) {
    Song song;
    song.id = id();
    song.title = std::to_string(i);
    song.duration_s = 100;
    change.songs.push_back(song);
    Playlist playlist;
    playlist.id = id();
    playlist.songs = {song.id};
    change.playlists.push_back(playlist);
  }
  const auto put = [&](const Catalogue&) -> Result<CatalogueChange> { return change; };
  ASSERT_TRUE(Await(node.catalogue.Update(put)));
  std::vector<Comment> comments;
  std::vector<LikerChange> likers;
  std::vector<SessionVisit> visits;
  for (int i = 0; i < 400; ++i) {
    Comment comment;
    comment.id = id();
    comment.target = {TargetType::kSong, change.songs[static_cast<std::size_t>(i % 10)].id};
    comment.session = session();
    comment.text = "x";
    comment.created_at = Start() + Millis(i);
    if (i % 2) comment.at_ms = i;
    comments.push_back(comment);
    likers.push_back({comment.target, comment.session, i % 3 != 0, Start(), i});
    visits.push_back({comment.session, Start(), Start()});
  }
  ASSERT_TRUE(Await(node.comments.AddAll(comments)));
  std::vector<Slot> slots;
  for (std::int64_t seq = 1; seq < 200; ++seq) {
    slots.push_back({seq, id(), Start(), Start(), Why::kRotation, false});
  }

  // Every call there is.
  const Target target = comments[0].target;
  EXPECT_TRUE(Await(node.timeline.Replace(0, 1, slots)));
  EXPECT_TRUE(Await(node.timeline.Load(20)));
  EXPECT_TRUE(Await(node.timeline.History(100, 20)));
  EXPECT_TRUE(Await(node.timeline.LoadRotation()));
  EXPECT_TRUE(Await(node.timeline.SaveRotation({})));
  EXPECT_TRUE(Await(node.comments.Add(comments[0])));
  EXPECT_TRUE(Await(node.comments.List(target, std::nullopt, 20)));
  EXPECT_TRUE(Await(node.comments.List(target, comments[100].id, 20)));
  EXPECT_TRUE(Await(node.comments.List(target, id(), 20)));
  EXPECT_TRUE(Await(node.comments.ListAll(std::nullopt, 20)));
  EXPECT_TRUE(Await(node.comments.ListAll(comments[100].id, 20)));
  EXPECT_EQ(Await(node.comments.ListMoments({TargetType::kSong, comments[1].target.id}, 0, 200, 5))
                .value()
                .size(),
            5u);
  EXPECT_TRUE(Await(node.comments.SetHidden(comments[0].id, true)));
  EXPECT_TRUE(Await(node.comments.Dump(comments[0].id, 20)));
  EXPECT_TRUE(Await(node.comments.CountAll()));
  EXPECT_TRUE(Await(node.comments.Forget(comments[5].session)));
  EXPECT_TRUE(Await(node.likers.Write(likers)));
  EXPECT_TRUE(Await(node.likers.Write(likers)));
  EXPECT_TRUE(Await(node.likers.Read(target, std::nullopt, 20)));
  EXPECT_TRUE(Await(node.likers.Read(target, likers[0].session, 20)));
  EXPECT_TRUE(Await(node.likers.Count(target)));
  EXPECT_TRUE(Await(node.likers.CountAll()));
  EXPECT_TRUE(Await(node.likers.HighestVersion(target)));
  EXPECT_TRUE(Await(node.likers.Dump(likers[0], 20)));
  EXPECT_TRUE(Await(node.likers.WriteCounts(
      {{target, 1, 1, 1}, {{TargetType::kPlaylist, change.playlists[0].id}, 1, 1, 1}})));
  EXPECT_TRUE(
      Await(node.likers.ReadCounts({target, {TargetType::kPlaylist, change.playlists[0].id}})));
  EXPECT_TRUE(Await(node.sessions.Write(visits)));
  EXPECT_TRUE(Await(node.sessions.Find(visits[0].session, Start())));
  EXPECT_TRUE(Await(node.sessions.Dump(visits[0].session, 20)));
  EXPECT_TRUE(Await(node.sessions.CountAll()));
  EXPECT_TRUE(Await(node.sessions.Forget(visits[0].session)));
  for (int day = 0; day < 100; ++day) {
    EXPECT_TRUE(Await(node.analytics.WriteDay({Start() + std::chrono::days(day), 1, 1, {}, {}})));
  }
  EXPECT_TRUE(Await(node.analytics.Days(Start(), Start() + std::chrono::days(7))));
  MongoNode& other = harness.Another();
  change.songs.resize(1);
  change.playlists.resize(1);
  EXPECT_TRUE(Await(other.catalogue.Update(put)));
  EXPECT_EQ(Await(node.catalogue.Refresh()), Result<bool>(true));
  EXPECT_EQ(Await(node.catalogue.Refresh()), Result<bool>(false));
  harness.Restart();  // opening and loading are calls as well

  const std::vector<Document> sent = seen->Take();
  ASSERT_GT(sent.size(), 40u);
  EXPECT_GT(seen->transactions(), 0);
  std::set<std::string> explained;
  for (const Document& command : sent) {
    for (const Document& bare : Explainable(command)) {
      const auto plan = harness.database().Do<Document>([&](Database& database) {
        return database.Command(Document{{"explain", bare}, {"verbosity", "queryPlanner"}});
      });
      ASSERT_TRUE(plan) << bare.view().Json();
      const std::string text = WinningPlan(plan->view());
      ASSERT_NE(text, "{ }") << bare.view().Json();
      EXPECT_EQ(text.find("COLLSCAN"), text.npos) << bare.view().Json() << "\n" << text;
      const bool moments = bare.view().Has("aggregate");
      if (!moments && !bare.view().Has("update") && !bare.view().Has("delete")) {
        EXPECT_EQ(text.find("\"stage\" : \"SORT\""), text.npos) << bare.view().Json() << "\n"
                                                                << text;
      }
      explained.insert(bare.view().Fields()[0].first);
    }
  }
  EXPECT_EQ(explained,
            (std::set<std::string>{"find", "aggregate", "update", "delete", "findAndModify"}));
  // And one that does look through everything is recognised.
  const auto whole = harness.database().Do<Document>([&](Database& database) {
    return database.Command(
        Document{{"explain", Document{{"find", kSongs}, {"filter", Document{{"title", "7"}}}}},
                 {"verbosity", "queryPlanner"}});
  });
  ASSERT_TRUE(whole);
  EXPECT_NE(WinningPlan(whole->view()).find("COLLSCAN"), std::string::npos);
  // The choice of moments reads nothing but the index.
  for (const Document& command : sent) {
    if (!command.view().Has("aggregate") ||
        command.view().Json().find("atMs") == std::string::npos) {
      continue;
    }
    const auto plan = harness.database().Do<Document>([&](Database& database) {
      return database.Command(
          Document{{"explain", Explainable(command)[0]}, {"verbosity", "queryPlanner"}});
    });
    ASSERT_TRUE(plan);
    const std::string text = WinningPlan(plan->view());
    EXPECT_NE(text.find("IXSCAN"), text.npos) << text;
    EXPECT_EQ(text.find("FETCH"), text.npos) << text;
  }
}

}  // namespace
}  // namespace popradio::store::distributed
