#pragma once

#include <functional>
#include <mutex>

#include "base/clock.h"
#include "media/scan.h"

namespace popradio::media {

// Counts files and tells about it at most every kProgressInterval. Any thread; calls are one at a
// time.
class ScanProgressMeter {
 public:
  ScanProgressMeter(const Clock& clock, const std::function<void(const ScanProgress&)>& tell)
      : clock_(clock), tell_(tell) {}

  void Begin(std::size_t total);
  void Done(const std::string& file);
  // How far the encoding of a file is; none: finished.
  void Converting(const std::string& file, std::optional<double> fraction);
  // Tells once more. The seconds since Begin.
  double End();

 private:
  void Tell(bool always);

  const Clock& clock_;
  const std::function<void(const ScanProgress&)>& tell_;
  std::mutex mutex_;
  ScanProgress progress_;
  Millis began_{0};
  Millis told_{-kProgressInterval};
};

}  // namespace popradio::media
