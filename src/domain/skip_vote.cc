#include "domain/skip_vote.h"

namespace popradio {

void Electorate::Join(const VoterAddress& address) {
  if (!address || ++present_[*address] <= per_address_) ++size_;
}

void Electorate::Leave(const VoterAddress& address) {
  if (!address) {
    --size_;
    return;
  }
  const auto it = present_.find(*address);
  if (it == present_.end()) return;
  if (it->second <= per_address_) --size_;
  if (--it->second == 0) present_.erase(it);
}

void SkipVote::Cast(std::int64_t seq, const SessionId& session, const VoterAddress& address) {
  if (seq != seq_) {
    votes_.clear();
    seq_ = seq;
  }
  votes_.insert_or_assign(session, address);
}

void SkipVote::Withdraw(std::int64_t seq, const SessionId& session) {
  if (seq == seq_) votes_.erase(session);
}

bool SkipVote::HasVoted(std::int64_t seq, const SessionId& session) const {
  return seq == seq_ && votes_.contains(session);
}

int SkipVote::Tally(std::int64_t seq, const std::function<bool(const SessionId&)>& present) const {
  if (seq != seq_) return 0;
  Electorate counted(per_address_);
  for (const auto& [session, address] : votes_) {
    if (present(session)) counted.Join(address);
  }
  return counted.size();
}

}  // namespace popradio
