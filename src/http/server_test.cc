#include "http/server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "http/server_testing.h"

namespace popradio::http {
namespace {

TEST(ParseListenAddress, ReadsAddresses) {
  EXPECT_EQ(ParseListenAddress("0.0.0.0:8080")->port(), 8080);
  EXPECT_TRUE(ParseListenAddress("[::]:0")->address().is_v6());
  EXPECT_TRUE(ParseListenAddress(":80")->address().is_v4());
  EXPECT_TRUE(ParseListenAddress("localhost:80")->address().is_loopback());
  for (const char* bad :
       {"", "8080", "a:b", "1.2.3.4", "1.2.3.4:", "1.2.3.4:70000", "::1:80", "example.org:80"}) {
    const auto parsed = ParseListenAddress(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_NE(parsed.error().message.find("\"" + std::string(bad) + "\""), std::string::npos);
  }
}

TEST(Server, RefusesAPortThatIsInUse) {
  for (const std::size_t threads : {1, 2}) {
    ServerOptions options = TestServer::Options();
    options.threads = threads;
    TestServer first(options);
    options.listen.port(first.port);
    TestHandler handler;
    ManualClock clock;
    Server second(options, handler, clock);
    const auto bound = second.Start();
    ASSERT_FALSE(bound.has_value());
    EXPECT_NE(bound.error().message.find("in use"), std::string::npos) << bound.error().message;
    EXPECT_NE(bound.error().message.find(std::to_string(first.port)), std::string::npos);
  }
}

TEST(Server, RefusesAnAddressThatIsNotOurs) {
  ServerOptions options = TestServer::Options();
  options.listen.address(boost::asio::ip::make_address("192.0.2.1"));
  TestHandler handler;
  ManualClock clock;
  Server server(options, handler, clock);
  const auto bound = server.Start();
  ASSERT_FALSE(bound.has_value());
  EXPECT_NE(bound.error().message.find("192.0.2.1"), std::string::npos);
}

TEST(Server, TakesItsPortAgainRightAfterARestart) {
  ServerOptions options = TestServer::Options();
  options.threads = 2;
  for (int i = 0; i < 3; ++i) {
    TestServer test(options);
    options.listen.port(test.port);
    RawClient client(test.port);
    client.Send(Get("/a"));
    EXPECT_EQ(client.Read().status, 200);
    test.server.Stop();  // closes first, so that the connection is in TIME_WAIT on our side
  }
}

TEST(Server, ServesOnSeveralThreads) {
  ServerOptions options = TestServer::Options();
  options.threads = 4;
  std::atomic<int> started{0};
  options.on_thread_start = [&](std::size_t) { ++started; };
  TestServer test(std::move(options));
  EXPECT_EQ(started, 4);
  EXPECT_EQ(test.server.threads(), 4u);
  std::vector<std::future<int>> clients;
  for (int c = 0; c < 16; ++c) {
    clients.push_back(std::async(std::launch::async, [&] {
      int answers = 0;
      RawClient client(test.port);
      for (int i = 0; i < 50; ++i) {
        client.Send(Get("/" + std::to_string(i)));
        if (client.Read().body == "GET /" + std::to_string(i) + " ") ++answers;
        if (i % 10 == 0) answers += test.server.Stats().connections_accepted > 1000;
      }
      return answers;
    }));
  }
  for (auto& client : clients) EXPECT_EQ(client.get(), 50);
  const ServerStats stats = test.server.Stats();
  EXPECT_EQ(stats.requests[2], 16u * 50);
  EXPECT_EQ(stats.connections_accepted, 16u);
  EXPECT_GT(stats.bytes_sent, stats.bytes_received);
}

TEST(Server, SaysSoWhenThereAreTooManyConnections) {
  ServerOptions options = TestServer::Options();
  options.max_connections = 2;
  options.max_connections_per_address = 1;  // loopback is not counted
  TestServer test(std::move(options));
  RawClient first(test.port), second(test.port);
  for (RawClient* client : {&first, &second}) {
    client->Send(Get("/a"));
    EXPECT_EQ(client->Read().status, 200);
  }
  RawClient third(test.port);
  third.Send(Get("/a"));
  const Answer answer = third.Read();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.Field("retry-after"), "5");
  EXPECT_EQ(answer.Field("connection"), "close");
  third.FinishSending();
  EXPECT_EQ(third.ReadAll(), "");
  EXPECT_EQ(test.server.Stats().refused_total, 1u);
  first.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(first.ReadAll(), "");
  ASSERT_TRUE(Eventually([&] { return test.server.Stats().connections_open == 1; }));
  RawClient fourth(test.port);
  fourth.Send(Get("/a"));
  EXPECT_EQ(fourth.Read().status, 200);
}

TEST(Server, FinishesWhatIsInFlightWhenItStops) {
  ServerOptions options = TestServer::Options();
  options.threads = 2;
  TestServer test(std::move(options));
  RawClient idle(test.port), busy(test.port), halfway(test.port);
  idle.Send(Get("/a"));
  EXPECT_EQ(idle.Read().status, 200);
  busy.Send(Get("/wait"));
  halfway.Send("POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
  ASSERT_TRUE(Eventually([&] {
    return test.handler.waiting() == 1 &&
           test.server.Stats().bytes_received > 2 * Get("/a").size() + 50;
  }));
  auto stopped =
      std::async(std::launch::async, [&] { test.server.Stop(std::chrono::seconds(10)); });
  EXPECT_EQ(idle.ReadAll(), "");  // at once
  EXPECT_FALSE(RawClient(test.port).connected() && RawClient(test.port).Read().status != 0);
  halfway.Send("cd");
  const Answer half = halfway.Read();
  EXPECT_EQ(half.body, "POST /half abcd");
  EXPECT_EQ(half.Field("connection"), "close");
  test.handler.Open();
  EXPECT_EQ(busy.Read().body, "waited");
  ASSERT_EQ(stopped.wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(Server, StopsWithinItsGrace) {
  TestServer test;
  RawClient halfway(test.port), stuck(test.port);
  halfway.Send("GET / HT");
  stuck.Send(Get("/wait"));
  ASSERT_TRUE(Eventually(
      [&] { return test.handler.waiting() == 1 && test.server.Stats().bytes_received > 8; }));
  const auto start = std::chrono::steady_clock::now();
  test.server.Stop(std::chrono::milliseconds(50));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_EQ(halfway.ReadAll(), "");
}

// Runs in a process of its own, whose descriptors it uses up.
int ServeWithoutDescriptors() {
  rlimit limit{64, 64};
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 10;
  TestServer test;
  RawClient kept(test.port);
  kept.Send(Get("/a"));
  if (kept.Read().status != 200) return 11;
  // Clients are of this process too: keep one descriptor for the next client, and none to accept
  // with.
  std::vector<int> fill;
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) fill.push_back(fd);
  ::close(fill.back());
  fill.pop_back();
  {
    RawClient refused(test.port);
    if (!refused.connected()) return 12;
    refused.Send(Get("/a"));
    const std::string answer = refused.ReadAll();
    if (answer.find("503 Service Unavailable") == std::string::npos) return 13;
    if (answer.find("Retry-After") == std::string::npos) return 14;
    kept.Send(Get("/b"));  // the old ones live on
    if (kept.Read().body != "GET /b ") return 15;
    if (test.server.Stats().refused_descriptors != 1) return 16;
    // Not a busy loop: nobody is waiting now, so the thread sleeps.
    rusage before{}, after{};
    ::getrusage(RUSAGE_SELF, &before);
    Eventually([end = std::chrono::steady_clock::now() + Millis(400)] {
      return std::chrono::steady_clock::now() > end;
    });
    ::getrusage(RUSAGE_SELF, &after);
    const auto ms = [](const rusage& r) {
      return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000 +
             (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
    };
    if (ms(after) - ms(before) > 200) return 17;
  }
  for (const int fd : fill) ::close(fd);
  RawClient welcome(test.port);
  welcome.Send(Get("/c"));
  return welcome.Read().body == "GET /c " ? 0 : 18;
}

TEST(Server, RefusesPolitelyWhenDescriptorsRunOut) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(ServeWithoutDescriptors());
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace popradio::http
