// Likes per second, each acknowledged after its commit is on disk:
//   embedded_bench [connections=64] [seconds=5] [folder=a temporary one]
// Prints the rate, the latency's percentiles in milliseconds, the time a start takes, and the
// memory.
#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "store/embedded/embedded_backend.h"

namespace popradio {
namespace {

using std::chrono::steady_clock;

double MsSince(steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
}

struct Run {
  store::Backend& backend;
  std::vector<Target> targets;
  steady_clock::time_point end;
  std::vector<float> latencies_ms;
};

// One connection: a new listener likes a song, and waits for the answer.
Task<void> Connection(Run& run, std::uint64_t seed) {
  SeededRandom random(seed);
  while (steady_clock::now() < run.end) {
    const SessionId session = SessionId::Make(random);
    const Target target = run.targets[random.Below(run.targets.size())];
    const auto begin = steady_clock::now();
    const auto liked = co_await run.backend.engagement().Like(session, target);
    if (!liked) std::abort();
    run.latencies_ms.push_back(static_cast<float>(MsSince(begin)));
  }
}

long ResidentKiB() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

std::unique_ptr<store::Backend> Open(const std::string& folder, const Clock& clock,
                                     Random& random) {
  store::EmbeddedOptions options;
  options.data_dir = folder;
  const auto begin = steady_clock::now();
  auto opened = store::OpenEmbedded(options, clock, random);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    std::exit(1);
  }
  std::printf("open: %.1f ms, resident %ld KiB\n", MsSince(begin), ResidentKiB());
  return *std::move(opened);
}

void AddSongs(store::Backend& backend, const Clock& clock, Random& random,
              std::vector<Target>& targets) {
  store::CatalogueChange change;
  for (int i = 0; i < 10'000; ++i) {
    Song song;
    song.id = ObjectId::Make(clock.Now(), random);
    song.title = "Song number " + std::to_string(i);
    song.artist = "Artist " + std::to_string(i % 700);
    song.video_url = "https://cdn.example.com/videos/" + std::to_string(i) + ".mp4";
    song.duration_s = 180;
    song.genre = {"Pop"};
    song.created_at = clock.Now();
    targets.push_back({TargetType::kSong, song.id});
    change.songs.push_back(std::move(song));
  }
  boost::asio::io_context io;
  const store::CatalogueStore::Edit edit = [&](const Catalogue&) -> Result<store::CatalogueChange> {
    return change;
  };
  const auto begin = steady_clock::now();
  boost::asio::co_spawn(io, backend.catalogue().Update(edit), boost::asio::detached);
  io.run();
  std::printf("10,000 songs added in %.0f ms\n", MsSince(begin));
}

int Main(int argc, char** argv) {
  const int connections = argc > 1 ? std::atoi(argv[1]) : 64;
  const int seconds = argc > 2 ? std::atoi(argv[2]) : 5;
  const std::string folder =
      argc > 3
          ? argv[3]
          : "/tmp/popradio-bench-" + std::to_string(steady_clock::now().time_since_epoch().count());
  const SystemClock clock;
  SystemRandom random;
  std::size_t likes = 0;
  {
    const auto backend = Open(folder, clock, random);
    Run run{*backend, {}, {}, {}};
    AddSongs(*backend, clock, random, run.targets);
    run.latencies_ms.reserve(2'000'000);
    const long before_kib = ResidentKiB();
    boost::asio::io_context io(1);
    const auto begin = steady_clock::now();
    run.end = begin + std::chrono::seconds(seconds);
    for (int i = 0; i < connections; ++i) {
      boost::asio::co_spawn(io, Connection(run, random.Next()), boost::asio::detached);
    }
    io.run();
    likes = run.latencies_ms.size();
    const double elapsed_s = MsSince(begin) / 1000;
    std::sort(run.latencies_ms.begin(), run.latencies_ms.end());
    const auto at = [&](double part) {
      return run.latencies_ms[static_cast<std::size_t>(part * static_cast<double>(likes - 1))];
    };
    std::printf(
        "%zu likes by %d connections in %.1f s: %.0f acknowledged/s; ms: p50 %.2f, p99 %.2f, p99.9 "
        "%.2f, max %.2f\n",
        likes, connections, elapsed_s, static_cast<double>(likes) / elapsed_s, at(0.5), at(0.99),
        at(0.999), at(1));
    std::printf(
        "memory: %.0f bytes a like, the bench's own notes (4) included\n",
        static_cast<double>(ResidentKiB() - before_kib) * 1024 / static_cast<double>(likes));
    if (!backend->Close()) return 1;
  }
  std::printf("again, with %zu likes and 10,000 songs: ", likes);
  (void)Open(folder, clock, random)->Close();
  if (argc <= 3) std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace popradio

int main(int argc, char** argv) { return popradio::Main(argc, argv); }
