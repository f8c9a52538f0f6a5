#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/timeline_store.h"

namespace popradio::store::distributed {

// What a node that starts while MongoDB is away plays by.
struct RememberedTimeline {
  Timeline timeline;
  Rotation rotation;
  bool operator==(const RememberedTimeline&) const = default;
};
std::string TimelineToJson(const RememberedTimeline& remembered);
// None: it cannot be read, or another version wrote it.
std::optional<RememberedTimeline> TimelineFromJson(std::string_view json);

// The timeline in the store, of which a copy is kept elsewhere: its recent past and what is known
// ahead. A node that starts while the store is away is given that copy, once, as what was loaded;
// whatever it makes of it is stored by compare-and-set as soon as the store is back, or given up
// for what the other nodes have stored by then. Thread-safe.
class KeptTimeline final : public TimelineStore {
 public:
  // `keep` takes the copy after every change, and must not wait.
  KeptTimeline(TimelineStore& store, std::function<void(std::string json)> keep)
      : store_(store), keep_(std::move(keep)) {}

  // What the first loads are told while the store is away. Before them.
  void Remember(RememberedTimeline remembered);
  // Hands out the copy again, should it have gone meanwhile. Nothing is known yet: nothing happens.
  void KeepAgain();

  Task<Result<Timeline>> Load(std::size_t most) override;
  Task<Result<void>> Replace(std::int64_t expected, std::uint64_t seed,
                             std::vector<Slot> slots) override;
  Task<Result<std::vector<Slot>>> History(std::optional<std::int64_t> before,
                                          std::size_t limit) override {
    return store_.History(before, limit);
  }
  Task<Result<Rotation>> LoadRotation() override;
  Task<Result<void>> SaveRotation(Rotation rotation) override;

 private:
  // Under the mutex; keeps what is known.
  void KeepNow();

  TimelineStore& store_;
  const std::function<void(std::string)> keep_;
  std::mutex mutex_;  // guards what follows
  std::optional<Timeline> remembered_;
  std::optional<Rotation> remembered_rotation_;
  RememberedTimeline known_;
  bool timeline_known_ = false, rotation_known_ = false;
};

}  // namespace popradio::store::distributed
