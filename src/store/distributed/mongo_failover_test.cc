// Three members, of which the primary goes: nothing that was acknowledged is lost.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_stores_testing.h"

namespace popradio::store::distributed {
namespace {

using contract::Await;
using mongo::Document;

class MongoFailoverTest : public testing::Test {
 protected:
  void SetUp() override {
    auto pool = mongo::Pool::Open(*mongo::ParseMongoUrl(set_.url()), {}, real_);
    ASSERT_TRUE(pool);
    pool_ = *std::move(pool);
    node_ = std::make_unique<MongoNode>(*pool_, clock_);
  }
  Comment MakeComment(Random& random) {
    Comment comment;
    comment.id = ObjectId::Make(clock_.Now(), random);
    comment.target = {TargetType::kSong, comment.id};
    comment.session = SessionId::Make(random);
    comment.created_at = clock_.Now();
    return comment;
  }
  // Comments, edits and slots from several threads, until told; `trouble` happens meanwhile, and
  // ends once writes go through again.
  void WriteThrough(const std::function<void()>& trouble) {
    std::atomic<bool> stop{false};
    std::atomic<int> acknowledged{0};
    std::vector<std::vector<ObjectId>> added(3);
    int edits = 0;
    std::int64_t slots = 0;
    std::vector<std::thread> writers;
    for (std::size_t t = 0; t < added.size(); ++t) {
      writers.emplace_back([&, t] {
        SeededRandom random(t + 1);
        while (!stop) {
          const Comment comment = MakeComment(random);
          if (Await(node_->comments.Add(comment))) {
            added[t].push_back(comment.id);
            ++acknowledged;
          }
        }
      });
    }
    writers.emplace_back([&] {
      Song song;
      song.id = *ObjectId::Parse("507f1f77bcf86cd799439011");
      song.duration_s = 1;
      while (!stop) {
        const auto done =
            Await(node_->catalogue.Update([&](const Catalogue& now) -> Result<CatalogueChange> {
              song.base_plays = now.songs().empty() ? 1 : now.songs()[0].base_plays + 1;
              return CatalogueChange{{song}, {}};
            }));
        edits += done.has_value();
      }
    });
    writers.emplace_back([&] {
      while (!stop) {
        const Result<Timeline> now = Await(node_->timeline.Load(1));
        if (!now) continue;
        const Slot slot{now->revision + 1, ObjectId(),     contract::Start(),
                        contract::Start(), Why::kRotation, false};
        slots += Await(node_->timeline.Replace(now->revision, 1, {slot})).has_value();
      }
    });
    const auto some_more = [&] {
      const int before = acknowledged;
      return mongo::Eventually([&] { return acknowledged > before + 20; });
    };
    EXPECT_TRUE(some_more());
    trouble();
    EXPECT_TRUE(some_more());
    stop = true;
    for (std::thread& writer : writers) writer.join();
    set_.Heal();

    std::set<ObjectId> there;
    std::optional<ObjectId> after;
    for (;;) {
      const auto page = Await(node_->comments.Dump(after, 500));
      ASSERT_TRUE(page) << page.error().message;
      for (const Comment& comment : *page) there.insert(comment.id);
      if (page->size() < 500) break;
      after = page->back().id;
    }
    for (const auto& ids : added) {
      for (const ObjectId& id : ids) EXPECT_TRUE(there.contains(id)) << "lost " << id.ToHex();
    }
    ASSERT_TRUE(Await(node_->catalogue.Refresh()));
    // Each acknowledged edit is in it once; one whose outcome nobody could learn may be.
    EXPECT_GE(node_->catalogue.Current()->songs()[0].base_plays, edits);
    EXPECT_EQ(node_->catalogue.Current()->songs()[0].base_plays, node_->catalogue.stored_version());
    const Timeline timeline = Await(node_->timeline.Load(100'000)).value();
    EXPECT_GE(timeline.revision, slots);
    EXPECT_EQ(static_cast<std::int64_t>(timeline.slots.size()), timeline.revision);
    EXPECT_EQ(timeline.slots.back().seq, timeline.revision);
  }

  mongo::ReplicaSet set_{3};
  SystemClock real_;
  contract::ManualClock clock_{contract::Start()};
  std::unique_ptr<mongo::Pool> pool_;
  std::unique_ptr<MongoNode> node_;
};

TEST_F(MongoFailoverTest, APrimaryThatStepsDownCostsNothingAcknowledged) {
  WriteThrough([&] {
    mongo::MongoServer& primary = set_.Primary();
    (void)primary.Ask(Document{{"replSetStepDown", 10}, {"force", true}});
  });
}

TEST_F(MongoFailoverTest, APrimaryThatIsKilledCostsNothingAcknowledged) {
  WriteThrough([&] { set_.Primary().Kill(); });
}

}  // namespace
}  // namespace popradio::store::distributed
