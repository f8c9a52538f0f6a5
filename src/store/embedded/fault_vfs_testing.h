#pragma once

#include <atomic>

namespace popradio::embedded {

// What the file layer under SQLite does wrong, as the tests order it. Reads always work.
enum class Fault {
  kNone,
  kFullOnWrite,   // no room: writes fail with SQLITE_FULL
  kErrorOnWrite,  // writes fail with an I/O error
  kErrorOnSync,   // syncs fail, and what was written is there all the same (in the page cache)
};

// A layer over SQLite's own, registered under kFaultVfs by the first call of Faults().
inline constexpr char kFaultVfs[] = "popradio-faults";
struct FaultPlan {
  std::atomic<Fault> fault{Fault::kNone};
  std::atomic<int> good_calls{0};   // writes or syncs that still work before the fault begins
  std::atomic<int> times{1 << 30};  // how often it happens before all is well again
  std::atomic<int> happened{0};
  void Begin(Fault what, int after = 0, int for_times = 1 << 30) {
    good_calls = after;
    times = for_times;
    happened = 0;
    fault = what;
  }
  void End() { fault = Fault::kNone; }
};
FaultPlan& Faults();

}  // namespace popradio::embedded
