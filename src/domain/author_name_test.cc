#include "domain/author_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "domain/profanity.h"

namespace popradio {
namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";

SessionId Session(std::uint64_t seed) {
  SeededRandom random(seed);
  return SessionId::Make(random);
}

TEST(AuthorName, IsTheSameForTheSameSession) {
  EXPECT_EQ(AuthorName(Session(1), kSecret), AuthorName(Session(1), kSecret));
  const auto known = SessionId::Parse("a1b2c3d4-e5f6-4789-8abc-def012345678");
  ASSERT_TRUE(known.has_value());
  // What listeners are called must survive new versions of the program.
  EXPECT_EQ(AuthorName(*known, kSecret), "clover-dreamer-02");
}

TEST(AuthorName, DependsOnSessionAndSecret) {
  EXPECT_NE(AuthorName(Session(1), kSecret), AuthorName(Session(2), kSecret));
  EXPECT_NE(AuthorName(Session(1), kSecret), AuthorName(Session(1), kSecret.substr(1)));
}

TEST(AuthorName, OfAnImportedCommentIsTheOneItCameWith) {
  Comment comment;
  comment.session = Session(1);
  EXPECT_EQ(AuthorName(comment, kSecret), AuthorName(Session(1), kSecret));
  comment.author = "velvet-comet-42";
  EXPECT_EQ(AuthorName(comment, kSecret), "velvet-comet-42");
}

TEST(ImportedAuthor, IsOneSessionForOneNameAndCannotBeGuessedWithoutTheSecret) {
  const SessionId session = ImportedAuthor("velvet-comet-42", kSecret);
  EXPECT_EQ(ImportedAuthor("velvet-comet-42", kSecret), session);
  EXPECT_NE(ImportedAuthor("velvet-comet-43", kSecret), session);
  EXPECT_NE(ImportedAuthor("velvet-comet-42", kSecret.substr(1)), session);
  EXPECT_EQ(session.ToString()[14], '8') << "no version that listeners draw";
}

TEST(AuthorName, IsTwoWordsAndTwoDigits) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::string name = AuthorName(Session(seed), kSecret);
    EXPECT_EQ(std::count(name.begin(), name.end(), '-'), 2) << name;
    EXPECT_EQ(name.rfind('-'), name.size() - 3) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), name.size() - 2) << name;
    EXPECT_EQ(name.find_last_not_of("0123456789"), name.size() - 3) << name;
    EXPECT_LE(name.size(), 24u) << name;
  }
}

TEST(AuthorName, SpreadsOverManyNamesAndIsNeverRude) {
  std::set<std::string> names, first, second;
  const ProfanityFilter& filter = ProfanityFilter::Shared();
  constexpr std::size_t kListeners = 20'000;
  for (std::uint64_t seed = 0; seed < kListeners; ++seed) {
    const std::string name = AuthorName(Session(seed), kSecret);
    names.insert(name);
    first.insert(name.substr(0, name.find('-')));
    second.insert(name.substr(name.find('-') + 1, name.rfind('-') - name.find('-') - 1));
  }
  EXPECT_GE(first.size(), 64u);
  EXPECT_GE(second.size(), 128u);
  // Twenty thousand draws from more than a million names meet about 150 times.
  EXPECT_GT(names.size(), kListeners - 400);
  for (const std::string& one : first) {
    for (const std::string& other : second)
      EXPECT_FALSE(filter.Refuses(one + "-" + other)) << one << "-" << other;
  }
}

}  // namespace
}  // namespace popradio
