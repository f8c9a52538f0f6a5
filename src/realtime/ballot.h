#pragma once

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "domain/skip_vote.h"
#include "realtime/presence.h"

namespace popradio::realtime {

// The vote about the song on the air, for many threads: domain/skip_vote.h has the rule. While
// nobody has voted, looking takes no lock. `now` is Clock::Steady().
class Ballot {
 public:
  Ballot(Presence& presence, int per_address) : presence_(presence), vote_(per_address) {}

  struct Standing {
    int votes = 0;
    int needed = 1;
    bool voted = false;  // by the session that asked
    bool operator==(const Standing&) const = default;
    bool passed() const { return votes >= needed; }
  };

  // The vote of `session` to end slot `seq`. Voting makes one a listener.
  Standing Cast(std::int64_t seq, const SessionId& session, const VoterAddress& address,
                Millis now);
  // As if the session had not voted about `seq`.
  void Withdraw(std::int64_t seq, const SessionId& session, Millis now);
  // A vote that was cast at another node, whose Presence has told ours of the voter.
  void CastElsewhere(std::int64_t seq, const SessionId& session, const VoterAddress& address);
  // Every vote about the newest slot that has any, with its number: for the other nodes.
  std::pair<std::int64_t, std::vector<std::pair<SessionId, VoterAddress>>> All();
  // How the vote about `seq` stands. `session` may be null.
  Standing Look(std::int64_t seq, const SessionId* session, Presence::Numbers numbers, Millis now);

 private:
  static constexpr Millis kCountEvery{1'000};  // voters who left are noticed this late
  int Count(std::int64_t seq, Millis now);

  Presence& presence_;
  std::atomic<std::int64_t> voted_seq_{-1};  // the slot that has votes
  std::mutex mutex_;                         // guards what follows
  SkipVote vote_;
  int counted_ = 0;
  Millis counted_at_{0};
};

}  // namespace popradio::realtime
