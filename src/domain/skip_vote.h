#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>

#include "base/ids.h"

namespace popradio {

// Where a voter sits: what rate limits count by. None for those who are not told apart by address
// (loopback, trusted proxies).
using VoterAddress = std::optional<std::array<std::uint8_t, 16>>;

struct VoterAddressHash {
  std::size_t operator()(const std::array<std::uint8_t, 16>& a) const {
    return HashBytes(a.data(), a.size());
  }
};

// How many of the present listeners count for votes and quorum: of one address at most
// `per_address`, so that a row of browser tabs is no majority. Not thread-safe.
class Electorate {
 public:
  explicit Electorate(int per_address) : per_address_(per_address) {}
  void Join(const VoterAddress& address);
  void Leave(const VoterAddress& address);  // one that joined
  int size() const { return size_; }

 private:
  int per_address_;
  int size_ = 0;
  std::unordered_map<std::array<std::uint8_t, 16>, int, VoterAddressHash> present_;
};

// The vote about one slot. A session has one vote, and it counts while the session is present. Not
// thread-safe.
class SkipVote {
 public:
  explicit SkipVote(int per_address) : per_address_(per_address) {}

  // Half of the electorate, rounded up, and at least one: alone in the room one skips at once.
  static int Needed(int electorate) { return electorate <= 2 ? 1 : (electorate + 1) / 2; }

  // A vote to end slot `seq`. Another slot than before begins a new vote; repeating a vote changes
  // nothing.
  void Cast(std::int64_t seq, const SessionId& session, const VoterAddress& address);
  void Withdraw(std::int64_t seq, const SessionId& session);
  bool HasVoted(std::int64_t seq, const SessionId& session) const;
  // Votes about `seq` that count, given who is still there.
  int Tally(std::int64_t seq, const std::function<bool(const SessionId&)>& present) const;
  std::int64_t seq() const { return seq_; }
  const std::unordered_map<SessionId, VoterAddress>& votes() const { return votes_; }
  bool empty() const { return votes_.empty(); }

 private:
  int per_address_;
  std::int64_t seq_ = -1;
  std::unordered_map<SessionId, VoterAddress> votes_;
};

}  // namespace popradio
