#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "domain/profanity_cells.h"

namespace popradio {

// Says whether a comment holds a word that this station does not print.
//
// It looks at a matching copy, never at the text itself: folded for case and compatibility, without
// accents, look-alike letters and leetspeak read as what they look like (see profanity_cells.h). On
// that copy it finds the listed words
//   - as whole words, with any number of letters drawn out ("shiiiit");
//   - inside words, for the few that occur in no innocent one;
//   - across gaps ("f u c k", "f.u.c.k", "sh it") and behind stars ("f**k"), for the strongest.
// It never finds a word inside another otherwise, so Scunthorpe, Penistone, cocktail and Essex
// pass. What is a profanity only in the wrong company ("Moby Dick", "Maine Coon", Swedish "slut")
// is settled by a list of innocent phrases and, for words that are also names, by capitals and
// neighbours.
//
// The word list and its licence are in profanity_words.inc. Immutable once built, so any thread may
// ask it. Building takes about a millisecond: build it at start, not with the first comment.
class ProfanityFilter {
 public:
  ProfanityFilter();

  // `text` is valid UTF-8 in NFC; anything is accepted, and invalid bytes count as punctuation.
  bool Refuses(std::string_view text) const { return !FirstRefused(text).empty(); }
  // The listed word that made it refuse (for tests and for the curator's log), or empty.
  std::string FirstRefused(std::string_view text) const;

  // The one that CleanCommentText uses: immutable data, built by the first call.
  static const ProfanityFilter& Shared();

 private:
  using Kinds = std::uint8_t;
  // One letter of the words' tree; siblings are chained, the root's children start at node 1.
  struct Node {
    char letter = 0;
    Kinds kinds = 0;  // of the word that ends here, 0 if none does
    Kinds below = 0;  // of all the words that go through here
    std::uint32_t first_child = 0;
    std::uint32_t next_sibling = 0;
    std::uint32_t word = 0;
  };
  struct Phrase {
    std::vector<std::string_view> words;
    std::size_t at = 0;  // which of the words is the flagged one
  };
  struct Search;
  struct Place;

  void Add(std::string_view word, Kinds kinds);
  // The number of a word that `search` allows and that stands in cells[begin, end); 0 for none.
  std::uint32_t Find(std::span<const Cell> cells, const Search& search) const;
  std::uint32_t Walk(const Search& search, Place place) const;
  bool MayEnd(const Search& search, const Place& place) const;

  std::uint32_t RefusedWord(const Reading& reading, std::size_t index) const;
  std::uint32_t RefusedAcrossGaps(const Reading& reading, std::size_t index) const;
  bool MayBeginGap(const Cell& cell) const { return (cell.letters & gap_initials_) != 0; }
  std::uint32_t RefusedSpelling(const Reading& reading, std::size_t index) const;
  bool RefusedForeign(const Word& word) const;
  bool IsInnocent(const Reading& reading, std::size_t index, std::uint32_t word) const;

  CellReader reader_;
  std::vector<Node> nodes_;
  std::array<std::uint32_t, 26> first_letters_{};  // the root's child for each letter, 0 for none
  std::vector<std::string_view> words_;
  std::vector<Kinds> kinds_;
  std::uint32_t gap_initials_ = 0;  // letters, as in Cell
  std::uint32_t fuck_ = 0;  // numbers of words, for the two that are known by their first letter
  std::uint32_t shit_ = 0;
  std::unordered_map<std::string_view, std::vector<Phrase>> phrases_;
  std::unordered_set<std::string_view> innocent_words_;
  std::unordered_set<std::string_view> marked_words_;
  std::unordered_set<std::string_view> prefixes_;
  std::size_t longest_prefix_ = 0;
};

}  // namespace popradio
