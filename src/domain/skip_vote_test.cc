#include "domain/skip_vote.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace popradio {
namespace {

SessionId Session(int n) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[0] = static_cast<std::uint8_t>(n);
  bytes[1] = static_cast<std::uint8_t>(n >> 8);
  return SessionId(bytes);
}

VoterAddress Address(int n) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[15] = static_cast<std::uint8_t>(n);
  return bytes;
}

constexpr auto kEverybody = [](const SessionId&) { return true; };

TEST(SkipVote, NeedsHalfOfTheRoomRoundedUpAndAtLeastOne) {
  const std::map<int, int> cases = {{0, 1}, {1, 1}, {2, 1},    {3, 2},
                                    {4, 2}, {5, 3}, {100, 50}, {101, 51}};
  for (const auto& [electorate, needed] : cases)
    EXPECT_EQ(SkipVote::Needed(electorate), needed) << electorate;
}

TEST(SkipVote, ASessionVotesOnce) {
  SkipVote vote(5);
  vote.Cast(7, Session(1), std::nullopt);
  vote.Cast(7, Session(1), std::nullopt);
  EXPECT_EQ(vote.Tally(7, kEverybody), 1);
  EXPECT_TRUE(vote.HasVoted(7, Session(1)));
  EXPECT_FALSE(vote.HasVoted(7, Session(2)));
}

TEST(SkipVote, ANewSlotBeginsWithoutVotes) {
  SkipVote vote(5);
  vote.Cast(7, Session(1), std::nullopt);
  EXPECT_EQ(vote.Tally(8, kEverybody), 0);
  vote.Cast(8, Session(2), std::nullopt);
  EXPECT_EQ(vote.Tally(8, kEverybody), 1);
  EXPECT_FALSE(vote.HasVoted(8, Session(1)));
}

TEST(SkipVote, WhoLeftNoLongerCounts) {
  SkipVote vote(5);
  vote.Cast(7, Session(1), std::nullopt);
  vote.Cast(7, Session(2), std::nullopt);
  EXPECT_EQ(vote.Tally(7, [](const SessionId& s) { return s == Session(2); }), 1);
}

TEST(SkipVote, OneAddressHasNoMoreVotesThanItsShare) {
  SkipVote vote(5);
  for (int i = 0; i < 40; ++i) vote.Cast(7, Session(i), Address(1));
  EXPECT_EQ(vote.Tally(7, kEverybody), 5);
  vote.Cast(7, Session(100), Address(2));
  EXPECT_EQ(vote.Tally(7, kEverybody), 6);
  for (int i = 200; i < 220; ++i) vote.Cast(7, Session(i), std::nullopt);
  EXPECT_EQ(vote.Tally(7, kEverybody), 26) << "loopback is no address in this sense";
}

// Against the plain definition, sum over addresses of min(share, present), on random comings and
// goings.
TEST(Electorate, AgreesWithAPlainModelWhateverComesAndGoes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRandom random(seed);
    const int share = static_cast<int>(1 + random.Below(6));
    Electorate electorate(share);
    std::map<int, int> model;  // 0 stands for no address
    for (int step = 0; step < 2000; ++step) {
      const int address = static_cast<int>(random.Below(6));
      const VoterAddress key = address == 0 ? VoterAddress() : Address(address);
      if (random.Below(2) == 0 || model[address] == 0) {
        electorate.Join(key);
        ++model[address];
      } else {
        electorate.Leave(key);
        --model[address];
      }
      int expected = 0;
      for (const auto& [a, n] : model) expected += a == 0 ? n : std::min(n, share);
      ASSERT_EQ(electorate.size(), expected) << "seed " << seed << " step " << step;
    }
  }
}

// A vote passes exactly when the votes that count reach the half, and adding a voter never lowers
// them.
TEST(SkipVote, MoreVotesNeverCountForLess) {
  SeededRandom random(11);
  for (int round = 0; round < 50; ++round) {
    SkipVote vote(static_cast<int>(1 + random.Below(5)));
    int before = 0;
    for (int i = 0; i < 60; ++i) {
      const int address = static_cast<int>(random.Below(8));
      vote.Cast(1, Session(i), address == 0 ? VoterAddress() : Address(address));
      const int now = vote.Tally(1, kEverybody);
      ASSERT_GE(now, before);
      ASSERT_LE(now, before + 1);
      before = now;
    }
  }
}

}  // namespace
}  // namespace popradio
