#include "media/child_process.h"

#include <gtest/gtest.h>

namespace popradio::media {
namespace {

const SystemClock kClock;

TEST(RunChild, PassesArgumentsAsTheyAreAndNoShellSeesThem) {
  const std::string nasty = "a b; echo $HOME `id` \"'\n*";
  const auto child = RunChild(kClock, {"printf", "%s", nasty});
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->exit_code, 0);
  EXPECT_EQ(child->out, nasty);
}

TEST(RunChild, ReportsExitCodesSignalsAndComplaints) {
  const auto failed = RunChild(kClock, {"sh", "-c", "echo out; echo oops >&2; exit 3"});
  ASSERT_TRUE(failed.has_value());
  EXPECT_EQ(failed->exit_code, 3);
  EXPECT_EQ(failed->out, "out\n");
  EXPECT_EQ(failed->errors, "oops\n");
  const auto killed = RunChild(kClock, {"sh", "-c", "kill -9 $$"});
  ASSERT_TRUE(killed.has_value());
  EXPECT_EQ(killed->exit_code, 128 + 9);
}

TEST(RunChild, KeepsOnlyTheEndOfEndlessComplaints) {
  const auto child =
      RunChild(kClock, {"sh", "-c", "yes complaint | head -c 100000 >&2; echo last >&2"});
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->errors.size(), kMaxErrorBytes);
  EXPECT_TRUE(child->errors.ends_with("last\n"));
}

TEST(RunChild, NamesTheMissingProgramAndItsPackage) {
  const auto missing = RunChild(kClock, {"popradio-no-such-program"});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().message, "popradio-no-such-program is not installed");
  const char* path = ::getenv("PATH");
  const std::string before = path == nullptr ? "" : path;
  ::setenv("PATH", "/nonexistent", 1);
  const auto no_ffprobe = RunChild(kClock, {"ffprobe"});
  ::setenv("PATH", before.c_str(), 1);
  ASSERT_FALSE(no_ffprobe.has_value());
  EXPECT_EQ(no_ffprobe.error().message, "ffprobe is not installed: apt-get install ffmpeg");
}

TEST(RunChild, KillsWhatOutlivesItsDeadline) {
  const auto began = std::chrono::steady_clock::now();
  const auto child = RunChild(kClock, {"sleep", "60"}, {Millis(100)});
  ASSERT_FALSE(child.has_value());
  EXPECT_NE(child.error().message.find("sleep did not finish"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(RunChild, KillsWhatFloodsItsOutput) {
  const auto child = RunChild(kClock, {"yes"}, {std::chrono::seconds(30), 10'000});
  ASSERT_FALSE(child.has_value());
  EXPECT_EQ(child.error().message, "yes wrote more than 10000 bytes");
}

TEST(RunChild, DoesNotWaitForGrandchildrenThatKeepThePipesOpen) {
  const auto began = std::chrono::steady_clock::now();
  const auto child = RunChild(kClock, {"sh", "-c", "sleep 30 & echo done"});
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->out, "done\n");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15));
}

TEST(RunChild, GivesALargeOutputWholeOrPieceByPiece) {
  const auto child = RunChild(kClock, {"head", "-c", "1000000", "/dev/zero"});
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->out.size(), 1'000'000u);
  std::size_t seen = 0;
  const auto pieces = RunChild(kClock, {"head", "-c", "1000000", "/dev/zero"}, {},
                               [&](std::string_view piece) { seen += piece.size(); });
  ASSERT_TRUE(pieces.has_value());
  EXPECT_EQ(seen, 1'000'000u);
  EXPECT_TRUE(pieces->out.empty());
}

TEST(RunChild, GivesAnEmptyInput) {
  const auto child = RunChild(kClock, {"cat"});
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->exit_code, 0);
  EXPECT_TRUE(child->out.empty());
}

}  // namespace
}  // namespace popradio::media
