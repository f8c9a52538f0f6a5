#include "domain/profanity.h"

#include <algorithm>
#include <bit>

#include "domain/profanity_name.h"

namespace popradio {
namespace {

using Kind = Cell::Kind;

constexpr std::uint8_t kWord = 1;     // refused as a whole word
constexpr std::uint8_t kStem = 2;     // refused wherever it stands in a word
constexpr std::uint8_t kGap = 4;      // also with gaps: "sh it"
constexpr std::uint8_t kDoubled = 8;  // also with one letter too many: "fuuck"
constexpr std::uint8_t kStars = 16;   // also with letters starred out: "f**k"
constexpr std::uint8_t kName = 32;    // spared where it is a person's name

struct WordEntry {
  std::string_view word;
  std::uint8_t kinds;
};

#include "domain/profanity_words.inc"

constexpr std::size_t kMostSeparators = 4;  // between the pieces of one word: "f ... u ... c ... k"
constexpr std::size_t kMostPieces = 6;      // of a word with gaps; single letters may be any number
constexpr int kLongestJoined = 20;          // letters; the longest such word in the list has 14
constexpr int kShortWord = 3;               // "ass", "cum": too short for most disguises
constexpr int kLongWord = 5;                // letters; two that are left suffice to recognise it
constexpr std::ptrdiff_t kFewestStars = 3;  // after a lone letter: "f***"
constexpr int kMostSigns = 8;               // in a row that draw out one letter: "f!!!!ck"
constexpr std::size_t kFewestSpelled =
    3;                             // single letters in a row that are worth reading as a word
constexpr int kFewestForeign = 4;  // letters of another alphabet that may spell a Latin word

// Pieces that say nothing when they stand side by side: "who re-recorded", "as sh..." stay apart
// unless another piece is no word.
constexpr std::string_view kEverydayPieces[] = {
    "a",    "as", "ass", "at", "be", "bit", "but", "er",  "hit", "hits",
    "hole", "he", "i",   "in", "is", "it",  "its", "me",  "my",  "no",
    "of",   "on", "or",  "re", "so", "to",  "us",  "who", "y",   "holes"};

template <class List>
bool Contains(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool IsSpelling(const Cell& cell) {
  return cell.kind == Kind::kLetter || cell.kind == Kind::kDigit;
}

// One separator of any kind, or several with a hyphen or dot among them; a comma and a space is how
// people write, not how they hide.
bool IsGap(const Reading& reading, std::size_t from, std::size_t to) {
  if (to - from > kMostSeparators) return false;
  return to - from == 1 || std::any_of(reading.cells.begin() + static_cast<std::ptrdiff_t>(from),
                                       reading.cells.begin() + static_cast<std::ptrdiff_t>(to),
                                       [](const Cell& cell) { return cell.kind == Kind::kHyphen; });
}

constexpr std::uint32_t kBitI = 1u << ('i' - 'a');

}  // namespace

struct ProfanityFilter::Search {
  std::span<const Cell> cells;
  Kinds need = kWord;     // the word must be of this kind
  bool anywhere = false;  // may begin and end inside a word
  bool whole = false;     // must be all the cells
  bool stars = false;     // stars and hyphens stand for any letter
};

struct ProfanityFilter::Place {
  std::size_t at = 0;      // the next cell to read
  std::uint32_t node = 0;  // the letter read last
  char before = 0;         // the letter before that one
  int length = 0;          // letters of the word so far
  int literals = 0;        // of them, those that stand there as letters
  int digits = 0;          // of them, those that stand there as digits
  int extra = 0;           // repeats of the last letter skipped: "fuuu" has two
  bool doubled = false;    // somewhere exactly one was skipped
};

ProfanityFilter::ProfanityFilter() {
  nodes_.emplace_back();
  words_.emplace_back();
  kinds_.push_back(0);
  for (const WordEntry& entry : kWords) Add(entry.word, entry.kinds);
  for (const std::string_view phrase : kInnocentPhrases) {
    std::vector<std::string_view> words;
    for (std::size_t from = 0; from <= phrase.size();) {
      const std::size_t to = std::min(phrase.find(' ', from), phrase.size());
      words.push_back(phrase.substr(from, to - from));
      from = to + 1;
    }
    for (std::size_t at = 0; at < words.size(); ++at) phrases_[words[at]].push_back({words, at});
  }
  innocent_words_.insert(std::begin(kInnocentWords), std::end(kInnocentWords));
  marked_words_.insert(std::begin(kMarkedWords), std::end(kMarkedWords));
  for (const std::string_view prefix : kForeignPrefixes) {
    prefixes_.insert(prefix);
    longest_prefix_ = std::max(longest_prefix_, prefix.size());
  }
}

const ProfanityFilter& ProfanityFilter::Shared() {
  static const ProfanityFilter filter;
  return filter;
}

void ProfanityFilter::Add(std::string_view word, Kinds kinds) {
  std::uint32_t node = 0;
  for (const char letter : word) {
    nodes_[node].below |= kinds;
    std::uint32_t child = nodes_[node].first_child;
    while (child != 0 && nodes_[child].letter != letter) child = nodes_[child].next_sibling;
    if (child == 0) {
      child = static_cast<std::uint32_t>(nodes_.size());
      Node added;
      added.letter = letter;
      added.next_sibling = nodes_[node].first_child;
      nodes_.push_back(added);
      nodes_[node].first_child = child;
      if (node == 0) first_letters_[letter - 'a'] = child;
    }
    node = child;
  }
  nodes_[node].kinds = kinds;
  nodes_[node].below |= kinds;
  nodes_[node].word = static_cast<std::uint32_t>(words_.size());
  if (word == "fuck") fuck_ = nodes_[node].word;
  if (word == "shit") shit_ = nodes_[node].word;
  words_.push_back(word);
  kinds_.push_back(kinds);
  if ((kinds & kGap) != 0) gap_initials_ |= LetterBit(word.front());
}

std::uint32_t ProfanityFilter::Find(std::span<const Cell> cells, const Search& options) const {
  Search search = options;
  search.cells = cells;
  for (std::size_t start = 0; start < cells.size(); ++start) {
    if (search.whole && start > 0) break;
    if (start > 0) {
      if (!search.anywhere && IsSpelling(cells[start - 1])) continue;
      // In the middle of "aaaaah" nothing begins that did not begin with it.
      if (start > 1 && cells[start].letters != 0 &&
          cells[start - 1].letters == cells[start].letters &&
          cells[start - 2].letters == cells[start].letters) {
        continue;
      }
    }
    Place place;
    place.at = start;
    if (const std::uint32_t word = Walk(search, place)) return word;
  }
  return 0;
}

bool ProfanityFilter::MayEnd(const Search& search, const Place& place) const {
  const Node& node = nodes_[place.node];
  if ((node.kinds & search.need) == 0) return false;
  if (search.whole && place.at != search.cells.size()) return false;
  if (!search.anywhere && place.at < search.cells.size() &&
      search.cells[place.at].kind == Kind::kLetter) {
    return false;
  }
  const bool one_extra = place.extra == 1 && place.before != node.letter;
  if ((place.doubled || one_extra) && (node.kinds & kDoubled) == 0) return false;
  // Enough must be left to recognise: "f**k", "n****r", but not "***k"; "4ss", but not "A55", a
  // road.
  if (search.stars)
    return place.literals * 2 >= place.length || (place.literals >= 2 && place.length >= kLongWord);
  return place.literals >= 1 && (place.length > kShortWord || place.digits <= 1);
}

std::uint32_t ProfanityFilter::Walk(const Search& search, Place place) const {
  const Node& node = nodes_[place.node];
  if (place.node != 0 && MayEnd(search, place)) return node.word;
  if (place.at >= search.cells.size()) return 0;
  const Cell& cell = search.cells[place.at];
  std::uint32_t letters = cell.letters;
  // The same inside a word that goes on: "yes!!!wow".
  if (cell.kind == Kind::kSymbol && (letters & kBitI) != 0 &&
      (place.at + 1 >= search.cells.size() || !IsSpelling(search.cells[place.at + 1]))) {
    letters = 0;
  }
  // Where a star stands for any letter, or a sign for two, letters are not drawn out at length as
  // well: the readings of a row of them would multiply.
  const bool may_repeat =
      !search.stars && (std::has_single_bit(letters) || place.extra < kMostSigns);
  if (place.node != 0 && may_repeat && (letters & LetterBit(node.letter)) != 0) {
    Place longer = place;
    ++longer.at;
    ++longer.extra;
    if (const std::uint32_t word = Walk(search, longer)) return word;
  }
  const bool wild =
      search.stars && place.node != 0 &&
      (cell.kind == Kind::kStar || cell.kind == Kind::kHyphen || cell.kind == Kind::kSymbol);
  if (letters == 0 && !wild) return 0;
  std::uint32_t child = node.first_child;
  // Nearly every walk ends at its first letter, so the first has a table of its own.
  if (place.node == 0 && std::has_single_bit(letters))
    child = first_letters_[std::countr_zero(letters)];
  for (; child != 0; child = nodes_[child].next_sibling) {
    if (!wild && (letters & LetterBit(nodes_[child].letter)) == 0) {
      if (place.node == 0 && std::has_single_bit(letters)) break;
      continue;
    }
    if ((nodes_[child].below & search.need) == 0) continue;
    Place next = place;
    ++next.at;
    next.before = node.letter;
    next.node = child;
    ++next.length;
    next.literals += cell.kind == Kind::kLetter ? 1 : 0;
    next.digits += cell.kind == Kind::kDigit ? 1 : 0;
    next.doubled = place.doubled || (place.extra == 1 && place.before != node.letter);
    next.extra = 0;
    if (const std::uint32_t word = Walk(search, next)) return word;
  }
  return 0;
}

bool ProfanityFilter::IsInnocent(const Reading& reading, std::size_t index,
                                 std::uint32_t found) const {
  const Word& word = reading.words[index];
  if (innocent_words_.contains(word.plain) || innocent_words_.contains(word.marked)) return true;
  if ((kinds_[found] & kName) != 0 && IsPersonsName(reading, index)) return true;
  // English villages: Chorlton-cum-Hardy, Stow cum Quy.
  if (words_[found] == "cum" && index > 0 && index + 1 < reading.words.size() &&
      !reading.cells[word.begin].upper) {
    const Word& before = reading.words[index - 1];
    const Word& after = reading.words[index + 1];
    if (before.capitalised && after.capitalised) return true;
    if (reading.cells[word.begin - 1].kind == Kind::kHyphen &&
        reading.cells[word.end].kind == Kind::kHyphen)
      return true;
  }
  const auto phrases = phrases_.find(word.plain);
  if (phrases == phrases_.end()) return false;
  return std::any_of(phrases->second.begin(), phrases->second.end(), [&](const Phrase& phrase) {
    if (index < phrase.at || index - phrase.at + phrase.words.size() > reading.words.size())
      return false;
    for (std::size_t i = 0; i < phrase.words.size(); ++i) {
      if (reading.words[index - phrase.at + i].plain != phrase.words[i]) return false;
    }
    return true;
  });
}

std::uint32_t ProfanityFilter::RefusedWord(const Reading& reading, std::size_t index) const {
  const Word& word = reading.words[index];
  const std::span<const Cell> all(reading.cells);
  const std::span<const Cell> cells = all.subspan(word.begin, word.end - word.begin);
  if (word.only_foreign && word.shape < kFewestForeign) return 0;
  for (const bool anywhere : {false, true}) {
    Search search;
    search.anywhere = anywhere;
    search.need = anywhere ? kStem : kWord;
    const std::uint32_t found = Find(cells, search);
    if (found != 0 && !IsInnocent(reading, index, found)) return found;
  }

  Search starred;
  starred.stars = true;
  starred.need = kStars;
  const auto stars = std::count_if(cells.begin(), cells.end(), [](const Cell& cell) {
    return cell.kind == Kind::kStar || cell.kind == Kind::kSymbol;
  });
  if (stars > 0) {
    if (const std::uint32_t found = Find(cells, starred)) return found;
    // "f***": nobody writes it for anything else.
    if (stars >= kFewestStars && stars + 1 == std::ssize(cells) && cells[0].kind == Kind::kLetter) {
      if (cells[0].plain == 'f') return fuck_;
      if (cells[0].plain == 's') return shit_;
    }
    // Stars may also only separate: "f*u*c*k".
    std::vector<Cell> bare;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(bare),
                 [](const Cell& cell) { return cell.kind != Kind::kStar; });
    Search whole;
    whole.whole = true;
    whole.need = kStars;
    if (const std::uint32_t found = Find(bare, whole)) return found;
  }
  // "sh-t", "f.ck": one hyphen or dot, or two, with the rest of the word right behind.
  if (index + 1 < reading.words.size()) {
    const Word& next = reading.words[index + 1];
    const std::size_t gap = next.begin - word.end;
    if (gap >= 1 && gap <= 2 && !word.has_apostrophe && !next.has_apostrophe &&
        std::all_of(all.begin() + static_cast<std::ptrdiff_t>(word.end),
                    all.begin() + static_cast<std::ptrdiff_t>(next.begin),
                    [](const Cell& cell) { return cell.kind == Kind::kHyphen; })) {
      starred.whole = true;
      if (const std::uint32_t found = Find(all.subspan(word.begin, next.end - word.begin), starred))
        return found;
    }
  }
  return 0;
}

std::uint32_t ProfanityFilter::RefusedAcrossGaps(const Reading& reading, std::size_t index) const {
  // Most words have a neighbour that is too long to be a piece with them: no copy for those.
  if (index + 1 >= reading.words.size() || reading.words[index].has_apostrophe ||
      reading.words[index].shape + reading.words[index + 1].shape > kLongestJoined ||
      !IsGap(reading, reading.words[index].end, reading.words[index + 1].begin) ||
      !MayBeginGap(reading.cells[reading.words[index].begin])) {
    return 0;
  }
  std::vector<Cell> joined;
  joined.reserve(2 * kLongestJoined);
  int letters = 0;
  bool everyday = true;
  for (std::size_t i = index; i < reading.words.size() && i < index + kMostPieces; ++i) {
    const Word& word = reading.words[i];
    if (word.has_apostrophe || (letters += word.shape) > kLongestJoined) return 0;
    if (i > index && !IsGap(reading, reading.words[i - 1].end, word.begin)) return 0;
    everyday = everyday && Contains(kEverydayPieces, word.plain);
    joined.insert(joined.end(), reading.cells.begin() + static_cast<std::ptrdiff_t>(word.begin),
                  reading.cells.begin() + static_cast<std::ptrdiff_t>(word.end));
    if (i == index || everyday) continue;
    // "The Beatles' s hit" and "90 s hits" are typing, not disguise.
    if (i == index + 1 && reading.words[index].plain == "s") continue;
    Search search;
    search.whole = true;
    search.need = kGap;
    if (const std::uint32_t found = Find(joined, search)) return found;
  }
  return 0;
}

std::uint32_t ProfanityFilter::RefusedSpelling(const Reading& reading, std::size_t index) const {
  const auto spelled = [&reading](std::size_t i) {
    const Word& word = reading.words[i];
    return word.shape == 1 && !word.has_apostrophe;
  };
  const auto follows = [&reading](std::size_t i) {
    return reading.words[i].begin - reading.words[i - 1].end <= kMostSeparators;
  };
  // Only at the beginning of a row of single letters.
  if (!spelled(index) || (index > 0 && spelled(index - 1) && follows(index))) return 0;
  std::vector<Cell> joined;
  std::size_t count = 0;
  for (std::size_t i = index; i < reading.words.size() && spelled(i) && (i == index || follows(i));
       ++i, ++count) {
    joined.insert(joined.end(),
                  reading.cells.begin() + static_cast<std::ptrdiff_t>(reading.words[i].begin),
                  reading.cells.begin() + static_cast<std::ptrdiff_t>(reading.words[i].end));
  }
  if (count < kFewestSpelled) return 0;
  Search whole;
  whole.whole = true;
  if (const std::uint32_t found = Find(joined, whole)) return found;
  Search anywhere;
  anywhere.anywhere = true;
  anywhere.need = kStars | kStem;
  return Find(joined, anywhere);
}

bool ProfanityFilter::RefusedForeign(const Word& word) const {
  if (marked_words_.contains(word.marked)) return true;
  for (std::size_t size = 1; size <= std::min(longest_prefix_, word.marked.size()); ++size) {
    if (prefixes_.contains(std::string_view(word.marked).substr(0, size))) return true;
  }
  return false;
}

std::string ProfanityFilter::FirstRefused(std::string_view text) const {
  const Reading reading = reader_.Read(text);
  if (!reading.is_ascii) {
    for (const std::string_view listed : kForeignAnywhere) {
      if (text.find(listed) != std::string_view::npos) return std::string(listed);
    }
  }
  for (std::size_t i = 0; i < reading.words.size(); ++i) {
    std::uint32_t found = RefusedWord(reading, i);
    if (found == 0) found = RefusedSpelling(reading, i);
    if (found == 0) found = RefusedAcrossGaps(reading, i);
    if (found != 0) return std::string(words_[found]);
    if (!reading.is_ascii && RefusedForeign(reading.words[i])) return reading.words[i].marked;
  }
  return {};
}

}  // namespace popradio
