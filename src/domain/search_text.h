#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace popradio {

// More words than this in a query add nothing but work; the rest is ignored.
constexpr std::size_t kMaxSearchTerms = 8;

// Text as search compares it: without case, accents, width and punctuation, words separated by
// single spaces. "Für Elise, 16 Voices" gives "fur elise 16 voices", "Røyksopp" "royksopp",
// "Straße" "strasse", "Don't" "dont". Apostrophes vanish, all other punctuation separates. Kana
// keep their voicing marks and Hangul its syllables: those are letters, not accents. Invalid bytes
// count as punctuation. Made for the index and for queries alike; folding twice changes nothing.
// Thread-safe.
std::string FoldForSearch(std::string_view utf8);

// The words of a query, folded, without repetitions, at most kMaxSearchTerms. Empty when the query
// holds no letter and no digit: such a query finds nothing, unlike a missing one.
std::vector<std::string> SearchTerms(std::string_view query);

// Whether every term occurs in the text, anywhere, so that "satell" and "lite" find "satellite"
// while somebody types. Both sides folded. No terms match everything.
bool MatchesQuery(std::string_view folded_text, std::span<const std::string> folded_terms);

// What a song is found by: its title and artist, folded once, plus the ways in which people type
// stylised names: "AC/DC" is also "acdc", "P!nk" also "pink" and "Ke$ha" also "kesha".
class SearchKey {
 public:
  SearchKey(std::string_view title, std::string_view artist);

  const std::string& text() const { return text_; }
  bool Matches(std::span<const std::string> folded_terms) const {
    return MatchesQuery(text_, folded_terms);
  }

 private:
  std::string text_;
};

// Bytes that sort like titles in a catalogue when compared as bytes: language-neutral collation
// (CLDR root), numbers by value ("Song 2" before "Song 10"), a leading "The", "A" or "An" left out.
// Thread-safe.
std::string TitleSortKey(std::string_view title);

}  // namespace popradio
