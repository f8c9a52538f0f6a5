#include "sync/sync_metrics.h"

#include <algorithm>
#include <cstdio>

namespace popradio::sync {
namespace {

// A few figures do not need a library.
class Lines {
 public:
  void Of(const char* name, const char* type, const char* help) {
    name_ = std::string("popradio_sync_") + name;
    text_ += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + type + "\n";
  }
  void Value(double value, const std::string& labels = "") {
    char number[40];
    std::snprintf(number, sizeof number, " %.15g\n", value);
    text_ += name_ + labels + number;
  }
  void Whole(std::int64_t value, const std::string& labels = "") {
    text_ += name_ + labels + " " + std::to_string(value) + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  std::string name_, text_;
};

double Seconds(Millis span) { return static_cast<double>(span.count()) / 1000; }

std::string What(const char* what) { return std::string("{what=\"") + what + "\"}"; }

}  // namespace

void SyncMetrics::RoundDone(Instant now, const Round& round) {
  const std::lock_guard lock(mutex_);
  ++rounds_;
  synced_ = now;
  songs_ += round.songs;
  playlists_ += round.playlists;
  rebuilt_ += round.rebuilt;
  took_ = round.took;
}

void SyncMetrics::RoundFailed() {
  const std::lock_guard lock(mutex_);
  ++failed_rounds_;
}

void SyncMetrics::Drained(std::int64_t likers) {
  const std::lock_guard lock(mutex_);
  likers_ += likers;
}

void SyncMetrics::DrainFailed() {
  const std::lock_guard lock(mutex_);
  ++failed_drains_;
}

void SyncMetrics::Waiting(std::int64_t entries, std::optional<Instant> oldest, std::int64_t dirty) {
  const std::lock_guard lock(mutex_);
  entries_ = entries;
  oldest_ = oldest;
  dirty_ = dirty;
}

void SyncMetrics::Checked(Instant now, std::int64_t differences) {
  const std::lock_guard lock(mutex_);
  checked_ = now;
  differences_ += differences;
}

void SyncMetrics::CheckFailed() {
  const std::lock_guard lock(mutex_);
  ++failed_checks_;
}

std::string SyncMetrics::Text(Instant now) const {
  const std::lock_guard lock(mutex_);
  Lines lines;
  const auto since = [&](Instant moment) { return std::max(0.0, Seconds(now - moment)); };
  lines.Of("outbox_age_seconds", "gauge", "How long the oldest like has waited for MongoDB.");
  lines.Value(oldest_ ? since(*oldest_) : 0);
  lines.Of("outbox_entries", "gauge", "Likes and unlikes that wait for MongoDB.");
  lines.Whole(entries_);
  lines.Of("dirty_targets", "gauge", "Songs and playlists whose numbers wait for the next round.");
  lines.Whole(dirty_);
  lines.Of("seconds_since_round", "gauge",
           "Since the last round that went through, or since the start.");
  lines.Value(since(synced_.value_or(started_)));
  lines.Of("last_round_seconds", "gauge", "How long that round took.");
  lines.Value(Seconds(took_));
  lines.Of("rounds_total", "counter", "Rounds that went through.");
  lines.Whole(rounds_);
  lines.Of("errors_total", "counter", "What failed: rounds, draining the outbox, checks.");
  lines.Whole(failed_rounds_, What("round"));
  lines.Whole(failed_drains_, What("drain"));
  lines.Whole(failed_checks_, What("check"));
  lines.Of("rows_written_total", "counter", "Written to MongoDB.");
  lines.Whole(songs_, What("songs"));
  lines.Whole(playlists_, What("playlists"));
  lines.Whole(likers_, What("likers"));
  lines.Of("rebuilt_partitions_total", "counter",
           "Partitions of an emptied Redis that were filled again.");
  lines.Whole(rebuilt_);
  lines.Of("check_differences_total", "counter",
           "Differences between counts and likers that the nightly check put right.");
  lines.Whole(differences_);
  if (checked_) {
    lines.Of("check_timestamp_seconds", "gauge", "When this worker last compared the counts.");
    lines.Value(Seconds(checked_->time_since_epoch()));
  }
  return lines.text();
}

}  // namespace popradio::sync
