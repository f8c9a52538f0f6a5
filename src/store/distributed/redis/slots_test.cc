#include "store/distributed/redis/slots.h"

#include <gtest/gtest.h>

namespace popradio::redis {
namespace {

Reply Text(std::string text) { return Reply::String(std::move(text)); }
Reply Number(std::int64_t value) { return Reply::Integer(value); }
Reply List(std::vector<Reply> elements) { return Reply::Array(std::move(elements)); }

// As the Cluster specification and its reference implementation give them.
TEST(KeySlot, MatchesKnownValues) {
  EXPECT_EQ(Crc16("123456789"), 0x31c3);
  EXPECT_EQ(Crc16(""), 0);
  EXPECT_EQ(KeySlot("foo"), 12182);
  EXPECT_EQ(KeySlot("bar"), 5061);
  EXPECT_EQ(KeySlot("hello"), 866);
  EXPECT_EQ(KeySlot(""), 0);
}

TEST(KeySlot, LooksAtTheHashTagOnly) {
  EXPECT_EQ(KeySlot("{user1000}.following"), KeySlot("user1000"));
  EXPECT_EQ(KeySlot("{user1000}.followers"), KeySlot("user1000"));
  EXPECT_EQ(KeySlot("foo{bar}{zap}"), KeySlot("bar"));
  EXPECT_EQ(KeySlot("foo{{bar}}zap"), KeySlot("{bar"));
  EXPECT_EQ(KeySlot("foo{}{bar}"), Crc16("foo{}{bar}") % kSlotCount);
  EXPECT_EQ(KeySlot("foo{bar"), Crc16("foo{bar") % kSlotCount);
  EXPECT_EQ(KeySlot("}foo{"), Crc16("}foo{") % kSlotCount);
}

Reply Slots() {
  return List({List({Number(0), Number(8191), List({Text("a"), Number(1), Text("id1"), List({})}),
                     List({Text("b"), Number(2), Text("id2")})}),
               List({Number(8192), Number(16383), List({Text(""), Number(3), Text("id3")}),
                     List({Text("?"), Number(4), Text("id4")})})});
}

TEST(SlotMap, ReadsClusterSlots) {
  const auto map = SlotMap::FromSlots(Slots(), {"asked", 9});
  ASSERT_TRUE(map) << map.error();
  EXPECT_EQ(*map->Owner(0), (Endpoint{"a", 1}));
  EXPECT_EQ(*map->Owner(8191), (Endpoint{"a", 1}));
  EXPECT_EQ(*map->Owner(8192), (Endpoint{"asked", 3}));
  EXPECT_EQ(*map->Owner(16383), (Endpoint{"asked", 3}));
  EXPECT_EQ(map->Owner(16384), nullptr);
  EXPECT_EQ(map->primaries().size(), 2U);
  EXPECT_EQ(map->replicas(), (std::vector<Endpoint>{{"asked", 4}, {"b", 2}}));
  EXPECT_EQ(map->covered(), kSlotCount);
}

Reply Node(std::string host, int port, std::string role, std::string health) {
  return List({Text("id"), Text("x"), Text("port"), Number(port), Text("tls-port"),
               Number(port + 100), Text("ip"), Text(host), Text("endpoint"), Text(host),
               Text("role"), Text(std::move(role)), Text("replication-offset"), Number(7),
               Text("health"), Text(std::move(health))});
}

TEST(SlotMap, ReadsClusterShards) {
  const Reply reply = List(
      {List({Text("slots"), List({Number(0), Number(10), Number(20), Number(30)}), Text("nodes"),
             List({Node("old", 1, "master", "fail"), Node("new", 2, "master", "online"),
                   Node("c", 3, "replica", "online")})}),
       List(
           {Text("slots"), List({}), Text("nodes"), List({Node("idle", 4, "master", "online")})})});
  const auto map = SlotMap::FromShards(reply, {"asked", 9}, false);
  ASSERT_TRUE(map) << map.error();
  EXPECT_EQ(*map->Owner(5), (Endpoint{"new", 2}));
  EXPECT_EQ(map->Owner(15), nullptr);
  EXPECT_EQ(*map->Owner(30), (Endpoint{"new", 2}));
  EXPECT_EQ(map->covered(), 22U);
  EXPECT_EQ(map->primaries(), (std::vector<Endpoint>{{"new", 2}}));
  EXPECT_EQ(map->replicas(), (std::vector<Endpoint>{{"c", 3}}));
  const auto tls = SlotMap::FromShards(reply, {"asked", 9}, true);
  ASSERT_TRUE(tls);
  EXPECT_EQ(*tls->Owner(5), (Endpoint{"new", 102}));
}

TEST(SlotMap, RefusesWhatNoClusterSays) {
  const Endpoint asked{"asked", 9};
  const Reply node = List({Text("a"), Number(1)});
  const Reply cases[] = {
      Text("x"),
      Reply(),
      List({Text("x")}),
      List({List({Number(0), Number(1)})}),
      List({List({Text("0"), Number(1), node})}),
      List({List({Number(-1), Number(1), node})}),
      List({List({Number(5), Number(1), node})}),
      List({List({Number(0), Number(16384), node})}),
      List({List({Number(0), Number(1), List({Text("a"), Number(0)})})}),
      List({List({Number(0), Number(1), List({Text("a"), Number(65536)})})}),
      List({List({Number(0), Number(1), Text("a")})}),
  };
  for (const Reply& reply : cases) EXPECT_FALSE(SlotMap::FromSlots(reply, asked));
  EXPECT_FALSE(SlotMap::FromShards(Text("x"), asked, false));
  EXPECT_FALSE(SlotMap::FromShards(
      List({List({Text("slots"), List({Number(0), Number(1)}), Text("nodes"), List({})})}), asked,
      false));
}

TEST(SlotMap, TakesAMoveOfOneSlot) {
  auto map = SlotMap::FromSlots(Slots(), {"asked", 9});
  ASSERT_TRUE(map);
  map->Assign(7, {"fresh", 5});
  EXPECT_EQ(*map->Owner(7), (Endpoint{"fresh", 5}));
  EXPECT_EQ(*map->Owner(8), (Endpoint{"a", 1}));
  map->Assign(8, {"fresh", 5});
  EXPECT_EQ(map->primaries().size(), 3U);
}

}  // namespace
}  // namespace popradio::redis
