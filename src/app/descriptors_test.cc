#include "app/descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

namespace popradio::app {
namespace {

TEST(PlanConnections, TakesWhatOneTableAllowsWhenNobodySaysMore) {
  const ConnectionPlan plan = PlanConnections(20'000, 2, 0, true);
  EXPECT_EQ(plan.threads, 2u);
  EXPECT_EQ(plan.max_connections, 20'000u - kDescriptorReserve);
  EXPECT_FALSE(plan.own_tables);
}

TEST(PlanConnections, KeepsOneTableWhenItIsLargeEnough) {
  const ConnectionPlan plan = PlanConnections(1'048'576, 8, 100'000, true);
  EXPECT_EQ(plan.threads, 8u);
  EXPECT_EQ(plan.max_connections, 100'000u);
  EXPECT_FALSE(plan.own_tables);
}

TEST(PlanConnections, SpreadsOverAsManyThreadsAsALowLimitNeeds) {
  const ConnectionPlan plan = PlanConnections(20'000, 2, 100'000, true);
  EXPECT_EQ(plan.threads, 6u);  // 18,000 each
  EXPECT_EQ(plan.max_connections, 100'000u);
  EXPECT_TRUE(plan.own_tables);
}

TEST(PlanConnections, TakesWhatFitsWhereTablesCannotBeOwned) {
  const ConnectionPlan plan = PlanConnections(20'000, 2, 100'000, false);
  EXPECT_EQ(plan.threads, 2u);
  EXPECT_EQ(plan.max_connections, 20'000u - kDescriptorReserve);
  EXPECT_FALSE(plan.own_tables);
}

TEST(PlanConnections, LeavesSomethingOfATinyLimit) {
  EXPECT_EQ(PlanConnections(256, 1, 0, true).max_connections, 128u);
}

TEST(OwnDescriptorTable, KeepsAThreadsDescriptorsToItself) {
  if (!CanOwnDescriptorTable()) GTEST_SKIP() << "this kernel refuses unshare(CLONE_FILES)";
  int theirs = -1;
  std::thread([&theirs] {
    OwnDescriptorTable();
    theirs = ::open("/dev/null", O_RDONLY);
    EXPECT_GE(theirs, 0);
  }).join();
  EXPECT_EQ(::fcntl(theirs, F_GETFD), -1);  // the number means nothing here
}

}  // namespace
}  // namespace popradio::app
