#include "api/node_messages.h"

#include <gtest/gtest.h>

#include "api/service_testing.h"

namespace popradio::api {
namespace {

using realtime::Presence;

constexpr std::array<std::uint8_t, 16> kAddress = {0, 0, 0, 0, 0,   0, 0,   0,
                                                   0, 0, 0, 0, 203, 0, 113, 7};

TEST(NodeMessages, CarryListenersWithAndWithoutAnAddress) {
  const std::vector<Presence::Change> all = {{MakeSession(1), kAddress, true},
                                             {MakeSession(2), std::nullopt, false}};
  const auto back = UnpackListeners(PackListeners(3, all));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->first, 3u);
  EXPECT_EQ(back->second, all);
}

TEST(NodeMessages, CarryVotes) {
  const VotesMessage votes = {41, {{MakeSession(1), kAddress}, {MakeSession(2), std::nullopt}}};
  EXPECT_EQ(UnpackVotes(PackVotes(votes)), votes);
}

TEST(NodeMessages, CarryWhatACommentIsAbout) {
  const Target target{TargetType::kPlaylist, PlaylistIdOf(2)};
  const std::string packed = PackTargeted(target, R"({"comment":{}})");
  const auto back = UnpackTargeted(packed);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->first, target);
  EXPECT_EQ(back->second, R"({"comment":{}})");
}

TEST(NodeMessages, RefuseWhatWasCutOrIsNone) {
  const std::string listeners = PackListeners(0, {{MakeSession(1), kAddress, true}});
  const std::string votes = PackVotes({41, {{MakeSession(1), kAddress}}});
  const std::string targeted = PackTargeted({TargetType::kSong, SongIdOf(1)}, "");
  for (std::size_t cut = 1; cut < listeners.size(); ++cut) {
    if (cut == 8) continue;  // nobody at all
    EXPECT_FALSE(UnpackListeners(listeners.substr(0, cut))) << cut;
    EXPECT_FALSE(UnpackVotes(votes.substr(0, cut))) << cut;
  }
  for (std::size_t cut = 0; cut < targeted.size(); ++cut) {
    EXPECT_FALSE(UnpackTargeted(targeted.substr(0, cut))) << cut;
  }
  EXPECT_FALSE(UnpackListeners(PackListeners(Presence::kParts, {})));
  EXPECT_FALSE(UnpackTargeted("x" + targeted.substr(1)));
}

}  // namespace
}  // namespace popradio::api
