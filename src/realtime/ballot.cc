#include "realtime/ballot.h"

namespace popradio::realtime {

int Ballot::Count(std::int64_t seq, Millis now) {
  counted_ =
      vote_.Tally(seq, [&](const SessionId& voter) { return presence_.IsPresent(voter, now); });
  counted_at_ = now;
  return counted_;
}

Ballot::Standing Ballot::Cast(std::int64_t seq, const SessionId& session,
                              const VoterAddress& address, Millis now) {
  presence_.Touch(session, address, now);
  const int needed = SkipVote::Needed(presence_.Look(now).electorate);
  const std::lock_guard lock(mutex_);
  // A late vote about a slot that is over must not wipe out the vote about the present one.
  if (seq < vote_.seq()) return {0, needed, false};
  vote_.Cast(seq, session, address);
  voted_seq_.store(seq, std::memory_order_release);
  return {Count(seq, now), needed, true};
}

void Ballot::CastElsewhere(std::int64_t seq, const SessionId& session,
                           const VoterAddress& address) {
  const std::lock_guard lock(mutex_);
  if (seq < vote_.seq() || vote_.HasVoted(seq, session)) return;
  vote_.Cast(seq, session, address);
  voted_seq_.store(seq, std::memory_order_release);
  counted_at_ = Millis::min() / 2;  // counted anew by the next look
}

std::pair<std::int64_t, std::vector<std::pair<SessionId, VoterAddress>>> Ballot::All() {
  const std::lock_guard lock(mutex_);
  return {vote_.seq(), {vote_.votes().begin(), vote_.votes().end()}};
}

void Ballot::Withdraw(std::int64_t seq, const SessionId& session, Millis now) {
  const std::lock_guard lock(mutex_);
  if (seq != vote_.seq()) return;
  vote_.Withdraw(seq, session);
  Count(seq, now);
}

Ballot::Standing Ballot::Look(std::int64_t seq, const SessionId* session, Presence::Numbers numbers,
                              Millis now) {
  Standing standing{0, SkipVote::Needed(numbers.electorate), false};
  if (voted_seq_.load(std::memory_order_acquire) != seq) return standing;
  const std::lock_guard lock(mutex_);
  if (vote_.seq() != seq) return standing;
  standing.votes = now - counted_at_ < kCountEvery ? counted_ : Count(seq, now);
  standing.voted = session != nullptr && vote_.HasVoted(seq, *session);
  return standing;
}

}  // namespace popradio::realtime
