#include <gtest/gtest.h>

#include <set>

#include "http/server_testing.h"

namespace popradio::http {
namespace {

std::string Post(const std::string& path, const std::string& body, const std::string& fields = "") {
  return "POST " + path + " HTTP/1.1\r\n" + kHost + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Connection, AnswersAndStaysOpen) {
  TestServer test;
  RawClient client(test.port);
  for (int i = 0; i < 3; ++i) {
    client.Send(Get("/a?b"));
    const Answer answer = client.Read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "GET /a ");
    EXPECT_EQ(answer.Field("Content-Type"), "text/plain");
    EXPECT_EQ(answer.Field("Connection"), "");
    EXPECT_EQ(answer.Field("Server"), "popradio");
    EXPECT_EQ(answer.Field("Date"), "Sun, 06 Nov 1994 08:49:38 GMT");
    EXPECT_EQ(answer.Field("X-Request-Id").size(), 16u);
  }
}

TEST(Connection, ClosesWhenAsked) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Get("/a", "Connection: close\r\n"));
  const Answer answer = client.Read();
  EXPECT_EQ(answer.Field("Connection"), "close");
  EXPECT_EQ(client.ReadAll(), "");

  RawClient old(test.port);
  old.Send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.Read().Field("Connection"), "close");
  EXPECT_EQ(old.ReadAll(), "");

  RawClient kept(test.port);
  kept.Send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.Read().Field("Connection"), "keep-alive");
  kept.Send("GET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.Read().body, "GET /b ");
}

TEST(Connection, AnswersPipelinedRequestsInOrder) {
  TestServer test;
  RawClient client(test.port);
  std::string all;
  for (int i = 0; i < 300; ++i) {
    const std::string path = "/" + std::to_string(i);
    switch (i % 4) {
      case 0:
        all += Get(path);
        break;
      case 1:
        all += Post(path, "body" + path);
        break;
      case 2:
        all += "POST " + path + " HTTP/1.1\r\n" + kHost +
               "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        break;
      case 3:
        all += Get(i % 100 == 3 ? "/big" : path);
        break;
    }
  }
  client.Send(all);
  std::set<std::string> ids;
  for (int i = 0; i < 300; ++i) {
    const Answer answer = client.Read();
    const std::string path = "/" + std::to_string(i);
    ASSERT_EQ(answer.status, 200) << i;
    ids.insert(answer.Field("x-request-id"));
    if (i % 100 == 3) {
      ASSERT_TRUE(answer.body == test.handler.big()) << i;
    } else {
      const char* body[] = {"", nullptr, "abc", ""};
      ASSERT_EQ(answer.body, (i % 4 == 0 || i % 4 == 3 ? "GET " : "POST ") + path + " " +
                                 (i % 4 == 1 ? "body" + path : body[i % 4]));
    }
  }
  EXPECT_EQ(ids.size(), 300u);
}

TEST(Connection, ReadsRequestsThatArriveByteByByte) {
  TestServer test;
  RawClient client(test.port);
  const std::string request = "\r\n" + Post("/x", "hello");
  for (const char c : request) client.Send(std::string(1, c));
  EXPECT_EQ(client.Read().body, "POST /x hello");
}

TEST(Connection, AnswersHeadWithTheHeadersOfGet) {
  TestServer test;
  RawClient client(test.port);
  client.Send("HEAD /big HTTP/1.1\r\n" + kHost + "\r\n" + "HEAD /file HTTP/1.1\r\n" + kHost +
              "\r\n" + "HEAD /nope HTTP/1.1\r\n" + kHost + "\r\n" + Get("/after"));
  EXPECT_EQ(client.Read(true).Field("content-length"), std::to_string(test.handler.big().size()));
  EXPECT_EQ(client.Read(true).Field("content-length"),
            std::to_string(test.handler.big().size() - 1000));
  EXPECT_EQ(client.Read(true).Field("content-length"), "11");
  EXPECT_EQ(client.Read().body, "GET /after ");
}

TEST(Connection, GivesNoBodyToNoContent) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Get("/empty") + Get("/after"));
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.Field("content-length"), "");
  EXPECT_EQ(client.Read().body, "GET /after ");
}

TEST(Connection, SendsLargeBodiesAndFilesWhole) {
  ServerOptions options = TestServer::Options();
  options.send_buffer_bytes = 32 * 1024;  // so that it has to wait for the client many times
  TestServer test(std::move(options));
  RawClient client(test.port);
  client.Send(Get("/big") + Get("/file") + Get("/after"));
  EXPECT_TRUE(client.Read().body == test.handler.big());
  EXPECT_TRUE(client.Read().body == test.handler.big().substr(1000));
  EXPECT_EQ(client.Read().body, "GET /after ");
}

TEST(Connection, ClosesRatherThanPadAFileThatGotShorter) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Get("/truncated") + Get("/after"));
  const std::string all = client.ReadAll();
  EXPECT_NE(all.find("Content-Length: 1000"), std::string::npos);
  EXPECT_EQ(all.find("GET /after"), std::string::npos);
}

TEST(Connection, SaysContinueBeforeItReadsTheBody) {
  TestServer test;
  RawClient client(test.port);
  client.Send("POST /x HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(client.Read().status, 100);
  client.Send("hello");
  EXPECT_EQ(client.Read().body, "POST /x hello");
  client.Send("POST /y HTTP/1.1\r\n" + kHost +
              "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Read().status, 100);
  client.Send("2\r\nhi\r\n0\r\n\r\n");
  EXPECT_EQ(client.Read().body, "POST /y hi");
  client.Send(Post("/z", "here already", "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.Read().body, "POST /z here already");
}

TEST(Connection, RefusesOtherExpectations) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Post("/x", "", "Expect: a miracle\r\n") + Get("/after"));
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 417);
  EXPECT_EQ(answer.Field("connection"), "close");
  EXPECT_EQ(client.ReadAll(), "");
}

TEST(Connection, ParsesNothingAfterAnError) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Get("/first") + "GET / HTTP/1.1\nHost: a\n\n" + Get("/smuggled"));
  EXPECT_EQ(client.Read().body, "GET /first ");
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "{\"code\":\"bad_request\",\"status\":400}");
  EXPECT_EQ(answer.Field("connection"), "close");
  EXPECT_EQ(client.ReadAll(), "");
  EXPECT_EQ(test.server.Stats().protocol_errors, 1u);
  EXPECT_EQ(test.server.Stats().requests[4], 1u);
}

TEST(Connection, RefusesLargeBodiesAtOnceAndTheClientSeesIt) {
  TestServer test;
  struct Case {
    std::string head;
    int status;
  };
  const Case cases[] = {
      {"POST /x HTTP/1.1\r\n" + kHost + "Content-Length: 16385\r\n\r\n", 413},
      {"POST /x HTTP/1.1\r\n" + kHost + "Content-Length: 16385\r\nExpect: 100-continue\r\n\r\n",
       413},
      {"POST /x HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n4001\r\n", 413},
      {"POST /none HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\n\r\n", 413},
      {"POST /none HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n", 413},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.head);
    RawClient client(test.port);
    client.Send(c.head + std::string(100'000, 'a'));  // unread, it would reset the connection
    const Answer answer = client.Read();
    EXPECT_EQ(answer.status, c.status);
    EXPECT_EQ(answer.body, "{\"code\":\"body_too_large\",\"status\":413}");
    client.FinishSending();
    EXPECT_EQ(client.ReadAll(), "");
  }
}

TEST(Connection, ReadsBodiesUpToTheRulesLimit) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Post("/length", std::string(16384, 'a')));
  EXPECT_EQ(client.Read().body, "16384");
  client.Send(Post("/upload", std::string(5'000'000, 'b')) + Get("/after"));
  EXPECT_EQ(client.Read().body.size(), 5'000'000u + 13);
  EXPECT_EQ(client.Read().body, "GET /after ");
  std::string chunks = "POST /upload HTTP/1.1\r\n" + kHost + "X: " + std::string(12'000, 'x') +
                       "\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 300; ++i)
    chunks += "3e8;n=" + std::to_string(i) + "\r\n" + std::string(1000, 'c') + "\r\n";
  client.Send(chunks + "0\r\nTrailer: x\r\n\r\n" + Get("/after"));
  EXPECT_TRUE(client.Read().body == "POST /upload " + std::string(300'000, 'c'));
  EXPECT_EQ(client.Read().body, "GET /after ");
}

TEST(Connection, TurnsExceptionsIntoAnInternalError) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Get("/throw") + Get("/after"));
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "{\"code\":\"internal\",\"status\":500}");
  EXPECT_EQ(client.Read().body, "GET /after ");
  EXPECT_EQ(test.server.Stats().handler_failures, 1u);
}

TEST(Connection, HandsTheSocketOver) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Get("/a") + Get("/takeover"));
  EXPECT_EQ(client.Read().status, 200);
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Field("content-length"), "");
  EXPECT_EQ(answer.Field("connection"), "close");
  ASSERT_TRUE(Eventually([&] { return test.handler.taken() == 1; }));
  EXPECT_EQ(test.server.Stats().connections_open, 1u);  // still counted
  test.handler.CloseTaken();
  EXPECT_EQ(client.ReadAll(), "first words\nfrom the new owner\n");
  EXPECT_EQ(test.server.Stats().connections_open, 0u);
}

TEST(Connection, DoesNotHandOverForHead) {
  TestServer test;
  RawClient client(test.port);
  client.Send("HEAD /takeover HTTP/1.1\r\n" + kHost + "\r\n");
  EXPECT_EQ(client.Read(true).status, 200);
  EXPECT_EQ(client.ReadAll(), "");
  EXPECT_EQ(test.handler.taken(), 0u);
}

TEST(Connection, AnswersAClientThatHasFinishedSending) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Get("/a"));
  client.FinishSending();
  EXPECT_EQ(client.Read().body, "GET /a ");
  EXPECT_EQ(client.ReadAll(), "");
}

// What each deadline allows, with what it takes for a sweep to see it.
struct TimeoutCase {
  const char* name;
  std::string sent;
  Millis least, most;
  const char* answer;
};

TEST(Connection, EndsWhatTakesTooLong) {
  using std::chrono::seconds;
  const TimeoutCase cases[] = {
      {"idle", "", seconds(75), seconds(80), ""},
      {"idle after an answer", Get("/a"), seconds(75), seconds(80), ""},
      {"headers", "GET / HTTP/1.1\r\nHo", seconds(10), seconds(15), "408"},
      {"body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", seconds(10),
       seconds(15), "408"},
      {"chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
       seconds(10), seconds(15), "408"},
  };
  for (const TimeoutCase& c : cases) {
    SCOPED_TRACE(c.name);
    TestServer test;
    RawClient client(test.port);
    client.Send(c.sent);
    ASSERT_TRUE(Eventually([&] {
      return test.server.Stats().connections_accepted == 1 &&
             test.server.Stats().bytes_received == c.sent.size();
    }));
    if (c.sent == Get("/a")) EXPECT_EQ(client.Read().status, 200);
    Millis passed{0};
    if (*c.answer == '\0') {
      passed = test.AdvanceUntilClosed(client);
    } else {
      while (passed < seconds(60) && test.server.Stats().timeouts == 0) {
        test.clock.Advance(Millis(250));
        passed += Millis(250);
        Eventually([&, end = std::chrono::steady_clock::now() + Millis(12)] {
          return std::chrono::steady_clock::now() > end || test.server.Stats().timeouts > 0;
        });
      }
      const Answer answer = client.Read();
      EXPECT_EQ(std::to_string(answer.status), c.answer);
      EXPECT_EQ(answer.Field("connection"), "close");
      client.FinishSending();
      EXPECT_EQ(client.ReadAll(), "");
    }
    EXPECT_GE(passed, c.least);
    EXPECT_LE(passed, c.most);
    EXPECT_EQ(test.server.Stats().timeouts, 1u);
  }
}

TEST(Connection, GivesUpOnAClientThatDoesNotRead) {
  ServerOptions options = TestServer::Options();
  options.send_buffer_bytes = 8 * 1024;
  for (const char* path : {"/big", "/file"}) {
    SCOPED_TRACE(path);
    TestServer test(options);
    RawClient client(test.port);
    client.Send(Get(path));
    ASSERT_TRUE(Eventually([&] { return test.server.Stats().bytes_sent > 1000; }));
    ASSERT_TRUE(Eventually([&] {
      test.clock.Advance(Millis(1000));
      return test.server.Stats().timeouts == 1;
    }));
    EXPECT_TRUE(Eventually([&] { return test.server.Stats().connections_open == 0; }));
  }
}

TEST(Connection, LetsAHandlerTakeItsTime) {
  TestServer test;
  RawClient client(test.port);
  client.Send(Get("/wait"));
  ASSERT_TRUE(Eventually([&] { return test.handler.waiting() == 1; }));
  for (int i = 0; i < 20; ++i) {
    test.clock.Advance(std::chrono::minutes(1));
    ASSERT_FALSE(client.ClosedWithin(Millis(3)));
  }
  test.handler.Open();
  EXPECT_EQ(client.Read().body, "waited");
}

}  // namespace
}  // namespace popradio::http
