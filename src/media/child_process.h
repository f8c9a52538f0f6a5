#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace popradio::media {

// What a child may use up before it is killed.
struct ChildLimits {
  Millis deadline{std::chrono::seconds(30)};
  std::size_t max_output_bytes = 4 << 20;  // of standard output; more kills the child
};

struct ChildOutput {
  int exit_code = 0;   // 128 + signal number when a signal ended it
  std::string out;     // all of standard output
  std::string errors;  // the last kMaxErrorBytes of standard error
};
inline constexpr std::size_t kMaxErrorBytes = 4096;

// Runs argv[0] (found on PATH) with exactly these arguments: no shell ever sees them. Standard
// input is empty. Waits until the child has ended and is reaped; a child that outlives its deadline
// or floods its output is killed by its pid. Blocks; any thread may call it, several at once.
//
// `on_output`, when given, sees standard output piece by piece instead of ChildOutput::out.
//
// An exit code other than 0 is no failure here. Failures are sentences: the program is not
// installed (naming the package that has it), the deadline, the flood, or no process to be had.
Result<ChildOutput> RunChild(const Clock& clock, const std::vector<std::string>& argv,
                             const ChildLimits& limits = {},
                             const std::function<void(std::string_view)>& on_output = {});

}  // namespace popradio::media
