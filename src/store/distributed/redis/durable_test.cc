#include "store/distributed/redis/durable.h"

#include <gtest/gtest.h>
#include <signal.h>

#include "store/distributed/redis/client.h"
#include "store/distributed/redis/redis_testing.h"

namespace popradio::redis {
namespace {

// A primary with one replica.
class DurableTest : public testing::Test {
 protected:
  DurableTest()
      : primary_({"--repl-diskless-sync-delay", "0"}),
        replica_({"--replicaof", "127.0.0.1 " + std::to_string(primary_.port())}) {}
  // A replica that has just synchronised gets its first command only after its next regular word,
  // which may take a second: the first write waits for that.
  void SetUp() override {
    ASSERT_TRUE(Eventually([&] {
      return primary_.Info("replication", "slave0").find("online") != std::string::npos;
    }));
    Open(1, Millis(20'000));
    ASSERT_TRUE(Send(Command("SET").Key("first").Arg("x")));
  }
  void TearDown() override {
    replica_.Signal(SIGCONT);
    if (durable_) durable_->connection().Stop();
  }
  void Open(int replicas, Millis wait_timeout = Millis(5000)) {
    if (durable_) durable_->connection().Stop();
    auto connection =
        Connection::Open(loop_.environment(), primary_.endpoint(), std::make_shared<Login>(), {});
    durable_ = Durable::Open(loop_.environment(), connection, replicas, wait_timeout);
  }
  Outcome Send(const Command& command, Millis timeout = kLong) {
    return loop_.Await(durable_->Send(command, loop_.In(timeout)));
  }

  Loop loop_;
  RedisServer primary_, replica_;
  std::shared_ptr<Durable> durable_;
};

TEST_F(DurableTest, AnswersOnceTheReplicaHasIt) {
  Open(1);
  for (int i = 1; i <= 20; ++i) {
    EXPECT_EQ(Send(Command("INCR").Key("n")), Outcome(Reply::Integer(i)));
    EXPECT_EQ(replica_.Ask({"GET", "n"}), std::to_string(i));
  }
}

TEST_F(DurableTest, OneWaitCoversWhatManyWrote) {
  Open(1);
  constexpr int kWrites = 2000;
  const Command incr = Command("INCR").Key("n");
  int done = 0, right = 0;
  for (int i = 0; i < kWrites; ++i) {
    boost::asio::co_spawn(loop_.context(), durable_->Send(incr, loop_.In(kLong)),
                          [&](const std::exception_ptr&, const Outcome& outcome) {
                            ++done;
                            if (outcome) ++right;
                          });
  }
  ASSERT_TRUE(loop_.Until([&] { return done == kWrites; }));
  EXPECT_EQ(right, kWrites);
  EXPECT_EQ(durable_->proven(), static_cast<std::uint64_t>(kWrites));
  EXPECT_LE(durable_->waits(), 20U);
  EXPECT_EQ(replica_.Ask({"GET", "n"}), std::to_string(kWrites));
}

TEST_F(DurableTest, TooFewReplicasAreNoSuccess) {
  Open(1, Millis(500));
  ASSERT_TRUE(Send(Command("INCR").Key("n")));
  replica_.Signal(SIGSTOP);
  const Outcome unproven = Send(Command("INCR").Key("n"));
  ASSERT_FALSE(unproven);
  EXPECT_EQ(unproven.error().kind, FailureKind::kUnavailable);
  EXPECT_TRUE(unproven.error().may_have_happened);
  EXPECT_NE(unproven.error().sentence.find("0 of 1"), std::string::npos);
  EXPECT_EQ(ToError(unproven.error()).code, ErrorCode::kUnavailable);
  replica_.Signal(SIGCONT);
  ASSERT_TRUE(loop_.Until([&] { return Send(Command("INCR").Key("n")).has_value(); }));
}

TEST_F(DurableTest, ARetryThatFindsTheWriteDoneMustProveItAgain) {
  Open(1, Millis(500));
  ASSERT_TRUE(Send(Command("SET").Key("k").Arg("old")));
  replica_.Signal(SIGSTOP);
  ASSERT_FALSE(Send(Command("SET").Key("k").Arg("new")));
  // On a connection that wrote nothing: what it reads is not on the replica either.
  Open(1, Millis(500));
  const Outcome retry = Send(Command("GET").Key("k"));
  ASSERT_FALSE(retry);
  EXPECT_EQ(retry.error().kind, FailureKind::kUnavailable);
  replica_.Signal(SIGCONT);
  ASSERT_TRUE(loop_.Until([&] { return Send(Command("GET").Key("k")).has_value(); }));
  EXPECT_EQ(replica_.Ask({"GET", "k"}), "new");
}

TEST_F(DurableTest, CountsTheConfiguredReplicasNotThoseThatAreThere) {
  Open(2, Millis(1000));
  const Outcome outcome = Send(Command("INCR").Key("n"));
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().sentence.find("1 of 2"), std::string::npos) << outcome.error().sentence;
}

TEST_F(DurableTest, EndsAtTheCallersDeadline) {
  Open(1, Millis(20'000));
  ASSERT_TRUE(Send(Command("INCR").Key("n")));
  replica_.Signal(SIGSTOP);
  const SystemClock clock;
  const Millis began = clock.Steady();
  const Outcome outcome = Send(Command("INCR").Key("n"), Millis(300));
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error().may_have_happened);
  EXPECT_LT(clock.Steady() - began, Millis(15'000));
}

TEST_F(DurableTest, ALostConnectionProvesNothing) {
  Open(1, Millis(20'000));
  ASSERT_TRUE(Send(Command("INCR").Key("n")));
  replica_.Signal(SIGSTOP);
  const Command incr = Command("INCR").Key("n");
  auto waiting = loop_.Start(durable_->Send(incr, loop_.In(kLong)));
  ASSERT_TRUE(loop_.Until([&] { return primary_.Ask({"GET", "n"}) == "2"; }));
  EXPECT_FALSE(waiting->has_value());
  primary_.Kill();
  ASSERT_TRUE(loop_.Until([&] { return waiting->has_value(); }));
  ASSERT_FALSE(**waiting);
  EXPECT_TRUE((*waiting)->error().may_have_happened);
}

TEST_F(DurableTest, ErrorRepliesComeBackAsTheyAre) {
  Open(1);
  ASSERT_TRUE(Send(Command("SET").Key("k").Arg("text")));
  const Outcome outcome = Send(Command("INCR").Key("k"));
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->is_error());
}

TEST_F(DurableTest, OtherCallsDoNotWaitForReplicas) {
  RedisUrl url;
  url.hosts = {primary_.endpoint()};
  ClientOptions options;
  options.replicas = 1;
  options.wait_timeout = Millis(20'000);
  auto client = Client::Open(loop_.environment(), url, options);
  ASSERT_TRUE(client);
  const CallOptions durable{.deadline = loop_.In(kLong), .durable = true};
  ASSERT_TRUE(loop_.Await((*client)->Call(Command("INCR").Key("n"), durable)));
  replica_.Signal(SIGSTOP);
  const Command incr = Command("INCR").Key("n");
  auto waiting = loop_.Start((*client)->Call(incr, durable));
  ASSERT_TRUE(loop_.Until([&] { return primary_.Ask({"GET", "n"}) == "2"; }));
  EXPECT_EQ(loop_.Await((*client)->Call(Command("GET").Key("n"), {.deadline = loop_.In(kLong)})),
            Outcome(Reply::String("2")));
  EXPECT_FALSE(waiting->has_value());
  replica_.Signal(SIGCONT);
  ASSERT_TRUE(loop_.Until([&] { return waiting->has_value(); }));
  EXPECT_EQ(**waiting, Outcome(Reply::Integer(2)));
  (*client)->Stop();
}

}  // namespace
}  // namespace popradio::redis
