#include "cli/file_progress.h"

#include <cstdio>
#include <filesystem>

#include "cli/verbs.h"

namespace popradio::cli {

std::string Clocked(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  char text[32];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  }
  return text;
}

FileProgress::FileProgress(app::Output& output)
    : output_(output), line_over_(output.Interactive()) {}

void FileProgress::Show(const media::ScanProgress& progress) {
  if (progress.total == 0) return;
  const std::size_t tenth = 10 * progress.done / progress.total;
  if (!line_over_ && tenth == last_tenth_) return;
  last_tenth_ = tenth;
  std::string text = std::to_string(progress.done) + " of " +
                     Counted(static_cast<std::int64_t>(progress.total), "file", "files");
  if (progress.seconds_left) {  // before that, a rate would be as much of a guess
    char rate[48];
    std::snprintf(rate, sizeof rate, ", %.1f files/s, ", progress.files_per_s);
    text += rate + Clocked(*progress.seconds_left) + " left";
  }
  if (progress.converting) {
    text += ", converting " + std::filesystem::path(progress.current).filename().string() + " " +
            std::to_string(static_cast<int>(*progress.converting * 100)) + " %";
  }
  output_.Err(line_over_ ? "\r\x1b[K" + text : text + "\n");
  shown_ = line_over_;
}

void FileProgress::Clear() {
  if (shown_) output_.Err("\r\x1b[K");
  shown_ = false;
}

}  // namespace popradio::cli
