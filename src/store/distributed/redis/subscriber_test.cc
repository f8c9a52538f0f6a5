#include "store/distributed/redis/subscriber.h"

#include <gtest/gtest.h>
#include <signal.h>

#include "store/distributed/redis/redis_testing.h"

namespace popradio::redis {
namespace {

class SubscriberTest : public testing::Test {
 protected:
  void Open(std::vector<Endpoint> hosts) {
    SubscriberOptions options;
    options.ping_interval = Millis(200);
    options.connect_timeout = Millis(500);
    subscriber_ =
        Subscriber::Open(loop_.environment(), std::move(hosts), std::make_shared<Login>(),
                         {[this](std::string_view channel, std::string_view payload) {
                            messages_.push_back(std::string(channel) + "=" + std::string(payload));
                          },
                          [this](bool gap) { subscribed_.push_back(gap); }},
                         options);
  }
  void TearDown() override {
    if (subscriber_) subscriber_->Stop();
  }
  // Publishes until it is heard: a subscription that was announced must be there at once.
  bool Hears(const RedisServer& server, const std::string& channel, const std::string& payload) {
    EXPECT_EQ(server.Ask({"PUBLISH", channel, payload}), "1");
    return loop_.Until(
        [&] { return !messages_.empty() && messages_.back() == channel + "=" + payload; });
  }

  Loop loop_;
  std::shared_ptr<Subscriber> subscriber_;
  std::vector<std::string> messages_;
  std::vector<bool> subscribed_;
};

TEST_F(SubscriberTest, HearsWhatItAskedForInOrder) {
  RedisServer server;
  Open({server.endpoint()});
  subscriber_->Subscribe("a");
  subscriber_->Subscribe("b");
  ASSERT_TRUE(loop_.Until([&] { return !subscribed_.empty(); }));
  EXPECT_EQ(subscribed_, std::vector<bool>{false});
  EXPECT_TRUE(subscriber_->health().up);
  for (int i = 0; i < 100; ++i) {
    server.Ask({"PUBLISH", i % 2 ? "a" : "b", std::to_string(i)});
    server.Ask({"PUBLISH", "c", "unwanted"});
  }
  ASSERT_TRUE(loop_.Until([&] { return messages_.size() >= 100; }));
  ASSERT_EQ(messages_.size(), 100U);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(messages_[static_cast<std::size_t>(i)], (i % 2 ? "a=" : "b=") + std::to_string(i));
  }
}

TEST_F(SubscriberTest, ComesBackAndTellsOfTheGap) {
  RedisServer server;
  Open({server.endpoint()});
  subscriber_->Subscribe("a");
  subscriber_->Subscribe("b");
  ASSERT_TRUE(loop_.Until([&] { return subscribed_.size() == 1; }));
  ASSERT_TRUE(Hears(server, "b", "before"));
  EXPECT_EQ(server.Ask({"CLIENT", "KILL", "TYPE", "pubsub"}), "1");
  ASSERT_TRUE(loop_.Until([&] { return subscribed_.size() == 2; }));
  EXPECT_TRUE(subscribed_.back());
  ASSERT_TRUE(Hears(server, "a", "after"));

  server.Kill();
  ASSERT_TRUE(loop_.Until([&] { return !subscriber_->health().up; }));
  EXPECT_FALSE(subscriber_->health().error.empty());
  server.Start();
  ASSERT_TRUE(loop_.Until([&] { return subscribed_.size() == 3; }));
  EXPECT_TRUE(subscribed_.back());
  ASSERT_TRUE(Hears(server, "b", "again"));
  EXPECT_EQ(subscriber_->reconnects(), 2U);
}

TEST_F(SubscriberTest, NoticesASilentServer) {
  RedisServer server;
  Open({server.endpoint()});
  subscriber_->Subscribe("a");
  ASSERT_TRUE(loop_.Until([&] { return subscribed_.size() == 1; }));
  server.Signal(SIGSTOP);
  ASSERT_TRUE(loop_.Until([&] { return !subscriber_->health().up; }));
  server.Signal(SIGCONT);
  ASSERT_TRUE(loop_.Until([&] { return subscribed_.size() == 2; }));
  // The old connection may still be known to the server for a moment.
  ASSERT_TRUE(Eventually([&] { return server.Ask({"PUBSUB", "NUMSUB", "a"}) == "a\n1"; }));
  ASSERT_TRUE(Hears(server, "a", "awake"));
}

TEST_F(SubscriberTest, StaysWhileNothingIsSaid) {
  RedisServer server;
  Open({server.endpoint()});
  subscriber_->Subscribe("a");
  ASSERT_TRUE(loop_.Until([&] { return subscribed_.size() == 1; }));
  EXPECT_FALSE(loop_.Until([&] { return subscriber_->reconnects() > 0; }, Millis(1500)));
  ASSERT_TRUE(Hears(server, "a", "x"));
}

TEST_F(SubscriberTest, TakesTheNextHostWhenOneIsGone) {
  RedisServer gone, there;
  Open({gone.endpoint(), there.endpoint()});
  gone.Kill();
  subscriber_->Subscribe("a");
  ASSERT_TRUE(loop_.Until([&] { return !subscribed_.empty(); }));
  ASSERT_TRUE(Hears(there, "a", "x"));
}

TEST_F(SubscriberTest, TakesChannelsInAndOutWhileItListens) {
  RedisServer server;
  Open({server.endpoint()});
  subscriber_->Subscribe("a");
  ASSERT_TRUE(loop_.Until([&] { return subscribed_.size() == 1; }));
  subscriber_->Subscribe("b");
  ASSERT_TRUE(loop_.Until([&] { return server.Ask({"PUBSUB", "NUMSUB", "b"}) == "b\n1"; }));
  ASSERT_TRUE(Hears(server, "b", "x"));
  subscriber_->Unsubscribe("a");
  ASSERT_TRUE(loop_.Until([&] { return server.Ask({"PUBSUB", "NUMSUB", "a"}) == "a\n0"; }));
  EXPECT_EQ(server.Ask({"PUBLISH", "a", "unheard"}), "0");
}

}  // namespace
}  // namespace popradio::redis
