#include "domain/cover.h"

#include <gtest/gtest.h>

#include <set>

#include "domain/flavour.h"

namespace popradio {
namespace {

ObjectId Id(std::uint64_t seed) {
  SeededRandom random(seed);
  return ObjectId::Make(Instant{}, random);
}

TEST(Flavour, IsStableAndEveryOneOccurs) {
  std::array<int, kFlavours> counts{};
  for (std::uint64_t seed = 0; seed < 1600; ++seed)
    ++counts[static_cast<std::size_t>(FlavourOf(Id(seed)))];
  for (const int count : counts) EXPECT_GT(count, 50);
  EXPECT_GT(counts[static_cast<std::size_t>(Flavour::kBubblegum)],
            2 * counts[static_cast<std::size_t>(Flavour::kGrape)]);
  const auto known = ObjectId::Parse("507f1f77bcf86cd799439011");
  ASSERT_TRUE(known.has_value());
  // Two nodes, or two versions, must never disagree about a song's colour.
  EXPECT_EQ(FlavourName(FlavourOf(*known)), "lime");
  std::set<std::string_view> names;
  for (int i = 0; i < kFlavours; ++i) names.insert(FlavourName(static_cast<Flavour>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kFlavours));
}

TEST(CoverInitials, AreTheFirstLettersOfTheWordsThatCount) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"Heart-Shaped Satellite", "HS"},
      {"The Sign", "S"},
      {"The", "T"},
      {"Don't Stop", "DS"},
      {"99 Luftballons", "99"},
      {"1999", "19"},
      {"élan vital", "ÉV"},
      {"e\u0301lan", "É"},
      {"ありがとう", "あ"},
      {"(Glitter Edit)", "GE"},
      {"ß", "SS"},
      {"💕", ""},
      {"", ""},
      {"\xff\xfe", ""},
  };
  for (const auto& [title, initials] : cases) EXPECT_EQ(CoverInitials(title), initials) << title;
}

TEST(CoverSvg, IsTheSameForTheSameSongAndDiffersOtherwise) {
  EXPECT_EQ(CoverSvg("One", "Two", Id(1)), CoverSvg("One", "Two", Id(1)));
  std::set<std::string> covers;
  for (std::uint64_t seed = 0; seed < 50; ++seed) covers.insert(CoverSvg("One", "Two", Id(seed)));
  EXPECT_EQ(covers.size(), 50u);
}

TEST(CoverSvg, FetchesNothingAndRunsNothing) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::string svg = CoverSvg("Heart-Shaped Satellite", "Paper Orbit", Id(seed));
    EXPECT_TRUE(svg.starts_with("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 600 600'"));
    EXPECT_TRUE(svg.ends_with("</svg>"));
    EXPECT_EQ(svg.find("http", 45), std::string::npos);
    EXPECT_EQ(svg.find("<script"), std::string::npos);
    EXPECT_EQ(svg.find("<image"), std::string::npos);
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    for (std::size_t at = svg.find("href='"); at != std::string::npos;
         at = svg.find("href='", at + 1))
      EXPECT_EQ(svg[at + 6], '#');
    for (std::size_t at = svg.find("url("); at != std::string::npos; at = svg.find("url(", at + 1))
      EXPECT_EQ(svg[at + 4], '#');
    EXPECT_LT(svg.size(), 16'000u);
  }
}

TEST(CoverSvg, EscapesWhatItIsGiven) {
  const std::string svg = CoverSvg("</title><script>alert('1')</script>", "\"A&B\"\x01", Id(1));
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_NE(svg.find("&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;, "
                     "&quot;A&amp;B&quot; </title>"),
            std::string::npos);
  EXPECT_EQ(CoverSvg("\xff\xc3", "", Id(1)).find('\xff'), std::string::npos);
}

}  // namespace
}  // namespace popradio
