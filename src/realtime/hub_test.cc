#include "realtime/hub.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

namespace popradio::realtime {
namespace {

namespace asio = boost::asio;

ObjectId TopicOf(int n) {
  std::array<std::uint8_t, 12> bytes{};
  bytes[11] = static_cast<std::uint8_t>(n);
  return ObjectId(bytes);
}

// A hub on as many threads as wanted, and clients at the other ends of socket pairs.
class HubTest : public testing::Test {
 protected:
  void Begin(std::size_t threads, std::size_t turns = 2) {
    std::vector<asio::io_context*> contexts;
    for (std::size_t i = 0; i < threads; ++i) {
      contexts_.push_back(std::make_unique<asio::io_context>(1));
      guards_.push_back(asio::make_work_guard(*contexts_.back()));
      contexts.push_back(contexts_.back().get());
    }
    hub_ = std::make_unique<Hub>(contexts, clock_, random_, turns);
    for (auto& context : contexts_) threads_.emplace_back([&context] { context->run(); });
  }

  void TearDown() override {
    if (hub_) EXPECT_TRUE(hub_->Stop(Millis(5'000)));
    guards_.clear();
    for (std::thread& thread : threads_) thread.join();
    for (const int fd : clients_) ::close(fd);
  }

  // Runs `work` on a shard's thread and waits for it.
  void On(std::size_t shard, const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(*contexts_[shard], [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  // Connects a client; what a new stream begins with goes to `opening`.
  int Join(std::size_t shard, Topics topics = {}, std::string_view last_id = "",
           std::string* opening = nullptr, std::shared_ptr<void> companion = nullptr) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    On(shard, [&] {
      std::string text;
      const std::uint64_t next = hub_->shard(shard).Open(topics, last_id, text);
      if (opening != nullptr) *opening = text;
      hub_->shard(shard).Adopt(ends[0], topics, next, std::move(companion));
    });
    clients_.push_back(ends[1]);
    return ends[1];
  }

  // Reads until `text` was seen or the stream has ended; everything read.
  static std::string ReadUntil(int fd, std::string_view text) {
    std::string all;
    char buffer[65536];
    while (all.find(text) == std::string::npos) {
      const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n > 0) {
        all.append(buffer, static_cast<std::size_t>(n));
      } else if (n == 0 || errno != EAGAIN) {
        return all + "(end)";
      } else {
        std::this_thread::yield();
      }
    }
    return all;
  }

  static bool ReadableNow(int fd) {
    char byte;
    return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
  }

  // Waits until `holds`, which must come true by itself; ctest's time limit is the deadline.
  static void Await(const std::function<bool()>& holds) {
    while (!holds()) std::this_thread::yield();
  }

  void Publish(std::string data, std::optional<ObjectId> topic = {}, std::size_t place = kNotKept,
               bool urgent = true) {
    hub_->Publish({"test", std::move(data), topic, place, urgent});
  }

  SystemClock clock_;
  SystemRandom random_;
  std::vector<std::unique_ptr<asio::io_context>> contexts_;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards_;
  std::unique_ptr<Hub> hub_;
  std::vector<std::thread> threads_;
  std::vector<int> clients_;
};

std::string DataOf(const std::string& text) {
  std::string all;
  for (std::size_t at = 0; (at = text.find("data: ", at)) != std::string::npos;) {
    at += 6;
    all += text.substr(at, text.find('\n', at) - at) + " ";
  }
  return all;
}

std::string LastId(const std::string& text) {
  const std::size_t at = text.rfind("id: ") + 4;
  return text.substr(at, text.find('\n', at) - at);
}

TEST_F(HubTest, SendsTheSameBytesToEverybodyOnEveryThread) {
  Begin(3);
  std::vector<int> clients;
  for (std::size_t i = 0; i < 30; ++i) clients.push_back(Join(i % 3));
  EXPECT_EQ(hub_->listeners(), 30u);
  Publish("hello");
  Publish("again");
  const std::string first = ReadUntil(clients[0], "again\n\n");
  EXPECT_EQ(DataOf(first), "hello again ");
  for (const int client : clients) {
    if (client != clients[0]) EXPECT_EQ(ReadUntil(client, "again\n\n"), first);
  }
}

TEST_F(HubTest, BeginsWithTheStateAndThenSendsTheNews) {
  Begin(1);
  Publish("queue 1", {}, 1);
  Publish("song 1", {}, 0);
  Publish("gone");
  Publish("song 2", {}, 0);
  std::string opening;
  const int client = Join(0, {}, "", &opening);
  EXPECT_EQ(DataOf(opening), "song 2 queue 1 ");
  EXPECT_EQ(opening.find("id:"), std::string::npos);
  Publish("next");
  EXPECT_EQ(DataOf(ReadUntil(client, "next\n\n")), "next ");
}

TEST_F(HubTest, ResumesWhereAClientWasCutOff) {
  Begin(2);
  const int before = Join(0);
  Publish("one");
  const std::string seen = ReadUntil(before, "one\n\n");
  Publish("two");
  Publish("three");
  std::string opening;
  Join(1, {}, LastId(seen), &opening);  // on another thread
  EXPECT_EQ(DataOf(opening), "two three ");
}

TEST_F(HubTest, GivesTheStateToAClientOfAnotherLife) {
  Begin(1);
  Publish("song", {}, 0);
  for (const char* id :
       {"", "17", "00000000-1", "nonsense", "-", "zzzzzzzz-99999999999999999999"}) {
    std::string opening;
    Join(0, {}, id, &opening);
    EXPECT_EQ(DataOf(opening), "song ") << id;
  }
}

TEST_F(HubTest, SendsATopicOnlyToThoseWhoAskedForIt) {
  Begin(1);
  const int radio = Join(0);
  const int fan = Join(0, {TopicOf(7)});
  EXPECT_EQ(hub_->ActiveTopics(), Topics{TopicOf(7)});
  Publish("of seven", TopicOf(7));
  Publish("of eight", TopicOf(8));
  Publish("of all");
  EXPECT_EQ(DataOf(ReadUntil(radio, "of all\n\n")), "of all ");
  EXPECT_EQ(DataOf(ReadUntil(fan, "of all\n\n")), "of seven of all ");
}

TEST_F(HubTest, LetsGoOfWhoeverHangsUp) {
  Begin(1);
  auto companion = std::make_shared<int>(1);
  const std::weak_ptr<int> held = companion;
  const int client = Join(0, {TopicOf(1)}, "", nullptr, std::move(companion));
  EXPECT_FALSE(held.expired());
  ::shutdown(client, SHUT_RDWR);
  Await([&] { return hub_->listeners() == 0; });
  On(0, [] {});
  EXPECT_TRUE(held.expired());
  EXPECT_TRUE(hub_->ActiveTopics().empty());
}

TEST_F(HubTest, ASlowReaderNeitherHoldsUpTheRestNorGetsAnythingTwice) {
  Begin(1);
  const int slow = Join(0);
  const int quick = Join(0);
  // More than a socket takes, less than a listener may be behind beside that.
  const std::string filler(4000, 'x');
  std::string expected;
  for (int i = 0; i < 30; ++i) {
    Publish(std::to_string(i) + filler);
    expected += std::to_string(i) + filler + " ";
    ReadUntil(quick, "\n\n");  // while the slow one has read nothing
  }
  Publish("the end");
  EXPECT_EQ(DataOf(ReadUntil(slow, "the end\n\n")), expected + "the end ");
  EXPECT_EQ(hub_->dropped(), 0u);
}

TEST_F(HubTest, DropsAReaderWhoIsTooFarBehindAndItResumes) {
  Begin(1);
  const int stuck = Join(0);
  const int quick = Join(0);
  const std::string filler(8000, 'y');
  std::size_t sent = 0;
  while (hub_->dropped() == 0) {
    Publish(std::to_string(sent++) + filler);
    ReadUntil(quick, "\n\n");
    ASSERT_LT(sent, 1000u) << "nobody was dropped";
  }
  const std::string seen = ReadUntil(stuck, "(never)");
  EXPECT_TRUE(seen.ends_with("(end)"));
  // What arrived whole is a beginning of what was sent, and the rest is still known or is state.
  const std::string whole = seen.substr(0, seen.rfind("\n\n") + 2);
  std::string opening;
  Join(0, {}, LastId(whole), &opening);
  if (!opening.empty()) {
    const std::size_t last =
        std::stoul(DataOf(whole).substr(DataOf(whole).rfind(' ', DataOf(whole).size() - 2) + 1));
    EXPECT_EQ(std::stoul(DataOf(opening)), last + 1);
  }
  EXPECT_EQ(hub_->listeners(), 2u);
}

TEST_F(HubTest, LetsRequestsInBetweenTheSlicesOfABroadcast) {
  Begin(1);
  for (std::size_t i = 0; i < 3 * kSliceListeners; ++i) Join(0);
  // What a request would do: it was there before the broadcast has ended.
  std::atomic<int> order{0};
  int request = 0;
  On(0, [&] {
    Publish("big news");                                    // its Receive is queued first
    asio::post(*contexts_[0], [&] { request = ++order; });  // then a request
  });
  const int last = clients_.back();
  ReadUntil(last, "big news");
  On(0, [&] { ++order; });
  EXPECT_EQ(request, 1);
}

TEST_F(HubTest, EveryShardGetsItsTurn) {
  Begin(4, 1);
  std::vector<int> clients;
  for (std::size_t i = 0; i < 4 * 2 * kSliceListeners; ++i) clients.push_back(Join(i % 4));
  constexpr int kMessages = 20;
  std::string expected;
  for (int i = 0; i < kMessages; ++i) {
    Publish(std::to_string(i));
    expected += std::to_string(i) + " ";
  }
  for (const int client : clients) {
    EXPECT_EQ(DataOf(ReadUntil(client, "data: " + std::to_string(kMessages - 1) + "\n\n")),
              expected);
  }
}

TEST_F(HubTest, OneShardWritesWhileTheOthersWaitForTheirTurn) {
  Begin(2, 1);
  const int first = Join(0), waiting = Join(1);
  for (std::size_t i = 0; i < kSliceListeners; ++i) Join(0);
  const int last = clients_.back();
  std::promise<void> hear, in_turn, go_on;
  asio::post(*contexts_[1], [&] { hear.get_future().wait(); });  // so that the other one is first
  On(0, [&] {
    Publish("news");
    // Behind Receive(), BeginPass() with the first slice, and before the second.
    asio::post(*contexts_[0], [&] {
      asio::post(*contexts_[0], [&] {
        in_turn.set_value();
        go_on.get_future().wait();
      });
    });
  });
  in_turn.get_future().wait();
  hear.set_value();
  On(1, [] {});  // has received the news by now
  On(1, [] {});  // and would have begun to write
  EXPECT_TRUE(ReadableNow(first));
  EXPECT_FALSE(ReadableNow(last));
  EXPECT_FALSE(ReadableNow(waiting));
  go_on.set_value();
  for (const int client : {first, last, waiting}) {
    EXPECT_EQ(DataOf(ReadUntil(client, "news\n\n")), "news ");
  }
}

TEST_F(HubTest, StopsWhileShardsWaitForTheirTurn) {
  for (int round = 0; round < 20; ++round) {
    Begin(4, 1);
    for (std::size_t i = 0; i < 4 * kSliceListeners; ++i) Join(i % 4);
    Publish("goodbye");
    EXPECT_TRUE(hub_->Stop(Millis(5'000)));
    EXPECT_EQ(hub_->listeners(), 0u);
    TearDown();
    hub_.reset();
    threads_.clear();
    contexts_.clear();
    clients_.clear();
  }
}

TEST_F(HubTest, ManyThreadsMayPublishWhileListenersComeAndGo) {
  Begin(2);
  const int steady = Join(0);
  constexpr int kEach = 100;
  std::vector<std::thread> publishers;
  for (int p = 0; p < 3; ++p) {
    publishers.emplace_back([this] {
      for (int i = 0; i < kEach; ++i) Publish("x", {}, i % 2 == 0 ? kNotKept : 0);
    });
  }
  for (int i = 0; i < 40; ++i) {
    const int guest = Join(static_cast<std::size_t>(i % 2));
    ::shutdown(guest, SHUT_RDWR);
  }
  for (std::thread& publisher : publishers) publisher.join();
  Publish("the end");
  const std::string all = ReadUntil(steady, "the end\n\n");
  // Ids rise by one: nothing was lost, and every shard saw the same order.
  std::uint64_t expected = 1;
  for (std::size_t at = 0; (at = all.find("id: ", at)) != std::string::npos; ++at) {
    const std::size_t dash = all.find('-', at);
    EXPECT_EQ(std::stoull(all.substr(dash + 1)), expected++);
  }
  EXPECT_EQ(expected, 3u * kEach + 2);
}

TEST_F(HubTest, KeepsTheOrderOfAShardsOwnThreadAndAnother) {
  Begin(1);
  const int client = Join(0);
  // The first is published from within the shard's io_context, the second meanwhile from outside.
  On(0, [&] {
    Publish("first");
    std::thread([&] { Publish("second"); }).join();
  });
  Publish("third");
  EXPECT_EQ(DataOf(ReadUntil(client, "third\n\n")), "first second third ");
}

TEST_F(HubTest, ClosesEveryStreamWhenItStops) {
  Begin(2);
  const int client = Join(1);
  EXPECT_TRUE(hub_->Stop(Millis(5'000)));
  EXPECT_EQ(ReadUntil(client, "(never)"), "(end)");
  EXPECT_EQ(hub_->listeners(), 0u);
  // Who is late is turned away, and nothing crashes.
  const int late = Join(0);
  EXPECT_EQ(ReadUntil(late, "(never)"), "(end)");
  Publish("nobody hears this");
}

// A clock that a test moves.
class HandClock final : public Clock {
 public:
  Instant Now() const override { return Instant(Millis(ms.load())); }
  Millis Steady() const override { return Millis(ms.load()); }
  std::atomic<std::int64_t> ms{1000};
};

TEST(Hub, SaysSomethingToASilentRoom) {
  asio::io_context context(1);
  HandClock clock;
  SystemRandom random;
  Hub hub({&context}, clock, random);
  hub.Beat();
  EXPECT_EQ(hub.published(), 0u);
  clock.ms += kHeartbeat.count();
  hub.Beat();
  hub.Beat();
  EXPECT_EQ(hub.published(), 1u);
  // What went to a few only is no sign of life for the rest.
  clock.ms += kHeartbeat.count();
  hub.Publish({"test", "x", TopicOf(1)});
  hub.Beat();
  EXPECT_EQ(hub.published(), 3u);
  context.poll();
}

}  // namespace
}  // namespace popradio::realtime
