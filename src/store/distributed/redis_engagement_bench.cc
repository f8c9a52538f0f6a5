// Likes through one io_context into one Redis, beside what redis-benchmark reaches with INCR on the
// same server in the same run:
//   redis_engagement_bench ADDRESS [LIKES [COROUTINES]]
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "store/distributed/redis_engagement.h"

namespace popradio::store::distributed {
namespace {

constexpr int kTargets = 1'000;

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

struct Run {
  RedisEngagement& engagement;
  const Clock& clock;
  SeededRandom random{1};
  std::vector<Target> targets;
  int left = 0, failed = 0, running = 0;
  std::vector<double> latencies_ms;
};

Task<void> Like(Run& run, boost::asio::io_context& io) {
  while (run.left > 0) {
    --run.left;
    const SessionId session = SessionId::Make(run.random);
    const Target target = run.targets[run.random.Below(run.targets.size())];
    const auto begun = std::chrono::steady_clock::now();
    const auto liked = co_await run.engagement.Like(session, target);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    run.latencies_ms.push_back(took.count());
    if (!liked) ++run.failed;
  }
  if (--run.running == 0) io.stop();
}

Task<void> Prepare(RedisEngagement& engagement, boost::asio::io_context& io) {
  for (int partition = 0; partition < kPartitions; ++partition) {
    const auto marked = co_await engagement.MarkBuilt(partition);
    if (!marked) {
      std::cerr << marked.error().message << "\n";
      std::exit(1);
    }
  }
  io.stop();
}

void Drive(Run& run, boost::asio::io_context& io, int likes, int coroutines) {
  run.left = likes;
  run.running = coroutines;
  run.latencies_ms.clear();
  io.restart();
  for (int i = 0; i < coroutines; ++i) {
    boost::asio::co_spawn(io, Like(run, io), boost::asio::detached);
  }
  io.run();
}

double BenchmarkIncr(const redis::Endpoint& endpoint, int clients, int requests) {
  const std::string command = "redis-benchmark -h " + endpoint.host + " -p " +
                              std::to_string(endpoint.port) + " -t incr -c " +
                              std::to_string(clients) + " -n " + std::to_string(requests) +
                              " --csv 2>/dev/null";
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return 0;
  std::array<char, 512> line{};
  double rate = 0;
  while (std::fgets(line.data(), line.size(), pipe)) {
    // "INCR","98765.43",...
    const std::string text = line.data();
    if (text.starts_with("\"INCR\",\"")) rate = std::strtod(text.c_str() + 8, nullptr);
  }
  ::pclose(pipe);
  return rate;
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: redis_engagement_bench redis://HOST:PORT [LIKES [COROUTINES]]\n";
    return 2;
  }
  const int likes = argc > 2 ? std::atoi(argv[2]) : 300'000;
  const int coroutines = argc > 3 ? std::atoi(argv[3]) : 64;
  const auto url = redis::ParseRedisUrl(argv[1]);
  if (!url) {
    std::cerr << url.error().message << "\n";
    return 2;
  }
  const SystemClock clock;
  SystemRandom random;
  auto clients = RedisClients::Open(*url, {}, clock, random);
  if (!clients) {
    std::cerr << clients.error().message << "\n";
    return 1;
  }
  Numbers numbers;
  RedisEngagement engagement(**clients, numbers, clock, nullptr);
  boost::asio::io_context io{1};
  boost::asio::co_spawn(io, Prepare(engagement, io), boost::asio::detached);
  io.run();

  Run run{.engagement = engagement, .clock = clock};
  for (int i = 0; i < kTargets; ++i) {
    run.targets.push_back({TargetType::kSong, ObjectId::Make(clock.Now(), run.random)});
  }
  Drive(run, io, likes / 10, coroutines);  // warms up
  const double cpu = CpuSeconds();
  const auto begun = std::chrono::steady_clock::now();
  Drive(run, io, likes, coroutines);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  const double used = CpuSeconds() - cpu;
  std::sort(run.latencies_ms.begin(), run.latencies_ms.end());
  const auto at = [&](double part) {
    return run.latencies_ms[static_cast<std::size_t>(
        part * static_cast<double>(run.latencies_ms.size() - 1))];
  };
  const double rate = likes / took.count();
  const double incr = BenchmarkIncr(url->hosts.front(), coroutines, 200'000);
  std::printf("likes: %d by %d coroutines, %d failed\n", likes, coroutines, run.failed);
  std::printf("likes/s: %.0f   CPU us/like: %.2f   p50 %.2f ms   p99 %.2f ms\n", rate,
              used * 1e6 / likes, at(0.5), at(0.99));
  std::printf("redis-benchmark -t incr -c %d: %.0f/s   ratio: %.2f\n", coroutines, incr,
              incr > 0 ? rate / incr : 0);
  (*clients)->Leave(io);
  (*clients)->Close();
  return run.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace popradio::store::distributed

int main(int argc, char** argv) { return popradio::store::distributed::Main(argc, argv); }
