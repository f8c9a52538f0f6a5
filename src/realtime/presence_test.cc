#include "realtime/presence.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "realtime/ballot.h"

namespace popradio::realtime {
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

TEST(Presence, CountsASessionOnceHoweverOftenItAsks) {
  Presence presence(5);
  for (int i = 0; i < 10; ++i) presence.Touch(Session(1), Address(1), Millis(1000 + i));
  presence.Touch(Session(2), Address(1), Millis(1000));
  EXPECT_EQ(presence.Look(Millis(1010)).listeners, 2);
}

TEST(Presence, ForgetsWhoHasBeenSilentForThirtySeconds) {
  Presence presence(5);
  presence.Touch(Session(1), Address(1), Millis(1000));
  presence.Touch(Session(2), Address(2), Millis(20'000));
  EXPECT_TRUE(presence.IsPresent(Session(1), Millis(31'000)));
  EXPECT_FALSE(presence.IsPresent(Session(1), Millis(31'001)));
  EXPECT_EQ(presence.Look(Millis(40'000)).listeners, 1);
  EXPECT_EQ(presence.Look(Millis(40'000)).electorate, 1);
  EXPECT_EQ(presence.Look(Millis(60'000)).listeners, 0);
}

TEST(Presence, NoticesLeaversShardByShardWhileOthersKeepAsking) {
  Presence presence(100);
  for (int i = 0; i < 64; ++i) presence.Touch(Session(i), Address(1), Millis(0));
  for (int t = 0; t <= 35'000; t += 100) {
    presence.Touch(Session(1000), Address(2), Millis(t));
    presence.Look(Millis(t));
  }
  EXPECT_EQ(presence.Look(Millis(35'000)).listeners, 1);
}

TEST(Presence, OfOneAddressOnlyItsShareCountsForAVote) {
  Presence presence(5);
  for (int i = 0; i < 20; ++i) presence.Touch(Session(i), Address(1), Millis(1000));
  presence.Touch(Session(100), Address(2), Millis(1000));
  EXPECT_EQ(presence.Look(Millis(1000)).listeners, 21);
  EXPECT_EQ(presence.Look(Millis(1000)).electorate, 6);
}

TEST(Presence, FollowsASessionToItsNewAddress) {
  Presence presence(1);
  presence.Touch(Session(1), Address(1), Millis(1000));
  presence.Touch(Session(2), Address(1), Millis(1000));
  EXPECT_EQ(presence.Look(Millis(1000)).electorate, 1);
  presence.Touch(Session(2), Address(2), Millis(1001));
  EXPECT_EQ(presence.Look(Millis(1001)).electorate, 2);
  presence.Leave(Session(2));
  EXPECT_EQ(presence.Look(Millis(1001)).electorate, 1);
  EXPECT_EQ(presence.Look(Millis(1001)).listeners, 1);
}

TEST(Presence, StaysWithinItsBound) {
  Presence presence(5);
  SeededRandom random(3);
  std::size_t counted = 0;
  for (std::size_t i = 0; i < kMaxListeners + kMaxListeners / 8; ++i) {
    counted += presence.Touch(SessionId::Make(random), std::nullopt, Millis(1000)) ? 1 : 0;
  }
  EXPECT_LE(counted, kMaxListeners);
  EXPECT_GT(counted, kMaxListeners * 9 / 10);
  EXPECT_EQ(static_cast<std::size_t>(presence.Look(Millis(1000)).listeners), counted);
}

TEST(Presence, KeepsItsNumbersRightUnderManyThreads) {
  Presence presence(5);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        presence.Touch(Session(i % 100), Address(i % 7 + t), Millis(1000));
        if (i % 5 == 0) presence.Leave(Session(i % 100));
        presence.Look(Millis(1000));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (int i = 0; i < 100; ++i) presence.Leave(Session(i));
  EXPECT_EQ(presence.Look(Millis(1000)).listeners, 0);
  EXPECT_EQ(presence.Look(Millis(1000)).electorate, 0);
}

TEST(Ballot, AloneInTheRoomOneVotePasses) {
  Presence presence(5);
  Ballot ballot(presence, 5);
  const auto standing = ballot.Cast(3, Session(1), Address(1), Millis(1000));
  EXPECT_EQ(standing.votes, 1);
  EXPECT_EQ(standing.needed, 1);
  EXPECT_TRUE(standing.passed());
}

TEST(Ballot, PassesWhenHalfOfThePresentAgree) {
  Presence presence(5);
  Ballot ballot(presence, 5);
  for (int i = 0; i < 5; ++i) presence.Touch(Session(i), Address(i), Millis(1000));
  EXPECT_FALSE(ballot.Cast(3, Session(0), Address(0), Millis(1000)).passed());
  EXPECT_FALSE(ballot.Cast(3, Session(0), Address(0), Millis(1001)).passed());
  EXPECT_FALSE(ballot.Cast(3, Session(1), Address(1), Millis(1002)).passed());
  const auto third = ballot.Cast(3, Session(2), Address(2), Millis(1003));
  EXPECT_EQ(third.votes, 3);
  EXPECT_EQ(third.needed, 3);
  EXPECT_TRUE(third.passed());
}

TEST(Ballot, AVoteIsGoneWithItsVoterAndWithItsSlot) {
  Presence presence(5);
  Ballot ballot(presence, 5);
  for (int i = 0; i < 5; ++i) presence.Touch(Session(i), Address(i), Millis(1000));
  ballot.Cast(3, Session(0), Address(0), Millis(1000));
  const SessionId asker = Session(0);
  EXPECT_TRUE(ballot.Look(3, &asker, presence.Look(Millis(1000)), Millis(1000)).voted);
  EXPECT_EQ(ballot.Look(4, &asker, presence.Look(Millis(1000)), Millis(1000)).votes, 0);
  presence.Leave(Session(0));
  EXPECT_EQ(ballot.Look(3, nullptr, presence.Look(Millis(2100)), Millis(2100)).votes, 0);
}

TEST(Ballot, ALateVoteDoesNotWipeOutThePresentOne) {
  Presence presence(5);
  Ballot ballot(presence, 5);
  for (int i = 0; i < 5; ++i) presence.Touch(Session(i), Address(i), Millis(1000));
  ballot.Cast(4, Session(0), Address(0), Millis(1000));
  EXPECT_FALSE(ballot.Cast(3, Session(1), Address(1), Millis(1000)).voted);
  EXPECT_EQ(ballot.Look(4, nullptr, presence.Look(Millis(1000)), Millis(1000)).votes, 1);
}

TEST(Presence, AnOpenStreamKeepsItsSessionHere) {
  Presence presence(5);
  EXPECT_TRUE(presence.Enter(Session(1), Address(1), Millis(1000)));
  EXPECT_TRUE(presence.IsPresent(Session(1), Millis(500'000)));
  EXPECT_EQ(presence.Look(Millis(500'000)).listeners, 1);
}

TEST(Presence, CountsASessionOnceHoweverManyStreamsItHas) {
  Presence presence(5);
  presence.Enter(Session(1), Address(1), Millis(1000));
  presence.Enter(Session(1), Address(1), Millis(1000));
  EXPECT_EQ(presence.Look(Millis(1000)).listeners, 1);
  presence.Exit(Session(1), Millis(60'000));
  EXPECT_TRUE(presence.IsPresent(Session(1), Millis(300'000)));
  EXPECT_EQ(presence.Look(Millis(300'000)).electorate, 1);
}

TEST(Presence, LeavingTakesEffectWithinTwentySeconds) {
  Presence presence(5);
  presence.Touch(Session(1), Address(1), Millis(99'000));  // asked for the stream a moment before
  presence.Enter(Session(1), Address(1), Millis(100'000));
  presence.Exit(Session(1), Millis(100'000));
  EXPECT_TRUE(presence.IsPresent(Session(1), Millis(100'000) + kLeaveGrace));  // may be reloading
  EXPECT_FALSE(presence.IsPresent(Session(1), Millis(120'000)));
  EXPECT_EQ(presence.Look(Millis(120'000)).listeners, 0);
}

TEST(Presence, AStreamThatClosesAfterItsSessionWasForgottenChangesNothing) {
  Presence presence(5);
  presence.Enter(Session(1), Address(1), Millis(1000));
  presence.Leave(Session(1));
  presence.Exit(Session(1), Millis(2000));
  EXPECT_EQ(presence.Look(Millis(2000)).listeners, 0);
}

TEST(Ballot, AWithdrawnVoteIsNone) {
  Presence presence(5);
  Ballot ballot(presence, 5);
  for (int n = 1; n <= 4; ++n) presence.Enter(Session(n), Address(n), Millis(1000));
  ballot.Cast(7, Session(1), Address(1), Millis(1000));
  EXPECT_TRUE(ballot.Cast(7, Session(2), Address(2), Millis(1000)).passed());
  ballot.Withdraw(7, Session(2), Millis(1000));
  const SessionId second = Session(2);
  const auto standing = ballot.Look(7, &second, presence.Look(Millis(1000)), Millis(1000));
  EXPECT_EQ(standing, (Ballot::Standing{1, 2, false}));
}

// Joins, leaves, votes, withdrawals in any order: the count is that of a plain model.
TEST(Ballot, CountsLikeAPlainModelWhateverHappens) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    Presence presence(5);
    Ballot ballot(presence, 5);
    std::map<int, int> streams;  // of a session
    std::map<int, bool> here;    // has a stream, or was here a moment ago
    std::set<int> votes;
    std::int64_t seq = 1;
    Millis now{1'000'000};
    for (int step = 0; step < 400; ++step) {
      const int who = static_cast<int>(random() % 12);
      switch (random() % 6) {
        case 0:
        case 1:
          presence.Enter(Session(who), std::nullopt, now);
          ++streams[who];
          here[who] = true;
          break;
        case 2:
          if (streams[who] > 0) {
            presence.Exit(Session(who), now);
            --streams[who];
          }
          break;
        case 3: {
          const auto standing = ballot.Cast(seq, Session(who), std::nullopt, now);
          here[who] = true;
          votes.insert(who);
          EXPECT_TRUE(standing.voted);
          break;
        }
        case 4:
          ballot.Withdraw(seq, Session(who), now);
          votes.erase(who);
          break;
        case 5:
          if (random() % 8 == 0) {
            ++seq;
            votes.clear();
          }
          break;
      }
      if (random() % 4 == 0) {  // long enough for everybody without a stream to be gone
        now += kPresentFor + Millis(1);
        for (auto& [session, is_here] : here) is_here = streams[session] > 0;
      }
      // Past the time for which a count may be old.
      now += Millis(1'001);
      for (int i = 0; i < 20; ++i) presence.Look(now);
      int listeners = 0, counted = 0;
      for (const auto& [session, is_here] : here) listeners += is_here ? 1 : 0;
      for (const int voter : votes) counted += here[voter] ? 1 : 0;
      // Who left within the grace may still be counted: look at settled moments only.
      const auto numbers = presence.Look(now);
      bool settled = true;
      for (int n = 0; n < 12; ++n) {
        settled = settled && presence.IsPresent(Session(n), now) == (here.contains(n) && here[n]);
      }
      if (!settled) continue;
      EXPECT_EQ(numbers.listeners, listeners) << "seed " << seed << " step " << step;
      const auto standing = ballot.Look(seq, nullptr, numbers, now);
      EXPECT_EQ(standing.votes, counted) << "seed " << seed << " step " << step;
      EXPECT_EQ(standing.needed, std::max(1, (listeners + 1) / 2));
    }
  }
}

// Two nodes that tell each other everything, as the link between nodes does.
class TwoNodes : public testing::Test {
 protected:
  TwoNodes() {
    a.ShareChanges();
    b.ShareChanges();
  }
  void Tell(Millis now) {
    for (const auto& change : a.TakeChanges()) b.ChangeElsewhere(0, change, now);
    for (const auto& change : b.TakeChanges()) a.ChangeElsewhere(0, change, now);
  }
  Presence a{5}, b{5};
};

TEST_F(TwoNodes, CountASessionOnceThatIsAtBoth) {
  a.Enter(Session(1), Address(1), Millis(1000));
  b.Touch(Session(1), Address(1), Millis(1000));
  b.Touch(Session(2), Address(2), Millis(1000));
  Tell(Millis(1100));
  EXPECT_EQ(a.Look(Millis(1200)).listeners, 2);
  EXPECT_EQ(b.Look(Millis(1200)).listeners, 2);
  EXPECT_TRUE(a.IsPresent(Session(2), Millis(1200)));
}

TEST_F(TwoNodes, HearOfWhoLeftWhenItIsAtNeither) {
  a.Enter(Session(1), Address(1), Millis(1000));
  b.Touch(Session(1), Address(1), Millis(1000));
  Tell(Millis(1100));
  a.Exit(Session(1), Millis(2000));
  Millis now{12'000};
  for (int i = 0; i < 40; ++i) a.Look(now += Millis(200));
  Tell(now);
  EXPECT_TRUE(a.IsPresent(Session(1), now)) << "it is at the other node still";
  now = Millis(40'000);
  for (int i = 0; i < 40; ++i) {
    now += Millis(200);
    a.Look(now);
    b.Look(now);
    Tell(now);
  }
  EXPECT_EQ(a.Look(now).listeners, 0);
  EXPECT_EQ(b.Look(now).listeners, 0);
}

TEST_F(TwoNodes, AreHealedByTheWholeList) {
  a.Enter(Session(1), Address(1), Millis(1000));
  a.Enter(Session(2), Address(2), Millis(1000));
  a.TakeChanges();  // lost on the way
  b.ChangeElsewhere(0, {Session(3), Address(3), true},
                    Millis(1000));  // has left, and that was lost
  for (std::size_t part = 0; part < Presence::kParts; ++part) {
    b.ReplaceElsewhere(0, part, a.HereNow(part, Millis(1100)), Millis(1100));
  }
  EXPECT_EQ(b.Look(Millis(1200)).listeners, 2);
  EXPECT_TRUE(b.IsPresent(Session(1), Millis(1200)));
  EXPECT_FALSE(b.IsPresent(Session(3), Millis(1200)));
}

TEST_F(TwoNodes, LoseTheListenersOfANodeThatIsGone) {
  a.Enter(Session(1), Address(1), Millis(1000));
  b.Enter(Session(2), Address(2), Millis(1000));
  Tell(Millis(1100));
  b.ForgetNode(0, Millis(1200));
  EXPECT_EQ(b.Look(Millis(1300)).listeners, 1);
  EXPECT_TRUE(b.IsPresent(Session(2), Millis(1300)));
}

TEST_F(TwoNodes, CountVotesOfBoth) {
  Ballot at_a(a, 5), at_b(b, 5);
  for (int n = 0; n < 4; ++n) (n % 2 == 0 ? a : b).Enter(Session(n), Address(n), Millis(1000));
  Tell(Millis(1000));
  at_a.Cast(7, Session(0), Address(0), Millis(1000));
  at_b.CastElsewhere(7, Session(0), Address(0));
  const auto standing = at_b.Look(7, nullptr, b.Look(Millis(1100)), Millis(1100));
  EXPECT_EQ(standing.votes, 1);
  EXPECT_EQ(standing.needed, 2);
  EXPECT_TRUE(at_b.Cast(7, Session(1), Address(1), Millis(1200)).passed());
  EXPECT_EQ(at_b.All().second.size(), 2u);
  at_a.CastElsewhere(6, Session(3), Address(3));  // about a song that is over: ignored
  EXPECT_EQ(at_a.All().first, 7);
}

}  // namespace
}  // namespace popradio::realtime
