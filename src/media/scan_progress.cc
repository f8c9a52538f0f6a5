#include "media/scan_progress.h"

namespace popradio::media {
namespace {

// Before that the speed is a guess.
constexpr double kFirstEstimateS = 1.0;

}  // namespace

void ScanProgressMeter::Begin(std::size_t total) {
  const std::lock_guard lock(mutex_);
  progress_.total = total;
  began_ = clock_.Steady();
  told_ = began_ - kProgressInterval;
}

void ScanProgressMeter::Done(const std::string& file) {
  const std::lock_guard lock(mutex_);
  ++progress_.done;
  // Files may have come since they were counted.
  progress_.total = std::max(progress_.total, progress_.done);
  progress_.current = file;
  progress_.converting.reset();
  Tell(false);
}

void ScanProgressMeter::Converting(const std::string& file, std::optional<double> fraction) {
  const std::lock_guard lock(mutex_);
  progress_.current = file;
  progress_.converting = fraction;
  Tell(false);
}

double ScanProgressMeter::End() {
  const std::lock_guard lock(mutex_);
  progress_.current.clear();
  progress_.converting.reset();
  Tell(true);
  return std::chrono::duration<double>(clock_.Steady() - began_).count();
}

void ScanProgressMeter::Tell(bool always) {
  const Millis now = clock_.Steady();
  if (!tell_ || (!always && now - told_ < kProgressInterval)) return;
  told_ = now;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  progress_.files_per_s = seconds > 0 ? static_cast<double>(progress_.done) / seconds : 0;
  progress_.seconds_left.reset();
  if (seconds >= kFirstEstimateS && progress_.files_per_s > 0) {
    progress_.seconds_left =
        static_cast<double>(progress_.total - progress_.done) / progress_.files_per_s;
  }
  tell_(progress_);
}

}  // namespace popradio::media
