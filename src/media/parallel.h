#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace popradio::media {

// Calls work(i) for each i in [0, count) on up to `threads` threads and returns when all are done.
// `work` must not throw.
template <class Work>
void ParallelFor(std::size_t count, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) work(i);
  };
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < threads && i < count; ++i) helpers.emplace_back(run);
  run();
}

}  // namespace popradio::media
