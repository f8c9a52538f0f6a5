#include "domain/search_text.h"

#include <gtest/gtest.h>

namespace popradio {
namespace {

TEST(FoldForSearch, IsBlindToAccentsCaseAndPunctuation) {
  struct Case {
    const char* text;
    const char* folded;
  };
  for (const Case& c : {Case{"Love Story", "love story"},
                        {"Beyoncé – ‘Déjà Vu’", "beyonce deja vu"},
                        {"BEYONCE\xCC\x81", "beyonce"},
                        {"Sigur Rós: Sæglópur", "sigur ros saeglopur"},
                        {"Straße", "strasse"},
                        {"STRASSE", "strasse"},
                        {"Łódź  ØRE", "lodz ore"},
                        {"Don't Don’t", "dont dont"},
                        {"AC/DC", "ac dc"},
                        {"ﬁne ①", "fine 1"},
                        {"İstanbul ISTANBUL ıssız", "istanbul istanbul issiz"},
                        {"  ...  ", ""},
                        {"A$AP", "a$ap"},
                        {"宇多田ヒカル ｶﾞ", "宇多田ヒカル カ"},
                        {"💖 heart", "💖 heart"},
                        {"a\xFF" "b é", "a b e"}}) {
    EXPECT_EQ(FoldForSearch(c.text), c.folded) << c.text;
    EXPECT_EQ(FoldForSearch(FoldForSearch(c.text)), FoldForSearch(c.text)) << c.text;
  }
}

TEST(MatchesQuery, WantsEveryTermAnywhere) {
  const std::string text = FoldForSearch("Für Elise, 16 Voices Ringtone Club");
  EXPECT_TRUE(MatchesQuery(text, SearchTerms("fur CLUB")));
  EXPECT_TRUE(MatchesQuery(text, SearchTerms("lis")));
  EXPECT_TRUE(MatchesQuery(text, SearchTerms("")));
  EXPECT_FALSE(MatchesQuery(text, SearchTerms("fur disco")));
  EXPECT_EQ(SearchTerms("a b c d e f g h i j").size(), kMaxSearchTerms);
}

}  // namespace
}  // namespace popradio
