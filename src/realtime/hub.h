#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "realtime/event_log.h"
#include "realtime/hub_shard.h"

namespace popradio::realtime {

// A listener hears something at least this often, so that both sides notice a dead connection.
inline constexpr Millis kHeartbeat{15'000};

// Sends events to everybody who listens: one shard per I/O thread, and a listener stays on the
// thread that accepted it. Publishing hands one immutable message to every shard, in the same order
// to all, so that the ids of every stream rise.
//
// An id is "<epoch>-<number>". The epoch is drawn at start: after a restart nobody resumes from a
// number that means something else now.
class Hub {
 public:
  // `contexts` must outlive the hub; each is run by one thread. `turns`: so many shards write at
  // the same time, see AskForTurn().
  Hub(const std::vector<boost::asio::io_context*>& contexts, const Clock& clock, Random& random,
      std::size_t turns = std::max(1u, std::thread::hardware_concurrency()));
  ~Hub();  // Stop() comes first
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // Any thread; never waits for a listener.
  void Publish(Event event);
  // Sends a comment line if nothing went to everybody for kHeartbeat. Call it every second or so.
  void Beat();

  // Closes every stream, on its thread, and waits for that; false if a thread did not get to it
  // within `patience`, and then the hub must not be destroyed. Not from a shard's thread.
  bool Stop(Millis patience);

  HubShard& shard(std::size_t i) { return *shards_[i]; }
  std::size_t shards() const { return shards_.size(); }

  // Any thread.
  std::size_t listeners() const;
  std::uint64_t dropped() const;    // for being too slow
  std::uint64_t published() const;  // messages
  // Songs and playlists that somebody listens to beside the radio.
  Topics ActiveTopics() const;

 private:
  friend class HubShard;
  // The number in an id of this epoch.
  std::optional<std::uint64_t> NumberOf(std::string_view id) const;
  std::string IdLine(std::uint64_t number) const;

  // No more shards write at the same time than there are cores: where threads outnumber these (see
  // app/descriptors.h), the others answer requests at once, instead of all waiting for a core. On
  // the shard's thread; the turn comes as a call of BeginPass() there.
  void AskForTurn(HubShard& shard);
  void GiveTurn();
  // Stands in the line no longer. A turn that has come already is in the thread's queue before this
  // returns.
  void Forgo(HubShard& shard);
  // How many turns after each other it takes until all have had one.
  int rounds() const { return static_cast<int>((shards_.size() + turns_ - 1) / turns_); }

  void AddTopics(const Topics& topics);
  void RemoveTopics(const Topics& topics);

  const Clock& clock_;
  std::string epoch_;
  std::vector<boost::asio::io_context*> contexts_;
  std::vector<std::unique_ptr<HubShard>> shards_;

  mutable std::mutex publish_mutex_;  // guards what follows, and the order of messages
  std::uint64_t last_number_ = 0;
  Millis last_to_all_{0};
  bool stopped_ = false;

  const std::size_t turns_;
  std::mutex turns_mutex_;
  std::size_t turns_taken_ = 0;
  std::deque<HubShard*> line_;

  mutable std::mutex topics_mutex_;
  std::map<ObjectId, std::size_t> topics_;  // and how many listeners each has
};

}  // namespace popradio::realtime
