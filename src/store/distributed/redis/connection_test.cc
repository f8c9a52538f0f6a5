#include "store/distributed/redis/connection.h"

#include <gtest/gtest.h>

#include <boost/asio/redirect_error.hpp>

#include "store/distributed/redis/redis_testing.h"

namespace popradio::redis {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

class ConnectionTest : public testing::Test {
 protected:
  std::shared_ptr<Connection> Open(const Endpoint& endpoint, ConnectionOptions options = {}) {
    connection_ =
        Connection::Open(loop_.environment(), endpoint, std::make_shared<Login>(), options);
    return connection_;
  }
  Outcome Send(const Command& command, Millis timeout = kLong) {
    return loop_.Await(connection_->Send(command, loop_.In(timeout)));
  }
  void TearDown() override {
    if (connection_) connection_->Stop();
  }
  Loop loop_;
  std::shared_ptr<Connection> connection_;
};

// Reads until the other side has gone.
Task<void> Drain(tcp::socket& socket) {
  char bytes[4096];
  boost::system::error_code ec;
  while (!ec) {
    co_await socket.async_read_some(boost::asio::buffer(bytes), redirect_error(use_awaitable, ec));
  }
}

TEST_F(ConnectionTest, MatchesRepliesInOrderWhateverPiecesTheyComeIn) {
  FakeServer server(loop_, [](tcp::socket& socket, int) -> Task<void> {
    const std::string requests = co_await ReadUntil(socket, "THREE\r\n");
    for (const char c : std::string("+one\r\n$7\r\nt\r\nwo\r\n\r\n*2\r\n:3\r\n$-1\r\n")) {
      co_await Say(socket, std::string(1, c));
    }
    co_await Drain(socket);
  });
  Open(server.endpoint());
  const Command one("ONE"), two("TWO"), three("THREE");
  auto first = loop_.Start(connection_->Send(one, loop_.In(kLong)));
  auto second = loop_.Start(connection_->Send(two, loop_.In(kLong)));
  auto third = loop_.Start(connection_->Send(three, loop_.In(kLong)));
  ASSERT_TRUE(loop_.Until([&] { return third->has_value(); }));
  EXPECT_EQ(**first, Outcome(Reply::Status("one")));
  EXPECT_EQ(**second, Outcome(Reply::String("t\r\nwo\r\n")));
  EXPECT_EQ(**third, Outcome(Reply::Array({Reply::Integer(3), Reply()})));
}

TEST_F(ConnectionTest, SwallowsALateReplyInItsPlace) {
  bool release = false;
  FakeServer server(loop_, [&](tcp::socket& socket, int) -> Task<void> {
    co_await ReadUntil(socket, "FIRST\r\n");
    co_await ReadUntil(socket, "SECOND\r\n");
    EXPECT_TRUE(release);
    co_await Say(socket, "+late\r\n+second\r\n");
    co_await Drain(socket);
  });
  Open(server.endpoint());
  const Outcome first = Send(Command("FIRST"), Millis(100));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, FailureKind::kTimeout);
  EXPECT_TRUE(first.error().may_have_happened);
  release = true;
  EXPECT_EQ(Send(Command("SECOND")), Outcome(Reply::Status("second")));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(ConnectionTest, GivesUpAServerThatIsSilentForTooLong) {
  FakeServer server(loop_, [](tcp::socket& socket, int number) -> Task<void> {
    if (number > 1) {
      co_await ReadUntil(socket, "SECOND\r\n");
      co_await Say(socket, "+second\r\n");
    }
    co_await Drain(socket);
  });
  ConnectionOptions options;
  options.overdue_limit = Millis(100);
  options.stable_after = Millis(0);
  Open(server.endpoint(), options);
  ASSERT_FALSE(Send(Command("FIRST"), Millis(50)));
  ASSERT_TRUE(loop_.Until([&] { return server.connections() == 2; }));
  EXPECT_EQ(Send(Command("SECOND")), Outcome(Reply::Status("second")));
}

TEST_F(ConnectionTest, SaysWhetherALostRequestMayHaveHappened) {
  FakeServer server(loop_, [](tcp::socket& socket, int) -> Task<void> {
    co_await ReadUntil(socket, "SENT\r\n");
    co_await Say(socket, "+half");
  });
  ConnectionOptions options;
  options.backoff_first = options.backoff_most = kLong;
  Open(server.endpoint(), options);
  const Outcome sent = Send(Command("SENT"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, FailureKind::kConnectionLost);
  EXPECT_TRUE(sent.error().may_have_happened);
  EXPECT_NE(sent.error().sentence.find(server.endpoint().ToString()), std::string::npos);
  // It pauses now, and refuses at once.
  const Outcome refused = Send(Command("NEVER"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, FailureKind::kNeverSent);
  EXPECT_FALSE(refused.error().may_have_happened);
  EXPECT_FALSE(connection_->health().up);
  EXPECT_FALSE(connection_->health().error.empty());
}

TEST_F(ConnectionTest, EndsWhatWaitsWhenNobodyListens) {
  std::uint16_t port = 0;
  {
    tcp::acceptor gone(loop_.context(),
                       tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
    port = gone.local_endpoint().port();
  }
  Open({"127.0.0.1", port});
  const Outcome outcome = Send(Command("PING"));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FailureKind::kNeverSent);
  EXPECT_NE(outcome.error().sentence.find("refused"), std::string::npos)
      << outcome.error().sentence;
}

TEST_F(ConnectionTest, ClosesOnWhatIsNoReplyAndOnRepliesNobodyAskedFor) {
  for (const std::string bytes : {"HTTP/1.1 400 Bad Request\r\n", "+one\r\n+two\r\n"}) {
    SCOPED_TRACE(bytes);
    FakeServer server(loop_, [bytes](tcp::socket& socket, int) -> Task<void> {
      co_await ReadUntil(socket, "PING\r\n");
      co_await Say(socket, bytes);
      co_await Drain(socket);
    });
    Open(server.endpoint());
    const Outcome outcome = Send(Command("PING"));
    EXPECT_EQ(outcome.has_value(), bytes[0] == '+');
    ASSERT_TRUE(loop_.Until([&] { return server.connections() >= 2; }));
    connection_->Stop();
  }
}

TEST_F(ConnectionTest, EndsEveryRequestWhenStopped) {
  FakeServer server(loop_, [](tcp::socket& socket, int) { return Drain(socket); });
  Open(server.endpoint());
  const Command ping("PING");
  auto sent = loop_.Start(connection_->Send(ping, loop_.In(kLong)));
  ASSERT_TRUE(loop_.Until([&] { return connection_->health().up; }));
  loop_.Until([] { return false; }, Millis(20));
  auto unsent = loop_.Start(connection_->Send(ping, loop_.In(kLong)));
  loop_.context().poll();
  connection_->Stop();
  ASSERT_TRUE(loop_.Until([&] { return sent->has_value() && unsent->has_value(); }));
  EXPECT_EQ((*sent)->error().kind, FailureKind::kConnectionLost);
  const Outcome after = Send(ping);
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().kind, FailureKind::kNeverSent);
}

TEST_F(ConnectionTest, RefusesMoreThanItsLimits) {
  FakeServer server(loop_, [](tcp::socket& socket, int) { return Drain(socket); });
  ConnectionOptions options;
  options.max_pending = 3;
  Open(server.endpoint(), options);
  const Command ping("PING");
  std::vector<std::shared_ptr<std::optional<Outcome>>> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(loop_.Start(connection_->Send(ping, loop_.In(kLong))));
  }
  ASSERT_TRUE(loop_.Until([&] { return waiting[3]->has_value(); }));
  EXPECT_EQ((*waiting[3])->error().kind, FailureKind::kNeverSent);
  EXPECT_FALSE(waiting[0]->has_value());
}

TEST_F(ConnectionTest, DoesNotSendWhatIsAlreadyTooLate) {
  FakeServer server(loop_, [](tcp::socket& socket, int) { return Drain(socket); });
  Open(server.endpoint());
  const Outcome late = Send(Command("PING"), Millis(0));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, FailureKind::kTimeout);
  EXPECT_FALSE(late.error().may_have_happened);
}

TEST_F(ConnectionTest, PipelinesAgainstARealServer) {
  RedisServer server;
  Open(server.endpoint());
  constexpr int kRequests = 10'000;
  const Command incr = Command("INCR").Key("n");
  int right = 0, done = 0;
  for (int i = 1; i <= kRequests; ++i) {
    boost::asio::co_spawn(loop_.context(), connection_->Send(incr, loop_.In(kLong)),
                          [&, i](const std::exception_ptr&, const Outcome& outcome) {
                            ++done;
                            if (outcome && outcome->integer() == i) ++right;
                          });
  }
  ASSERT_TRUE(loop_.Until([&] { return done == kRequests; }));
  EXPECT_EQ(right, kRequests);
  EXPECT_EQ(server.Ask({"GET", "n"}), std::to_string(kRequests));
  EXPECT_NE(server.Ask({"CLIENT", "LIST"}).find("name=popradio"), std::string::npos);
}

TEST_F(ConnectionTest, CarriesAnyBytesAndLargeOnes) {
  RedisServer server;
  Open(server.endpoint());
  std::string value;
  for (int i = 0; i < 5'000'000; ++i) value += static_cast<char>(i * 31 + i / 256);
  EXPECT_EQ(Send(Command("SET").Key(std::string("k\0\r\n", 4)).Arg(value)),
            Outcome(Reply::Status("OK")));
  const Outcome got = Send(Command("GET").Key(std::string("k\0\r\n", 4)));
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->text() == value);
}

TEST_F(ConnectionTest, ComesBackAfterTheServerDiedAndSaysSinceWhen) {
  RedisServer server;
  ConnectionOptions options;
  options.stable_after = Millis(0);
  Open(server.endpoint(), options);
  ASSERT_TRUE(Send(Command("PING")));
  EXPECT_TRUE(connection_->health().up);
  const Instant before = connection_->health().since;
  server.Kill();
  ASSERT_TRUE(loop_.Until([&] { return !connection_->health().up; }));
  EXPECT_GE(connection_->health().since, before);
  EXPECT_FALSE(connection_->health().error.empty());
  server.Start();
  ASSERT_TRUE(loop_.Until([&] { return connection_->health().up; }));
  EXPECT_TRUE(connection_->health().error.empty());
  EXPECT_TRUE(Send(Command("PING")));
}

TEST_F(ConnectionTest, KeepsDeadlinesWithAStoppedServer) {
  RedisServer server;
  ConnectionOptions options;
  options.overdue_limit = Millis(200);
  options.connect_timeout = Millis(300);
  options.stable_after = Millis(0);
  Open(server.endpoint(), options);
  ASSERT_TRUE(Send(Command("PING")));
  server.Signal(SIGSTOP);
  const Outcome outcome = Send(Command("PING"), Millis(100));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FailureKind::kTimeout);
  // The kernel still accepts connections for it; the introduction finds that nobody is at home.
  ASSERT_TRUE(loop_.Until([&] {
    return connection_->health().error.find("did not answer within") != std::string::npos;
  })) << connection_->health().error
      << "; the server's state is " << server.State();
  server.Signal(SIGCONT);
  ASSERT_TRUE(loop_.Until([&] { return connection_->health().up; }));
  EXPECT_TRUE(Send(Command("PING")));
}

TEST_F(ConnectionTest, WhatMustNotHappenLateEndsItsConnectionAtItsDeadline) {
  RedisServer server;
  ConnectionOptions options;
  options.overdue_limit = Millis(60'000);
  options.connect_timeout = Millis(300);
  Open(server.endpoint(), options);
  ASSERT_TRUE(Send(Command("PING")));
  server.Signal(SIGSTOP);
  const auto send = [&](bool once) {
    const Command command = Command("INCR").Key("n");
    return loop_.Await(connection_->Send(command, loop_.In(Millis(100)), false, nullptr, once));
  };
  EXPECT_EQ(send(false).error().kind, FailureKind::kTimeout);
  EXPECT_TRUE(connection_->health().up) << "the answer is waited for, and thrown away";
  EXPECT_EQ(send(true).error().kind, FailureKind::kTimeout);
  ASSERT_TRUE(loop_.Until([&] { return !connection_->health().up; }));
  server.Signal(SIGCONT);
  ASSERT_TRUE(loop_.Until([&] { return connection_->health().up; }));
  EXPECT_TRUE(Send(Command("PING")));
}

// Who may come in, and what is said to those who may not.
class LoginTest : public testing::Test {
 protected:
  // Empty: connected.
  std::string Try(const std::string& address) {
    const auto url = ParseRedisUrl(address);
    if (!url) return url.error().message;
    const auto login = MakeLogin(*url, "popradio");
    if (!login) return login.error().message;
    Loop loop;
    auto connection = Connection::Open(loop.environment(), url->hosts.front(), *login, {});
    const Outcome outcome = loop.Await(connection->Send(Command("PING"), loop.In(kLong)));
    connection->Stop();
    return outcome ? "" : outcome.error().sentence;
  }
};

TEST_F(LoginTest, KnowsPasswordsAndUsers) {
  RedisServer server({"--requirepass", "hunter2"});
  ASSERT_EQ(server.Ask({"ACL", "SETUSER", "ann", "on", ">s3cret", "~*", "&*", "+@all", "-client",
                        "-flushall"},
                       "hunter2"),
            "OK");
  const std::string at = "@" + server.endpoint().ToString();
  EXPECT_EQ(Try("redis://:hunter2" + at), "");
  EXPECT_EQ(Try("redis://:hunter2" + at + "/3"), "");
  EXPECT_EQ(Try("redis://default:hunter2" + at), "");
  EXPECT_EQ(Try("redis://ann:s3cret" + at), "");  // although she may not name her connection
  for (const std::string& address : {"redis://:hunter3" + at, "redis://ann:hunter2" + at}) {
    const std::string said = Try(address);
    EXPECT_NE(said.find("refuses the user or the password"), std::string::npos) << said;
    EXPECT_NE(said.find(server.endpoint().ToString()), std::string::npos) << said;
    EXPECT_EQ(said.find("hunter"), std::string::npos) << said;
  }
  const std::string none = Try("redis://" + server.endpoint().ToString());
  EXPECT_NE(none.find("asks for a password"), std::string::npos) << none;
  const std::string database = Try("redis://:hunter2" + at + "/99");
  EXPECT_NE(database.find("refuses the database"), std::string::npos) << database;
}

TEST_F(LoginTest, SelectsTheDatabase) {
  RedisServer server;
  Loop loop;
  const auto url = ParseRedisUrl("redis://" + server.endpoint().ToString() + "/5");
  ASSERT_TRUE(url);
  auto connection =
      Connection::Open(loop.environment(), url->hosts.front(), *MakeLogin(*url, "popradio"), {});
  ASSERT_TRUE(loop.Await(connection->Send(Command("SET").Key("k").Arg("v"), loop.In(kLong))));
  EXPECT_EQ(server.Ask({"EXISTS", "k"}), "0");
  EXPECT_NE(server.Info("keyspace", "db5"), "");
  connection->Stop();
}

TEST_F(LoginTest, VerifiesTlsCertificates) {
  const TemporaryFolder folder;
  const std::string f = folder.path();
  const auto authority = [&f](const std::string& name) {
    RunProgram({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                "/CN=" + name, "-keyout", f + "/" + name + ".key", "-out",
                f + "/" + name + ".pem"});
  };
  authority("ours");
  authority("other");
  const auto certificate = [&f](const std::string& name, const std::string& alternative) {
    RunProgram({"openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=redis", "-addext",
                "subjectAltName=" + alternative, "-keyout", f + "/" + name + ".key", "-out",
                f + "/" + name + ".csr"});
    RunProgram({"openssl", "x509", "-req", "-days", "2", "-in", f + "/" + name + ".csr", "-CA",
                f + "/ours.pem", "-CAkey", f + "/ours.key", "-CAcreateserial", "-copy_extensions",
                "copy", "-out", f + "/" + name + ".pem"});
  };
  certificate("right", "IP:127.0.0.1,DNS:localhost");
  certificate("wrong", "DNS:elsewhere.example");
  const auto arguments = [&f](const std::string& name) {
    return std::vector<std::string>{"--tls-cert-file",    f + "/" + name + ".pem",
                                    "--tls-key-file",     f + "/" + name + ".key",
                                    "--tls-ca-cert-file", f + "/ours.pem",
                                    "--tls-auth-clients", "no"};
  };
  RedisServer right(arguments("right"), true);
  const std::string port = std::to_string(right.port());
  const std::string ours = "?ca_file=" + f + "/ours.pem";
  EXPECT_EQ(Try("rediss://127.0.0.1:" + port + ours), "");
  EXPECT_EQ(Try("rediss://localhost:" + port + ours), "");
  for (const std::string& parameter : {std::string(), "?ca_file=" + f + "/other.pem"}) {
    const std::string said = Try("rediss://127.0.0.1:" + port + parameter);
    EXPECT_NE(said.find("not trusted"), std::string::npos) << said;
  }
  RedisServer wrong(arguments("wrong"), true);
  const std::string host = Try("rediss://127.0.0.1:" + std::to_string(wrong.port()) + ours);
  EXPECT_NE(host.find("not trusted"), std::string::npos) << host;
  const std::string missing = Try("rediss://127.0.0.1:" + port + "?ca_file=" + f + "/none.pem");
  EXPECT_NE(missing.find("none.pem"), std::string::npos) << missing;
  // One of the two does not speak TLS.
  EXPECT_NE(Try("redis://127.0.0.1:" + port), "");
  RedisServer plain;
  EXPECT_NE(Try("rediss://" + plain.endpoint().ToString() + ours), "");

  // Large values and much at once, through TLS.
  Loop loop;
  const auto url = ParseRedisUrl("rediss://127.0.0.1:" + port + ours);
  auto connection =
      Connection::Open(loop.environment(), url->hosts.front(), *MakeLogin(*url, "popradio"), {});
  const std::string value(3'000'000, 'v');
  const Command append = Command("APPEND").Key("k").Arg(value);
  auto first = loop.Start(connection->Send(append, loop.In(kLong)));
  auto second = loop.Start(connection->Send(append, loop.In(kLong)));
  ASSERT_TRUE(loop.Until([&] { return second->has_value(); }));
  EXPECT_EQ(**second, Outcome(Reply::Integer(6'000'000)));
  const Outcome got = loop.Await(connection->Send(Command("GET").Key("k"), loop.In(kLong)));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->text().size(), 6'000'000U);
  connection->Stop();
}

}  // namespace
}  // namespace popradio::redis
