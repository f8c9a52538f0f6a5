// Many threads on one backend; meant for ThreadSanitizer as much as for the numbers.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "store/embedded/embedded_testing.h"

// GCC 12 takes the coroutine frame's own operator new and delete for a mismatched pair.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace popradio::embedded {
namespace {

constexpr int kThreads = 8;
constexpr int kRounds = 60;

// One listener: likes, unlikes, plays, comments, reads, limits, on its thread's executor.
Task<void> Listen(store::Backend& backend, const Clock& clock, std::vector<Target> targets,
                  std::uint64_t seed, std::atomic<std::int64_t>& likes,
                  std::atomic<std::int64_t>& plays) {
  SeededRandom random(seed);
  const SessionId session = SessionId::Make(random);
  const std::thread::id home = std::this_thread::get_id();
  for (int round = 0; round < kRounds; ++round) {
    const Target target = targets[random.Below(targets.size())];
    const auto liked = co_await backend.engagement().Like(session, target);
    EXPECT_EQ(std::this_thread::get_id(), home) << "resumes where it waited";
    if (liked) ++likes;
    if (random.Below(2) == 0) {
      const auto unliked = co_await backend.engagement().Unlike(session, target);
      if (unliked) --likes;
    }
    const auto counted =
        co_await backend.engagement().Count(target, &session, std::to_string(round % 7));
    if (counted && round == 0) ++plays;
    std::vector<store::Engagement> numbers(targets.size());
    backend.engagement().ReadNow(&session, targets, numbers);
    const std::vector<store::Charge> charges = {{store::LimitAction::kApi, {}},
                                                {store::LimitAction::kLike, {}}};
    const auto decision = backend.limits().TakeNow(charges);
    if (decision && decision->allowed && round % 3 == 0) backend.limits().Refund(charges);
    backend.sessions().Touch(session, clock.Now());
    backend.analytics().Visit(session, clock.Now());
    if (round % 20 == 0) {
      Comment comment;
      comment.id = ObjectId::Make(clock.Now(), random);
      comment.target = target;
      comment.session = session;
      comment.text = "x";
      comment.created_at = clock.Now();
      const auto added = co_await backend.comments().Add(comment);
      EXPECT_TRUE(added);
      const auto page = co_await backend.comments().List(target, std::nullopt, 5);
      EXPECT_TRUE(page);
      Song song;
      song.id = target.id;
      song.title = "t" + std::to_string(round);
      store::CatalogueStore::Edit edit =
          [song](const Catalogue&) -> Result<store::CatalogueChange> {
        return store::CatalogueChange{{song}, {}};
      };
      const auto changed = co_await backend.catalogue().Update(std::move(edit));
      EXPECT_TRUE(changed);
    }
  }
}

TEST(ConcurrencyTest, EightThreadsAgreeWithTheFile) {
  store::EmbeddedOptions options;
  options.flush_interval_ms = 1;
  EmbeddedHarness harness(options);
  SeededRandom random(1);
  std::vector<Target> targets;
  for (int i = 0; i < 10; ++i)
    targets.push_back({TargetType::kSong, ObjectId::Make(harness.clock().Now(), random)});
  std::atomic<std::int64_t> likes{0}, plays{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        boost::asio::io_context io;
        for (int listener = 0; listener < 3; ++listener) {
          boost::asio::co_spawn(
              io,
              Listen(harness.backend(), harness.clock(), targets,
                     static_cast<std::uint64_t>(i * 100 + listener + 1), likes, plays),
              boost::asio::detached);
        }
        io.run();
      });
    }
    threads.emplace_back([&] {  // time passes meanwhile, over midnight too
      for (int i = 0; i < 200; ++i) {
        harness.clock().Advance(std::chrono::minutes(10));
        (void)harness.backend().Health();
        std::this_thread::yield();
      }
    });
  }
  const auto total = [&] {
    std::int64_t sum = 0;
    for (const Target& target : targets) {
      store::Engagement found;
      harness.backend().engagement().ReadNow(nullptr, {&target, 1}, {&found, 1});
      sum += found.likes;
    }
    return sum;
  };
  EXPECT_EQ(total(), likes);
  EXPECT_EQ(plays, kThreads * 3);
  harness.Restart();
  EXPECT_EQ(total(), likes);
}

TEST(ConcurrencyTest, ClosingWhileOthersWriteAnswersEveryOne) {
  for (int round = 0; round < 5; ++round) {
    EmbeddedHarness harness;
    std::atomic<int> answered{0};
    std::vector<std::jthread> threads;
    std::atomic<int> started{0};
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        SeededRandom random(static_cast<std::uint64_t>(i + 1));
        const Target song{TargetType::kSong, ObjectId::Make(harness.clock().Now(), random)};
        for (int n = 0; n < 50; ++n) {
          (void)store::contract::Await(
              harness.backend().engagement().Count(song, nullptr, std::nullopt));
          ++answered;
          ++started;
        }
      });
    }
    while (started < 20) std::this_thread::yield();
    EXPECT_TRUE(harness.backend().Close());
    for (std::jthread& thread : threads) thread.join();
    EXPECT_EQ(answered, 200);
  }
}

}  // namespace
}  // namespace popradio::embedded
