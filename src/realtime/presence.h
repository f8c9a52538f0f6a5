#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/skip_vote.h"

namespace popradio::realtime {

// A session that asked for the stream or voted within this time is a listener.
inline constexpr Millis kPresentFor{30'000};
// After its last event stream has closed a session is counted for this long: somebody who reloads
// the page has not left.
inline constexpr Millis kLeaveGrace{8'000};
// Listeners this node remembers, those of other nodes among them; who comes beyond that still
// listens, but is not counted.
inline constexpr std::size_t kMaxListeners = 1 << 20;
// Nodes of a station that can be told apart.
inline constexpr unsigned kMaxNodes = 64;

// Who is listening, here and at the station's other nodes: a session counts once wherever it is.
// Thread-safe: sessions are spread over shards with a
// lock each, and the two numbers are kept as they change, so that reading them costs nothing. `now`
// is Clock::Steady().
class Presence {
 public:
  // `per_address`: see Electorate.
  explicit Presence(int per_address);

  // The session is here. False when the table is full and it is not counted.
  bool Touch(const SessionId& session, const VoterAddress& address, Millis now);
  void Leave(const SessionId& session);
  // The session opened an event stream, and is here until it has closed as many as it opened; a
  // second one makes it no second listener. False as above; then Exit() must not follow.
  bool Enter(const SessionId& session, const VoterAddress& address, Millis now);
  void Exit(const SessionId& session, Millis now);
  bool IsPresent(const SessionId& session, Millis now) const;

  // What nodes tell each other: a session has come to a node, or has left it.
  struct Change {
    SessionId session;
    VoterAddress address;
    bool here = true;
    bool operator==(const Change&) const = default;
  };
  // Begins to remember what changes here, for TakeChanges().
  void ShareChanges();
  // Who came and left at this node since the last call, in order. At most kMaxUntold are
  // remembered; HereNow() heals the rest.
  std::vector<Change> TakeChanges();
  // Everybody who is at this node now, of a part below kParts: what another node replaces with
  // ReplaceElsewhere().
  std::vector<Change> HereNow(std::size_t part, Millis now) const;
  // At node `node`, below kMaxNodes.
  void ChangeElsewhere(unsigned node, const Change& change, Millis now);
  void ReplaceElsewhere(unsigned node, std::size_t part, std::span<const Change> all, Millis now);
  void ForgetNode(unsigned node, Millis now);
  static constexpr std::size_t kParts = 16;
  static constexpr std::size_t kMaxUntold = 100'000;

  struct Numbers {
    int listeners = 0;   // who is here
    int electorate = 0;  // of these, who counts for a vote
  };
  // Also lets go, a shard at a time, of who has been silent for too long: nobody is counted for
  // more than a few seconds over kPresentFor.
  Numbers Look(Millis now);

 private:
  static constexpr std::size_t kShards = kParts;
  static constexpr Millis kSweepEvery{200};  // between two shards

  struct Listener {
    Millis seen{0};
    VoterAddress address;
    std::uint64_t nodes = 0;  // others where it is, a bit each
    int streams = 0;
    bool told = false;  // to other nodes: that it is here
    bool IsAtThisNode(Millis now) const { return streams > 0 || now - seen <= kPresentFor; }
    bool IsHere(Millis now) const { return nodes != 0 || IsAtThisNode(now); }
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<SessionId, Listener> listeners;
  };

  // Null when the table is full. Under the shard's lock.
  Listener* Find(Shard& shard, const SessionId& session, const VoterAddress& address, Millis now);
  // Under the shard's lock.
  void Tell(const SessionId& session, Listener& listener, bool here);
  void SetElsewhere(Shard& shard, std::uint64_t bit, const Change& change, Millis now);
  Shard& ShardOf(const SessionId& session) { return shards_[SessionIdHash()(session) % kShards]; }
  const Shard& ShardOf(const SessionId& session) const {
    return shards_[SessionIdHash()(session) % kShards];
  }
  void Sweep(Shard& shard, Millis now);
  void Joined(const VoterAddress& address);
  void Left(const VoterAddress& address);

  std::array<Shard, kShards> shards_;
  std::mutex electorate_mutex_;  // taken inside a shard's lock, never the other way round
  Electorate electorate_;
  std::atomic<int> listeners_{0};
  std::atomic<int> electorate_size_{0};
  std::atomic<Millis::rep> next_sweep_{0};
  std::atomic<std::size_t> sweep_shard_{0};
  std::atomic<bool> sharing_{false};
  std::mutex untold_mutex_;  // taken inside a shard's lock
  std::vector<Change> untold_;
};

}  // namespace popradio::realtime
