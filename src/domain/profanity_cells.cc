#include "domain/profanity_cells.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <stdexcept>

namespace popradio {
namespace {

// The alphabets whose letters pass for Latin ones: their skeletons are looked up once, at start.
constexpr std::pair<char32_t, char32_t> kLookalikeBlocks[] = {
    {0x0080, 0x058F},                    // Latin, phonetic, Greek, Cyrillic, Armenian
    {0x10A0, 0x10FF},                    // Georgian
    {0x13A0, 0x13FF},                    // Cherokee
    {0x1C80, 0x1C8F}, {0x1D00, 0x1DBF},  // small capitals and phonetic letters
    {0x1E00, 0x1FFF}, {0x2C60, 0x2CFF},  // more Latin, Coptic
    {0xA4D0, 0xA4FF},                    // Lisu
    {0xA640, 0xA69F}, {0xA720, 0xA7FF}, {0xAB30, 0xABBF},
};

// What the skeleton does not see alike, but people do.
constexpr std::pair<char32_t, char> kExtraLookalikes[] = {
    {U'к', 'k'}, {U'ҝ', 'k'}, {U'κ', 'k'}, {U'т', 't'}, {U'τ', 't'}, {U'υ', 'u'}, {U'μ', 'u'},
    {U'ц', 'u'}, {U'и', 'u'}, {U'ι', 'i'}, {U'η', 'n'}, {U'п', 'n'}, {U'ν', 'v'}, {U'ω', 'w'},
    {U'м', 'm'}, {U'н', 'h'}, {U'в', 'b'}, {U'я', 'r'}, {U'ɢ', 'g'}, {U'ꜰ', 'f'}, {U'ɪ', 'i'},
    {U'ʟ', 'l'}, {U'ɴ', 'n'}, {U'ʀ', 'r'}, {U'ʙ', 'b'}, {U'ʜ', 'h'}, {U'ᴛ', 't'}, {U'ᴋ', 'k'},
    {U'ᴇ', 'e'}, {U'ᴀ', 'a'}, {U'ᴍ', 'm'}, {U'ᴘ', 'p'}, {U'ᴊ', 'j'}, {U'ᴅ', 'd'}, {U'ʏ', 'y'},
    {U'ɔ', 'c'}, {U'ǝ', 'e'}, {U'ə', 'e'}, {U'ƒ', 'f'}, {U'ʃ', 's'},
};

// Letters that no normalisation takes apart.
constexpr std::pair<char32_t, std::string_view> kSpelledOut[] = {
    {U'ø', "o"},  {U'đ', "d"},  {U'ð', "d"},  {U'ħ', "h"}, {U'ı', "i"}, {U'ł', "l"},
    {U'þ', "th"}, {U'æ', "ae"}, {U'œ', "oe"}, {U'ŋ', "n"}, {U'ŧ', "t"}, {U'ƀ', "b"},
    {U'ɨ', "i"},  {U'ʉ', "u"},  {U'ɍ', "r"},  {U'ȼ', "c"}, {U'ⱥ', "a"}, {U'ɇ', "e"},
    {U'ɉ', "j"},  {U'ƙ', "k"},  {U'ɓ', "b"},  {U'ɗ', "d"}, {U'ƴ', "y"}, {U'ʂ', "s"},
};

std::uint32_t LeetLetters(char32_t character) {
  switch (character) {
    case U'0':
      return LetterBit('o');
    case U'1':
      return LetterBit('i') | LetterBit('l');
    case U'3':
      return LetterBit('e');
    case U'4':
      return LetterBit('a');
    case U'5':
      return LetterBit('s');
    case U'6':
      return LetterBit('g') | LetterBit('b');
    case U'7':
      return LetterBit('t');
    case U'8':
      return LetterBit('b');
    case U'9':
      return LetterBit('g');
    case U'@':
      return LetterBit('a');
    case U'$':
      return LetterBit('s');
    case U'!':
    case U'|':
    case U'¡':
      return LetterBit('i') | LetterBit('l');
    case U'+':
    case U'†':
      return LetterBit('t');
    case U'€':
      return LetterBit('e');
    case U'£':
      return LetterBit('l');
    case U'¢':
    case U'©':
      return LetterBit('c');
    case U'¥':
      return LetterBit('y');
    case U'§':
      return LetterBit('s');
    default:
      return 0;
  }
}

bool IsStar(char32_t character) {
  switch (character) {
    case U'*':
    case U'#':
    case U'%':
    case U'&':
    case U'?':
    case U'×':
    case U'•':
    case U'·':
    case U'●':
    case U'∗':
    case U'★':
    case U'☆':
    case U'✱':
    case U'✶':
    case U'♥':
    case U'█':
    case U'▪':
      return true;
    default:
      return false;
  }
}

bool IsApostrophe(char32_t character) {
  return character == U'\'' || character == U'’' || character == U'ʼ' || character == U'`' ||
         character == U'´' || character == U'‘';
}

bool IsHyphen(char32_t character) {
  return character == U'-' || character == U'_' || character == U'.' || character == U'‐' ||
         character == U'‑' || character == U'–' || character == U'—' || character == U'·';
}

// 🅰 and 🇦 are letters to a reader and symbols to Unicode.
char SquaredLetter(char32_t character) {
  for (const char32_t first : {U'\U0001F130', U'\U0001F150', U'\U0001F170', U'\U0001F1E6'}) {
    if (character >= first && character < first + 26)
      return static_cast<char>('a' + (character - first));
  }
  return 0;
}

// Ideographs, kana and Hangul look like no Latin letter; asking ICU about each would cost the most
// exactly where it can find nothing.
bool IsEastAsian(char32_t character) {
  return (character >= 0x2E80 && character <= 0xA4CF) ||
         (character >= 0xAC00 && character <= 0xD7FF) ||
         (character >= 0x20000 && character <= 0x3FFFF);
}

const icu::Normalizer2& Normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = get(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no normalisation data");
  return *normalizer;
}

// Case folding without compatibility or loss of marks, one character at a time.
void AppendMarked(char32_t character, std::string* out) {
  std::uint8_t buffer[4];
  int length = 0;
  const UChar32 folded = u_foldCase(static_cast<UChar32>(character), U_FOLD_CASE_DEFAULT);
  U8_APPEND_UNSAFE(buffer, length, folded);
  out->append(reinterpret_cast<const char*>(buffer), length);
}

}  // namespace

CellReader::CellReader() {
  UErrorCode status = U_ZERO_ERROR;
  USpoofChecker* checker = uspoof_open(&status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no confusable data");
  for (const auto& [first, last] : kLookalikeBlocks) {
    for (char32_t character = first; character <= last; ++character) {
      // An accented Latin letter is decomposed, and needs no skeleton.
      if (!u_isalpha(static_cast<UChar32>(character)) || Look(character).cells[0].plain != 0)
        continue;
      const icu::UnicodeString text(static_cast<UChar32>(character));
      char16_t skeleton[8];
      UErrorCode failed = U_ZERO_ERROR;
      const int length =
          uspoof_getSkeleton(checker, 0, text.getBuffer(), text.length(), skeleton, 8, &failed);
      if (U_FAILURE(failed) || length != 1 || skeleton[0] >= 0x80) continue;
      const int lower = u_tolower(skeleton[0]);
      // `l` stands in the skeleton for I and 1 as well; Walk() takes it for either.
      if (lower >= 'a' && lower <= 'z') skeletons_[character] = static_cast<char>(lower);
    }
  }
  uspoof_close(checker);
  for (const auto& [character, letter] : kExtraLookalikes) skeletons_[character] = letter;

  for (char32_t character = 0; character < 0x80; ++character) ascii_[character] = Look(character);
  for (const auto& [first, last] : kLookalikeBlocks) {
    for (char32_t character = first; character <= last; ++character)
      known_[character] = Look(character);
  }
}

CellReader::Entry CellReader::Look(char32_t character) const {
  Entry entry;
  const auto add = [&entry](const Cell& cell) {
    if (entry.count < kMostCellsPerCharacter) entry.cells[entry.count++] = cell;
  };
  Cell cell;
  cell.ascii = character < 0x80;
  if (IsApostrophe(character)) {
    cell.kind = Cell::Kind::kApostrophe;
  } else if (character >= U'0' && character <= U'9') {
    cell.kind = Cell::Kind::kDigit;
    cell.plain = static_cast<char>(character);
    cell.letters = LeetLetters(character);
  } else if (const std::uint32_t letters = LeetLetters(character)) {
    cell.kind = Cell::Kind::kSymbol;
    cell.letters = letters;
  } else if (IsStar(character)) {
    cell.kind = Cell::Kind::kStar;
  } else if (IsHyphen(character)) {
    cell.kind = Cell::Kind::kHyphen;
  } else if (const char squared = SquaredLetter(character)) {
    cell.kind = Cell::Kind::kLetter;
    cell.plain = squared;
    cell.letters = LetterBit(squared);
  } else if (IsEastAsian(character)) {
    cell.kind = Cell::Kind::kLetter;
  } else {
    const auto code_point = static_cast<UChar32>(character);
    // Folding and decomposing this one character gives its letters; each is then spelled in ASCII
    // if it can be, and a letter that nothing spells stays one that matches nothing.
    static const icu::Normalizer2& fold = Normalizer(icu::Normalizer2::getNFKCCasefoldInstance);
    static const icu::Normalizer2& decompose = Normalizer(icu::Normalizer2::getNFDInstance);
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString folded =
        decompose.normalize(fold.normalize(icu::UnicodeString(code_point), status), status);
    const bool is_upper = u_isUUppercase(code_point);
    for (int i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
      const auto part = static_cast<char32_t>(folded.char32At(i));
      if (U_GET_GC_MASK(static_cast<UChar32>(part)) & U_GC_M_MASK) continue;
      Cell piece;
      piece.upper = is_upper;
      piece.ascii = cell.ascii;
      if (part >= U'a' && part <= U'z') {
        piece.kind = Cell::Kind::kLetter;
        piece.plain = static_cast<char>(part);
        piece.letters = LetterBit(piece.plain);
        add(piece);
        continue;
      }
      if (part < 0x80) {
        if (character >= 0x80) {  // a full-width digit or sign reads as its ASCII self
          piece = Look(part).cells[0];
          add(piece);
        } else {
          add(piece);
        }
        continue;
      }
      bool spelled = false;
      for (const auto& [letter, spelling] : kSpelledOut) {
        if (letter != part) continue;
        for (const char each : spelling) {
          piece.kind = Cell::Kind::kLetter;
          piece.plain = each;
          piece.letters = LetterBit(each);
          add(piece);
        }
        spelled = true;
      }
      if (spelled) continue;
      if (u_isalpha(static_cast<UChar32>(part))) {
        piece.kind = Cell::Kind::kLetter;
        for (const char32_t shape : {part, character}) {
          const auto found = skeletons_.find(shape);
          if (found == skeletons_.end()) continue;
          piece.letters |= LetterBit(found->second);
          if (found->second == 'l') piece.letters |= LetterBit('i');
        }
      }
      add(piece);
    }
    return entry;  // a lone mark is no cell at all: it neither separates nor spells
  }
  add(cell);
  return entry;
}

void CellReader::Append(char32_t character, std::vector<Cell>* cells) const {
  if (character < ascii_.size()) {
    cells->push_back(ascii_[character].cells[0]);
    return;
  }
  const auto known = known_.find(character);
  const Entry looked = known == known_.end() ? Look(character) : Entry{};
  const Entry& entry = known == known_.end() ? looked : known->second;
  cells->insert(cells->end(), entry.cells.begin(), entry.cells.begin() + entry.count);
}

Reading CellReader::Read(std::string_view text) const {
  using Kind = Cell::Kind;
  Reading reading;
  reading.cells.reserve(text.size());
  reading.is_ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<signed char>(c) >= 0; });
  std::vector<char32_t>
      sources;  // the character behind each cell, 0 for a repeat of the one before
  sources.reserve(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 character = 0;
    U8_NEXT(bytes, i, size, character);
    const std::size_t before = reading.cells.size();
    if (character < 0) {
      reading.cells.push_back(Cell{});
    } else {
      Append(static_cast<char32_t>(character), &reading.cells);
    }
    sources.resize(reading.cells.size(), 0);
    if (before < sources.size() && character > 0)
      sources[before] = static_cast<char32_t>(character);
  }

  const std::vector<Cell>& cells = reading.cells;
  const auto in_word = [&cells](std::size_t i) {
    return cells[i].kind != Kind::kSpace && cells[i].kind != Kind::kHyphen;
  };
  for (std::size_t i = 0; i < cells.size();) {
    if (!in_word(i)) {
      ++i;
      continue;
    }
    Word word;
    word.begin = i;
    while (i < cells.size() && in_word(i)) ++i;
    word.end = i;
    // Quotes around a word, and stars that only decorate it ("*wow*", "#dance"), are no part of it.
    const auto decorates = [&cells](std::size_t at) {
      return cells[at].kind == Kind::kApostrophe ||
             (cells[at].kind == Kind::kSymbol && (cells[at].letters & LetterBit('i')) != 0);
    };
    // Nor are marks of exclamation around it, which are letters only inside: "sh!t", but not
    // "Pak!".
    while (word.begin < word.end &&
           (decorates(word.begin) || cells[word.begin].kind == Kind::kStar))
      ++word.begin;
    while (word.end > word.begin && decorates(word.end - 1)) --word.end;
    bool spells = false;
    bool upper_inside = false;
    for (std::size_t k = word.begin; k < word.end; ++k) {
      const Cell& cell = cells[k];
      spells = spells || cell.kind == Kind::kLetter || cell.kind == Kind::kDigit;
      if (cell.kind == Kind::kApostrophe) word.has_apostrophe = true;
      if (cell.kind == Kind::kLetter || cell.kind == Kind::kDigit || cell.kind == Kind::kSymbol)
        ++word.shape;
      if (cell.plain != 0) word.plain += cell.plain;
      if (cell.ascii && cell.plain != 0) word.only_foreign = false;
      if (k > word.begin && cell.upper) upper_inside = true;
      if (!reading.is_ascii && sources[k] != 0) AppendMarked(sources[k], &word.marked);
    }
    if (!spells) continue;
    word.capitalised = cells[word.begin].upper && !upper_inside;
    reading.words.push_back(std::move(word));
  }
  return reading;
}

}  // namespace popradio
