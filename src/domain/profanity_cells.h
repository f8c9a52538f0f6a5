#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace popradio {

// A set of letters is a word of bits; this is one letter's.
constexpr std::uint32_t LetterBit(char letter) { return 1u << (letter - 'a'); }

// One letter of the matching copy: what a reader may take a character of the comment for.
struct Cell {
  enum class Kind : std::uint8_t {
    kLetter,      // spells one of the letters a to z, or a letter like none of them (letters == 0)
    kDigit,       // a digit; may be read as a letter ("sh1t")
    kSymbol,      // read as a letter beside letters ("$hit", "sh!t"), punctuation elsewhere
    kStar,        // a stand-in for a letter inside a word ("f*ck"), punctuation elsewhere
    kApostrophe,  // belongs to the word, but a listed word may end before it ("bitch's")
    kHyphen,      // - _ and . : punctuation that may also hide a letter
    kSpace,       // any other separator
  };
  std::uint32_t letters = 0;  // bit 0 is a
  char plain = 0;             // the ASCII letter or digit it is without any guessing, else 0
  Kind kind = Kind::kSpace;
  bool upper = false;
  bool ascii = false;  // stands for an ASCII character of the comment
};

// A word of the comment: cells[begin, end), not empty, with at least one letter or digit.
struct Word {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string plain;   // its plain letters and digits, for comparing with phrases
  std::string marked;  // folded for case with the marks kept; empty when the whole text is ASCII
  int shape = 0;       // how many cells are letters, digits or symbols
  bool has_apostrophe = false;
  bool capitalised = false;  // "Dick", not "DICK" or "dick"
  bool only_foreign = true;  // not one ASCII letter or digit
};

struct Reading {
  std::vector<Cell> cells;
  std::vector<Word> words;
  bool is_ascii = true;
};

// Turns text into cells. Steps, in order: NFKC case folding; marks stripped; letters that decompose
// to no ASCII (ø, ł, ß, æ) spelled out; look-alikes of other scripts by ICU's confusable skeleton,
// which is asked about non-ASCII letters only, because it also turns `sh1t` into `shlt` and `m`
// into `rn`; leetspeak. The tables for the alphabets that look like Latin are made by the
// constructor; const calls are thread-safe.
class CellReader {
 public:
  CellReader();
  Reading Read(std::string_view text) const;

 private:
  static constexpr std::size_t kMostCellsPerCharacter = 4;
  struct Entry {
    std::array<Cell, kMostCellsPerCharacter> cells;
    std::uint8_t count = 0;
  };

  Entry Look(char32_t character) const;
  void Append(char32_t character, std::vector<Cell>* cells) const;

  std::unordered_map<char32_t, char> skeletons_;
  std::array<Entry, 0x80> ascii_;
  std::unordered_map<char32_t, Entry> known_;
};

}  // namespace popradio
