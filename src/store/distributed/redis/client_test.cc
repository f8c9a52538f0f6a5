#include "store/distributed/redis/client.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <boost/asio/detached.hpp>

#include "store/distributed/redis/redis_testing.h"
#include "store/distributed/redis/script.h"

namespace popradio::redis {
namespace {

using boost::asio::ip::tcp;

class ClientTest : public testing::Test {
 protected:
  void Open(const Endpoint& endpoint) {
    RedisUrl url;
    url.hosts = {endpoint};
    auto opened = Client::Open(loop_.environment(), url, {});
    ASSERT_TRUE(opened);
    client_ = *opened;
  }
  Outcome Call(const Command& command, Repeat repeat = Repeat::kNever, Millis timeout = kLong) {
    return loop_.Await(client_->Call(command, {.deadline = loop_.In(timeout), .repeat = repeat}));
  }
  void TearDown() override {
    if (client_) client_->Stop();
  }
  Loop loop_;
  std::shared_ptr<Client> client_;
};

TEST_F(ClientTest, ScriptsAreSentByDigestAndWholeWhereUnknown) {
  RedisServer server;
  Open(server.endpoint());
  const Script script("return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1])}");
  EXPECT_EQ(script.sha1(), server.Ask({"SCRIPT", "LOAD", script.source()}));
  const std::string_view keys[] = {"k"}, arguments[] = {"a"};
  const auto run = [&] {
    return loop_.Await(script.Run(*client_, keys, arguments, {.deadline = loop_.In(kLong)}));
  };
  for (int i = 1; i <= 6; ++i) {
    if (i % 2) EXPECT_EQ(server.Ask({"SCRIPT", "FLUSH"}), "OK");
    EXPECT_EQ(run(),
              Outcome(Reply::Array({Reply::String("k"), Reply::String("a"), Reply::Integer(i)})));
  }
  // Only the three runs behind a flush sent the text.
  EXPECT_NE(server.Info("commandstats", "cmdstat_eval").find("calls=3,"), std::string::npos);
}

TEST_F(ClientTest, ManyCallsAtOnce) {
  RedisServer server;
  Open(server.endpoint());
  std::vector<Command> commands;
  for (int i = 0; i < 500; ++i) commands.push_back(Command("SET").Key("k").Arg(i));
  commands.push_back(Command("GET").Key("k"));
  commands.push_back(Command("NONSENSE"));
  const auto outcomes = loop_.Await(CallAll(*client_, commands, {.deadline = loop_.In(kLong)}));
  ASSERT_EQ(outcomes.size(), commands.size());
  EXPECT_EQ(outcomes[0], Outcome(Reply::Status("OK")));
  EXPECT_EQ(outcomes[500], Outcome(Reply::String("499")));
  EXPECT_TRUE(outcomes[501] && outcomes[501]->is_error());
  EXPECT_TRUE(loop_.Await(CallAll(*client_, {}, {.deadline = loop_.In(kLong)})).empty());
}

TEST_F(ClientTest, ManyCallsThatNeverEndGoWithTheirContext) {
  RedisServer server;
  server.Signal(SIGSTOP);
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> waits = held;
  {
    const SystemClock clock;
    SeededRandom random(1);
    boost::asio::io_context context(1);
    RedisUrl url;
    url.hosts = {server.endpoint()};
    const auto client = *Client::Open({context, clock, random}, url, {});
    const auto call = [](Client& with, Millis deadline, std::shared_ptr<int>) -> Task<void> {
      const std::vector<Command> commands(3, Command("PING"));
      (void)co_await CallAll(with, commands, {.deadline = deadline});
    };
    boost::asio::co_spawn(context, call(*client, clock.Steady() + kLong, std::move(held)),
                          boost::asio::detached);
    context.run_for(Millis(20));
    EXPECT_FALSE(waits.expired());
    client->Stop();
  }
  EXPECT_TRUE(waits.expired());
}

TEST_F(ClientTest, AsksAgainWhileTheServerIsNotReady) {
  int asked = 0;
  FakeServer server(loop_, [&asked](tcp::socket& socket, int) -> Task<void> {
    for (const char* answer : {"-LOADING Redis is loading the dataset in memory\r\n",
                               "-READONLY You can't write against a read only replica.\r\n",
                               "-BUSY Redis is busy running a script.\r\n", ":1\r\n"}) {
      co_await ReadUntil(socket, "INCR\r\n$1\r\nn\r\n");
      ++asked;
      co_await Say(socket, answer);
    }
    co_await ReadUntil(socket, "never");
  });
  Open(server.endpoint());
  EXPECT_EQ(Call(Command("INCR").Key("n")), Outcome(Reply::Integer(1)));
  EXPECT_EQ(asked, 4);
}

TEST_F(ClientTest, StopsAskingAtTheDeadlineAndSaysWhy) {
  FakeServer server(loop_, [](tcp::socket& socket, int) -> Task<void> {
    for (;;) {
      const std::string request = co_await ReadUntil(socket, "PING\r\n");
      if (request.empty()) co_return;
      co_await Say(socket, "-LOADING still\r\n");
    }
  });
  Open(server.endpoint());
  const Outcome outcome = Call(Command("PING"), Repeat::kNever, Millis(300));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FailureKind::kUnavailable);
  EXPECT_FALSE(outcome.error().may_have_happened);
  EXPECT_NE(outcome.error().sentence.find("LOADING still"), std::string::npos);
}

// What a connection that dies with the request under way means to the caller.
TEST_F(ClientTest, RepeatsALostRequestOnlyWhereThatIsSafe) {
  int asked = 0;
  FakeServer server(loop_, [&asked](tcp::socket& socket, int) -> Task<void> {
    for (;;) {
      const std::string request = co_await ReadUntil(socket, "PING\r\n");
      if (request.empty() || ++asked % 2 == 1) co_return;
      co_await Say(socket, "+PONG\r\n");
    }
  });
  RedisUrl url;
  url.hosts = {server.endpoint()};
  ClientOptions options;
  options.connection.stable_after = Millis(0);
  client_ = *Client::Open(loop_.environment(), url, options);
  const Outcome once = Call(Command("PING"), Repeat::kNever);
  ASSERT_FALSE(once);
  EXPECT_EQ(once.error().kind, FailureKind::kConnectionLost);
  EXPECT_EQ(asked, 1);
  asked = 0;
  EXPECT_EQ(Call(Command("PING"), Repeat::kSafe), Outcome(Reply::Status("PONG")));
  EXPECT_EQ(asked, 2);
}

TEST_F(ClientTest, ANodeOfAClusterIsNoServerOfItsOwn) {
  FakeServer server(loop_, [](tcp::socket& socket, int) -> Task<void> {
    co_await ReadUntil(socket, "GET\r\n$1\r\nk\r\n");
    co_await Say(socket, "-MOVED 7629 127.0.0.1:1\r\n");
    co_await ReadUntil(socket, "never");
  });
  Open(server.endpoint());
  const Outcome outcome = Call(Command("GET").Key("k"));
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().sentence.find("cluster=true"), std::string::npos);
}

TEST_F(ClientTest, FailsAtOnceWhileTheServerIsAwayAndRecoversByItself) {
  RedisServer server;
  Open(server.endpoint());
  ASSERT_TRUE(Call(Command("PING")));
  server.Kill();
  ASSERT_TRUE(loop_.Until([&] { return !client_->health().up; }));
  const SystemClock clock;
  const Millis began = clock.Steady();
  const Outcome outcome = Call(Command("PING"));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FailureKind::kNeverSent);
  EXPECT_LT(clock.Steady() - began, kLong / 2);
  server.Start();
  const Millis returned = clock.Steady();
  ASSERT_TRUE(loop_.Until([&] { return client_->health().up; }));
  EXPECT_LT(clock.Steady() - returned, Millis(5000));
  EXPECT_TRUE(Call(Command("PING")));
}

}  // namespace
}  // namespace popradio::redis
