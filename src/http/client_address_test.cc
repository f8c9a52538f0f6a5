#include "http/client_address.h"

#include <gtest/gtest.h>

#include "http/connection_limit.h"
#include "http/http_testing.h"

namespace popradio::http {
namespace {

using boost::asio::ip::make_address;

TrustedProxies Trust(std::vector<std::string> texts) { return *TrustedProxies::Parse(texts); }

TEST(AddressRange, ContainsItsAddresses) {
  struct Case {
    const char* range;
    const char* address;
    bool inside;
  };
  const Case cases[] = {
      {"10.0.0.0/8", "10.255.1.2", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"192.168.1.128/25", "192.168.1.200", true},
      {"192.168.1.128/25", "192.168.1.100", false},
      {"192.0.2.1", "192.0.2.1", true},
      {"192.0.2.1", "192.0.2.2", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"10.0.0.0/8", "::ffff:10.1.2.3", true},
      {"::1", "::1", true},
      {"2001:db8::/32", "2001:db8:1::1", true},
      {"2001:db8::/32", "2001:db9::1", false},
      {"::/0", "2001:db8::1", true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.range) + " " + c.address);
    const auto range = AddressRange::Parse(c.range);
    ASSERT_TRUE(range.has_value());
    EXPECT_EQ(range->Contains(make_address(c.address)), c.inside);
  }
  for (const char* bad :
       {"", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/-1", "proxy"}) {
    const auto range = AddressRange::Parse(bad);
    ASSERT_FALSE(range.has_value()) << bad;
    EXPECT_NE(range.error().message.find(bad), std::string::npos);
  }
}

TEST(ClientAddress, IsTheRightmostUntrustedEntry) {
  struct Case {
    const char* peer;
    std::vector<const char*> forwarded;
    const char* client;
  };
  const Case cases[] = {
      {"203.0.113.5",
       {"198.51.100.1"},
       "203.0.113.5"},  // a peer we do not trust may say what it likes
      {"10.0.0.1", {}, "10.0.0.1"},
      {"10.0.0.1", {"198.51.100.1"}, "198.51.100.1"},
      {"::ffff:10.0.0.1", {"198.51.100.1"}, "198.51.100.1"},
      {"10.0.0.1",
       {"1.1.1.1, 198.51.100.1"},
       "198.51.100.1"},  // the left part is the client's invention
      {"10.0.0.1", {"198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
      {"10.0.0.1", {"1.1.1.1", "198.51.100.1,10.0.0.2"}, "198.51.100.1"},
      {"10.0.0.1", {"198.51.100.1", "10.0.0.3"}, "198.51.100.1"},
      {"10.0.0.1", {"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
      {"10.0.0.1", {"1.1.1.1, unknown, 10.0.0.2"}, "10.0.0.2"},
      {"10.0.0.1", {"nonsense"}, "10.0.0.1"},
      {"10.0.0.1", {""}, "10.0.0.1"},
      {"10.0.0.1", {"198.51.100.1:4711"}, "198.51.100.1"},
      {"10.0.0.1", {"[2001:db8::7]:4711"}, "2001:db8::7"},
      {"10.0.0.1", {"2001:db8::7"}, "2001:db8::7"},
  };
  const TrustedProxies proxies = Trust({"10.0.0.0/8"});
  for (const Case& c : cases) {
    SCOPED_TRACE(c.client);
    Request request = MakeRequest(Method::kGet);
    request.peer = make_address(c.peer);
    for (const char* value : c.forwarded)
      request.fields[request.field_count++] = {"X-Forwarded-For", value};
    EXPECT_EQ(ClientAddress(request, proxies).to_string(), c.client);
  }
}

TEST(ClientAddress, LooksAtABoundedNumberOfHops) {
  std::string list;
  for (int i = 0; i < 100; ++i) list += "10.0.0.9, ";
  Request request = MakeRequest(Method::kGet);
  const std::string value = "198.51.100.1, " + list + "10.0.0.2";
  request.fields[request.field_count++] = {"X-Forwarded-For", value};
  request.peer = make_address("10.0.0.1");
  EXPECT_EQ(ClientAddress(request, Trust({"10.0.0.0/8"})).to_string(), "10.0.0.9");
}

TEST(LimitKey, UnifiesAHousehold) {
  const auto key = [](const char* text) { return LimitKey::Of(make_address(text)); };
  EXPECT_EQ(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
  EXPECT_NE(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
  EXPECT_EQ(key("192.0.2.1"), key("::ffff:192.0.2.1"));
  EXPECT_NE(key("192.0.2.1"), key("192.0.2.2"));
  EXPECT_EQ(key("192.0.2.1").ToString(), "192.0.2.1");
  EXPECT_EQ(key("2001:db8:1:2::1").ToString(), "2001:db8:1:2::/64");
}

TEST(IsLoopback, KnowsAllForms) {
  EXPECT_TRUE(IsLoopback(make_address("127.8.0.1")));
  EXPECT_TRUE(IsLoopback(make_address("::1")));
  EXPECT_TRUE(IsLoopback(make_address("::ffff:127.0.0.1")));
  EXPECT_FALSE(IsLoopback(make_address("192.0.2.1")));
}

TEST(ConnectionLimit, CountsInAllAndPerAddress) {
  ConnectionLimit limit(3, 1);
  const LimitKey a = LimitKey::Of(make_address("192.0.2.1")),
                 b = LimitKey::Of(make_address("192.0.2.2"));
  ConnectionSlot first, second, third, fourth;
  EXPECT_EQ(limit.Acquire(a, false, first), std::nullopt);
  EXPECT_EQ(limit.Acquire(a, false, second), ConnectionLimit::Refusal::kAddress);
  EXPECT_EQ(limit.Acquire(a, true, second), std::nullopt);
  EXPECT_EQ(limit.Acquire(b, false, third), std::nullopt);
  EXPECT_EQ(limit.Acquire(b, true, fourth), ConnectionLimit::Refusal::kTotal);
  EXPECT_EQ(limit.open(), 3u);
  first.Release();
  EXPECT_EQ(limit.Acquire(a, false, fourth), std::nullopt);
  ConnectionSlot moved = std::move(fourth);
  EXPECT_EQ(limit.open(), 3u);
  moved.Release();
  EXPECT_EQ(limit.open(), 2u);
}

}  // namespace
}  // namespace popradio::http
