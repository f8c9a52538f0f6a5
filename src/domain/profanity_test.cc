#include "domain/profanity.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace popradio {
namespace {

// Lines of a corpus; those that begin with "# " are comments ("#" alone begins many a hash tag).
std::vector<std::string> Corpus(const std::string& name) {
  std::ifstream file(std::string(POPRADIO_SOURCE_DIR) + "/tests/data/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && !line.starts_with("# ")) lines.push_back(line);
  }
  return lines;
}

std::string Found(std::string_view text) { return ProfanityFilter::Shared().FirstRefused(text); }

TEST(Profanity, RefusesEveryLineOfItsCorpus) {
  const std::vector<std::string> lines = Corpus("profanity_refuse.txt");
  ASSERT_GE(lines.size(), 300u);
  for (const std::string& line : lines) EXPECT_NE(Found(line), "") << line;
}

TEST(Profanity, LetsInnocentPhrasesPass) {
  const std::vector<std::string> lines = Corpus("profanity_innocent.txt");
  ASSERT_GE(lines.size(), 2000u);
  std::string refused;
  std::size_t count = 0;
  for (const std::string& line : lines) {
    const std::string found = Found(line);
    if (found.empty()) continue;
    ++count;
    refused += line + " (" + found + ")\n";
  }
  EXPECT_LE(count * 1000, lines.size()) << refused;
}

TEST(Profanity, LetsTheFamousOnesPass) {
  for (const std::string_view text :
       {"Scunthorpe", "Penistone", "Dick van Dyke", "cocktail", "Cockburn", "Essex", "assassin",
        "Hitchcock", "Moby-Dick", "shiitake", "Fukuoka", "Phuket", "Pussycat Dolls", "Titmuss",
        "analysis", "Dick Dale", "My uncle Dick sang this"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(Profanity, SeesThroughDisguises) {
  for (const std::string_view text :
       {"f u c k", "f.u.c.k",  "f - u - c - k", "fuuuck", "sh1t",
        "$h!t",    "5h17",     "f**k",          "fu ck",  "sh-it",
        "fuсk",    "ｆｕｃｋ", "ⓕⓤⓒⓚ",          "ꜰᴜᴄᴋ",   "f\u0336u\u0336c\u0336k\u0336",
        "FuCk",    "#fuck",    "ass h0le",      "F***",   "wtf is this shit99"}) {
    EXPECT_NE(Found(text), "") << text;
  }
}

TEST(Profanity, KeepsWordBoundaries) {
  EXPECT_EQ(Found("pass"), "");
  EXPECT_EQ(Found("as sure as it is hot"), "");
  EXPECT_EQ(Found("who re-recorded this?"), "");
  EXPECT_EQ(Found("the 90's hits"), "");
  EXPECT_EQ(Found("Sh, it begins"), "");
  EXPECT_EQ(Found("the A55 to Wales"), "");
  EXPECT_NE(Found("pass, ass"), "");
}

TEST(Profanity, JudgesANameByItsCompany) {
  EXPECT_EQ(Found("Dick Tracy"), "");
  EXPECT_EQ(Found("Thanks Dick, great pick"), "");
  EXPECT_EQ(Found("Dick played this in 1962"), "");
  EXPECT_NE(Found("my Dick"), "");
  EXPECT_NE(Found("suck my dick"), "");
  EXPECT_NE(Found("SUCK DICK"), "");
  EXPECT_EQ(Found("Stow cum Quy"), "");
  EXPECT_NE(Found("all the cum"), "");
}

TEST(Profanity, ReadsOtherScriptsAndMarks) {
  EXPECT_NE(Found("иди нахуй"), "");
  EXPECT_EQ(Found("худой хутор"), "");
  EXPECT_NE(Found("¡coño!"), "");
  EXPECT_EQ(Found("un cono de vainilla"), "");
  EXPECT_EQ(Found("Er aß ein Eis"), "");
  EXPECT_NE(Found("죽어 병신"), "");
}

TEST(Profanity, TakesAnyBytes) {
  EXPECT_EQ(Found(""), "");
  EXPECT_EQ(Found(std::string_view("\xff\xfe\x80", 3)), "");
  EXPECT_EQ(Found(std::string(500, '*')), "");
  EXPECT_NE(Found("\xff"
                  "fuck\xff"),
            "");
}

// A guard against a search that grows faster than the text: each would take seconds if it did.
TEST(Profanity, IsQuickOnHostileTexts) {
  const ProfanityFilter& filter = ProfanityFilter::Shared();
  std::vector<std::string> texts;
  for (const std::string_view part : {"s", "a s ", "f*", "1", "sh!", "@$", "mother", "u-",
                                      "niggeggi", "с", "f u ", "+", "g1!", "b6"}) {
    std::string text;
    while (text.size() < 2000) text += part;
    texts.push_back(text);
  }
  for (const std::string_view first : {"c", "f", "mother", "gil"}) {
    for (const char sign : {'+', '!', '1', '*', '6', '@', '#'})
      texts.push_back(std::string(first) + std::string(500, sign) + "k");
  }
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text : texts) (void)filter.Refuses(text);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace popradio
