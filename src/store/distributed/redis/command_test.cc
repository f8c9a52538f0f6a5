#include "store/distributed/redis/command.h"

#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include <vector>

#include "base/random.h"
#include "store/distributed/redis/slots.h"

namespace popradio::redis {
namespace {

using namespace std::string_literals;

std::string Bytes(const Command& command) {
  std::string out;
  command.AppendTo(out);
  return out;
}

// What hiredis makes of the same arguments.
std::string Expected(const std::vector<std::string>& arguments) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const std::string& argument : arguments) {
    texts.push_back(argument.data());
    lengths.push_back(argument.size());
  }
  char* formatted = nullptr;
  const int size = redisFormatCommandArgv(&formatted, static_cast<int>(texts.size()), texts.data(),
                                          lengths.data());
  std::string bytes(formatted, static_cast<std::size_t>(size));
  redisFreeCommand(formatted);
  return bytes;
}

TEST(Command, FormatsAsHiredisDoes) {
  EXPECT_EQ(Bytes(Command("PING")), Expected({"PING"}));
  EXPECT_EQ(Bytes(Command("SET").Key("k").Arg("")), Expected({"SET", "k", ""}));
  EXPECT_EQ(Bytes(Command("SET").Key("a\0b\r\n"s).Arg("\xff\r\n$3\r\n"s)),
            Expected({"SET", "a\0b\r\n"s, "\xff\r\n$3\r\n"s}));
  EXPECT_EQ(Bytes(Command("X").Arg(0).Arg(-1).Arg(INT64_MIN).Arg(UINT64_MAX)),
            Expected({"X", "0", "-1", "-9223372036854775808", "18446744073709551615"}));
}

TEST(Command, FormatsAnythingAsHiredisDoes) {
  SeededRandom random(17);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> arguments{"NAME"};
    Command command("NAME");
    for (std::uint64_t n = random.Below(12); n > 0; --n) {
      std::string argument;
      for (std::uint64_t i = random.Below(120); i > 0; --i) {
        argument += static_cast<char>(random.Below(256));
      }
      command.Arg(argument);
      arguments.push_back(argument);
    }
    ASSERT_EQ(Bytes(command), Expected(arguments));
  }
}

TEST(Command, GoesWhereItsFirstKeyLives) {
  EXPECT_FALSE(Command("PING").slot());
  EXPECT_FALSE(Command("GET").Arg("foo").slot());
  EXPECT_EQ(Command("GET").Key("foo").slot(), KeySlot("foo"));
  EXPECT_EQ(Command("EVAL").Arg("return 1").Arg(2).Key("a").Key("b").Arg("c").slot(), KeySlot("a"));
  EXPECT_EQ(Command("GET").Key("").slot(), 0);
}

TEST(Command, CanBeUsedAgain) {
  Command command("MGET");
  command.Key("a").Key("b");
  EXPECT_EQ(command.name(), "MGET");
  command.Clear("PING");
  EXPECT_EQ(Bytes(command), Expected({"PING"}));
  EXPECT_EQ(command.name(), "PING");
  EXPECT_FALSE(command.slot());
}

TEST(Command, AppendsBehindWhatIsThere) {
  std::string out;
  Command("A").AppendTo(out);
  Command("B").Arg("c").AppendTo(out);
  EXPECT_EQ(out, Expected({"A"}) + Expected({"B", "c"}));
}

}  // namespace
}  // namespace popradio::redis
