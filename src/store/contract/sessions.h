#pragma once

#include "store/contract/harness.h"

namespace popradio::store::contract {

class SessionContract : public ContractTest {
 protected:
  std::optional<SessionInfo> Find(const SessionId& session) {
    return Await(backend().sessions().Find(session)).value();
  }
};

TEST_P(SessionContract, ATouchedSessionIsFoundAtOnceAndAfterARestart) {
  const SessionId session = NewSession();
  EXPECT_FALSE(Find(session));
  backend().sessions().Touch(session, clock().Now());
  for (int round = 0; round < 2; ++round) {
    const auto found = Find(session);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->created_at, Start());
    EXPECT_EQ(found->last_activity, Start());
    Restart();
  }
}

TEST_P(SessionContract, LastActivityMovesAndTheFirstStays) {
  const SessionId session = NewSession();
  for (int i = 0; i < 3; ++i) {
    backend().sessions().Touch(session, clock().Now());
    Restart();
    clock().Advance(std::chrono::minutes(10));
  }
  const auto found = Find(session);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->created_at, Start());
  EXPECT_EQ(found->last_activity, Start() + std::chrono::minutes(20));
}

TEST_P(SessionContract, AfterThirtyQuietDaysItIsGoneAndThenNew) {
  const SessionId session = NewSession();
  backend().sessions().Touch(session, clock().Now());
  Restart();
  clock().Advance(std::chrono::days(kSessionDays) - std::chrono::minutes(1));
  EXPECT_TRUE(Find(session));
  clock().Advance(std::chrono::minutes(1));
  EXPECT_FALSE(Find(session));
  backend().sessions().Touch(session, clock().Now());
  Restart();
  ASSERT_TRUE(Find(session));
  EXPECT_EQ(Find(session)->created_at, clock().Now());
}

TEST_P(SessionContract, AForgottenSessionIsGone) {
  const SessionId session = NewSession(), other = NewSession();
  backend().sessions().Touch(session, clock().Now());
  backend().sessions().Touch(other, clock().Now());
  ASSERT_TRUE(Await(backend().sessions().Forget(session)));
  EXPECT_FALSE(Find(session));
  Restart();
  EXPECT_FALSE(Find(session));
  EXPECT_TRUE(Find(other));
}

}  // namespace popradio::store::contract
