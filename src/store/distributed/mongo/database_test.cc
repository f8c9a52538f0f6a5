#include "store/distributed/mongo/database.h"

#include <gtest/gtest.h>

#include <thread>

#include "store/distributed/mongo/mongo_testing.h"

namespace popradio::mongo {
namespace {

constexpr char kThings[] = "things";

class DatabaseTest : public testing::Test {
 protected:
  // Runs something that must not fail.
  template <class T>
  T Get(std::function<Result<T>(Database&)> work) {
    Result<T> result = test_.Do<T>(std::move(work));
    if (!result) throw std::runtime_error(result.error().message);
    if constexpr (!std::is_void_v<T>) return *std::move(result);
  }
  void Insert(const Document& document) {
    Get<void>([&](Database& database) { return database.Insert(kThings, document); });
  }
  std::vector<std::string> Json() {
    std::vector<std::string> all;
    for (const Document& document : test_.All(kThings)) all.push_back(document.view().Json());
    return all;
  }
  TestDatabase test_;
};

TEST_F(DatabaseTest, FindsWhatWasInsertedInTheOrderAskedFor) {
  for (int i = 0; i < 5; ++i) Insert(Document{{"_id", i}, {"even", i % 2 == 0}});
  std::vector<std::int64_t> found;
  Get<void>([&](Database& database) {
    FindOptions options;
    options.sort = Document{{"_id", -1}};
    options.limit = 2;
    return database.Find(kThings, Document{{"even", true}}, options,
                         [&](View view) { found.push_back(view.Int("_id")); });
  });
  EXPECT_EQ(found, (std::vector<std::int64_t>{4, 2}));
}

TEST_F(DatabaseTest, ADuplicateIsAConflictAndNoOutage) {
  Insert(Document{{"_id", 1}});
  auto again = test_.Do<void>([](Database& database) {
    auto inserted = database.Insert(kThings, Document{{"_id", 1}});
    EXPECT_FALSE(database.saw_outage());
    return inserted;
  });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(test_.pool().health().up);
}

TEST_F(DatabaseTest, AnUnorderedBatchTellsWhatWasThereAndWritesTheRest) {
  Insert(Document{{"_id", 1}});
  const Written written = Get<Written>([](Database& database) {
    Batch batch;
    for (int i = 0; i < 4; ++i) batch.Insert(Document{{"_id", i}});
    batch.Update(Document{{"_id", 0}}, Document{{"$set", Document{{"x", 5}}}});
    batch.Update(Document{{"_id", 9}}, List{Document{{"$set", Document{{"x", 6}}}}}, true);
    return database.Write(kThings, batch);
  });
  EXPECT_EQ(written.inserted, 3);
  EXPECT_EQ(written.modified, 1);
  EXPECT_EQ(written.upserted, 1);
  EXPECT_EQ(written.duplicates, (std::vector<std::size_t>{1}));
  EXPECT_EQ(Json().size(), 5u);
}

TEST_F(DatabaseTest, AnOrderedBatchStopsAtADuplicate) {
  Insert(Document{{"_id", 1}});
  auto written = test_.Do<Written>([](Database& database) {
    Batch batch;
    for (int i = 0; i < 4; ++i) batch.Insert(Document{{"_id", i}});
    return database.Write(kThings, batch, /*ordered=*/true);
  });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kConflict);
  EXPECT_EQ(Json().size(), 2u);
}

TEST_F(DatabaseTest, FindAndUpdateGivesTheDocumentAsItIsThen) {
  Insert(Document{{"_id", 1}, {"n", 1}});
  const auto update = [&](int id, bool upsert) {
    return Get<std::optional<Document>>([&](Database& database) {
      return database.FindAndUpdate(kThings, Document{{"_id", id}},
                                    Document{{"$inc", Document{{"n", 1}}}}, upsert);
    });
  };
  EXPECT_EQ(update(1, false)->view().Int("n"), 2);
  EXPECT_FALSE(update(2, false));
  EXPECT_EQ(update(2, true)->view().Int("n"), 1);
}

TEST_F(DatabaseTest, ATransactionHappensWholeOrNotAtAll) {
  Insert(Document{{"_id", 1}, {"n", 0}});
  const auto move = [&](bool fail) {
    return test_.Do<void>([&](Database& database) {
      return database.Transact([&]() -> Result<void> {
        auto changed =
            database.Update(kThings, Document{{"_id", 1}}, Document{{"$inc", Document{{"n", 1}}}});
        if (!changed) return Fail(changed.error());
        if (auto added = database.Insert(kThings, Document{{"_id", 2}}); !added) return added;
        if (fail) return Fail(ErrorCode::kConflict, "no");
        return {};
      });
    });
  };
  EXPECT_EQ(move(true).error().code, ErrorCode::kConflict);
  EXPECT_EQ(Json(), (std::vector<std::string>{R"({ "_id" : 1, "n" : 0 })"}));
  EXPECT_TRUE(move(false));
  EXPECT_EQ(Json().size(), 2u);
}

TEST_F(DatabaseTest, TransactionsThatMeetAreMadeAgainUntilBothHaveHappened) {
  Insert(Document{{"_id", 1}, {"n", std::int64_t{0}}});
  constexpr int kThreads = 4, kTurns = 10;
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kTurns; ++i) {
        auto done = test_.Do<void>([](Database& database) {
          return database.Transact([&]() -> Result<void> {
            auto found = database.FindOne(kThings, Document{{"_id", 1}});
            if (!found) return Fail(found.error());
            const std::int64_t next = (*found)->view().Int("n") + 1;
            auto changed = database.Update(kThings, Document{{"_id", 1}},
                                           Document{{"$set", Document{{"n", next}}}});
            if (!changed) return Fail(changed.error());
            return {};
          });
        });
        if (!done) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(test_.All(kThings)[0].view().Int("n"), kThreads * kTurns);
}

TEST_F(DatabaseTest, WritesWaitForAMajorityOnTheDisk) {
  std::vector<std::string> concerns;
  PoolOptions options;
  options.observer = [&](const std::string&, View command) {
    if (command.Has("insert")) concerns.push_back(command.Sub("writeConcern").Json());
  };
  const auto pool = test_.Another(options);
  ASSERT_TRUE(pool->RunHere<void>([](Database& database) {
    return database.Insert(kThings, Document{{"_id", 1}});
  }));
  EXPECT_EQ(concerns,
            (std::vector<std::string>{R"({ "w" : "majority", "j" : true, "wtimeout" : 5000 })"}));
}

}  // namespace
}  // namespace popradio::mongo
