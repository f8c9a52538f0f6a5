#pragma once

#include <cstddef>
#include <string>

#include "app/control.h"
#include "media/scan.h"

namespace popradio::cli {

// "1:05", "2:03:09".
std::string Clocked(double seconds);

// How far a verb is that works through media files: on a terminal one line that is written over,
// else a line at every tenth. On standard error, like all progress.
class FileProgress {
 public:
  explicit FileProgress(app::Output& output);
  void Show(const media::ScanProgress& progress);
  // Before anything else is printed, and at the end.
  void Clear();

 private:
  app::Output& output_;
  const bool line_over_;
  bool shown_ = false;
  std::size_t last_tenth_ = 0;
};

}  // namespace popradio::cli
