#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace popradio::realtime {

inline constexpr std::size_t kNotKept = static_cast<std::size_t>(-1);

// What somebody wants to send to listeners.
struct Event {
  std::string_view name;  // on static storage: "nowPlaying"; empty: a heartbeat
  std::string data;       // one line of JSON
  // Only for listeners of this song or playlist; none: for everybody.
  std::optional<ObjectId> topic = {};
  // The newest event of each place (below EventLog::kPlaces) is the state that a new listener gets,
  // in the order of the places. kNotKept: news only.
  std::size_t place = kNotKept;
  bool urgent = false;  // sent at once also when a broadcast to many has only just ended
};

// An event as it is sent: rendered once, the same bytes for everybody, never changed.
// "id: 5f3a9c01-17\nevent: …\ndata: …\n\n"
struct Message {
  std::uint64_t number = 0;  // rises by one with every message of a hub, from 1
  std::string text;
  std::size_t id_bytes = 0;  // the first line; as a part of the state a message goes without it
  std::optional<ObjectId> topic;
  std::size_t place = 0;
  bool urgent = false;

  std::string_view without_id() const { return std::string_view(text).substr(id_bytes); }
};
using MessagePtr = std::shared_ptr<const Message>;

// The songs and playlists that a listener asked for beside the radio.
inline constexpr std::size_t kMaxTopics = 4;
using Topics = std::vector<ObjectId>;

// The last messages of a hub and its present state. Not thread-safe: each shard has its own, and
// they share the messages.
class EventLog {
 public:
  static constexpr std::size_t kPlaces = 8;
  static constexpr std::size_t kHistory =
      1024;  // messages that can be resumed from; a power of two
  // Who missed more than this gets the state instead: it is shorter.
  static constexpr std::size_t kMaxResumeBytes = 64 * 1024;

  EventLog() : ring_(kHistory) {}

  // `message` is the one after head().
  void Append(MessagePtr message);
  // The number of the newest message; 0 before the first.
  std::uint64_t head() const { return head_; }
  // The oldest number that At() has.
  std::uint64_t tail() const { return head_ < kHistory ? 1 : head_ - kHistory + 1; }
  const Message& At(std::uint64_t number) const { return *ring_[number % kHistory]; }

  // Whether somebody with these topics (null: none) gets the message.
  static bool Concerns(const Message& message, const Topics* topics);

  // Appends everything after `last` that concerns `topics`. False, and nothing is appended, when
  // that is no longer known or too much.
  bool AppendMissed(std::uint64_t last, const Topics* topics, std::string& out) const;
  // Appends the newest message of each place, without their ids: a client that loses the connection
  // among them must not resume from there.
  void AppendState(std::string& out) const;

 private:
  std::vector<MessagePtr> ring_;
  std::uint64_t head_ = 0;
  MessagePtr state_[kPlaces];
};

}  // namespace popradio::realtime
