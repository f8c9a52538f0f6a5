#include "domain/search_text.h"

#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/tblcoll.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace popradio {
namespace {

// Letters that decompose to nothing simpler, though people without them on the keyboard type these.
constexpr std::pair<char32_t, std::string_view> kSpelledOut[] = {
    {U'ø', "o"},  {U'đ', "d"},  {U'ð', "d"}, {U'ħ', "h"}, {U'ı', "i"}, {U'ł', "l"}, {U'þ', "th"},
    {U'æ', "ae"}, {U'œ', "oe"}, {U'ŋ', "n"}, {U'ŧ', "t"}, {U'ə', "e"}, {U'ĸ', "k"}, {U'ſ', "s"},
};

// Signs that stand for a letter in stylised names.
constexpr std::pair<char, char> kStylised[] = {{'$', 's'}, {'!', 'i'}, {'@', 'a'}, {'+', 't'}};

constexpr char32_t kVoicedMark = 0x3099;
constexpr char32_t kSemiVoicedMark = 0x309A;

bool IsApostrophe(char32_t character) {
  return character == U'\'' || character == U'’' || character == U'‘' || character == U'ʼ' ||
         character == U'`' || character == U'´';
}

const icu::Normalizer2& Checked(const icu::Normalizer2* normalizer, UErrorCode status) {
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no normalisation data");
  return *normalizer;
}

struct Normalizers {
  const icu::Normalizer2& fold;
  const icu::Normalizer2& decompose;
  const icu::Normalizer2& compose;
};

const Normalizers& TheNormalizers() {
  static const Normalizers normalizers = [] {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
    const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(status);
    const icu::Normalizer2* compose = icu::Normalizer2::getNFCInstance(status);
    return Normalizers{Checked(fold, status), Checked(decompose, status), Checked(compose, status)};
  }();
  return normalizers;
}

// Adds a separator unless the text is empty or has just had one.
void Separate(std::string* out) {
  if (!out->empty() && out->back() != ' ') *out += ' ';
}

void Finish(std::string* out) {
  if (!out->empty() && out->back() == ' ') out->pop_back();
}

// Most of every catalogue: no ICU call, no second buffer.
std::string FoldAscii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += c;
    } else if (c != '\'' && c != '`') {
      Separate(&out);
    }
  }
  Finish(&out);
  return out;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<signed char>(c) < 0;
}

// The words that hold punctuation inside, read two more ways: with signs as letters, and without
// them.
void AppendStylised(std::string_view text, std::string* out) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    const std::string_view word = text.substr(from, to - from);
    from = to + 1;
    std::string spelled;
    std::string bare;
    bool has_sign = false;
    bool has_gap = false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const char c = word[i];
      if (IsWordByte(c)) {
        spelled += c;
        bare += c;
        continue;
      }
      // A sign at the end is punctuation ("Help!"), at the beginning and inside it may be a letter.
      const auto sign = std::find_if(std::begin(kStylised), std::end(kStylised),
                                     [c](const auto& each) { return each.first == c; });
      const bool inside = i + 1 < word.size() && IsWordByte(word[i + 1]);
      if (sign != std::end(kStylised) && inside) {
        spelled += sign->second;
        has_sign = true;
      }
      has_gap = has_gap || (inside && i > 0);
    }
    for (const auto& [wanted, variant] :
         {std::pair(has_sign, &spelled), std::pair(has_gap, &bare)}) {
      if (!wanted) continue;
      const std::string folded = FoldForSearch(*variant);
      if (!folded.empty() && (" " + *out + " ").find(" " + folded + " ") == std::string::npos)
        *out += " " + folded;
    }
  }
}

}  // namespace

std::string FoldForSearch(std::string_view utf8) {
  if (IsAscii(utf8)) return FoldAscii(utf8);
  const Normalizers& normalizers = TheNormalizers();
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  const icu::UnicodeString folded =
      normalizers.decompose.normalize(normalizers.fold.normalize(wide, status), status);
  icu::UnicodeString kept;
  for (int i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 code_point = folded.char32At(i);
    const auto character = static_cast<char32_t>(code_point);
    if (IsApostrophe(character)) continue;
    const auto* spelled =
        std::find_if(std::begin(kSpelledOut), std::end(kSpelledOut),
                     [character](const auto& each) { return each.first == character; });
    if (spelled != std::end(kSpelledOut)) {
      for (const char letter : spelled->second) kept.append(static_cast<char16_t>(letter));
      continue;
    }
    const std::uint32_t category = U_GET_GC_MASK(code_point);
    if (category & (U_GC_MN_MASK | U_GC_ME_MASK)) {
      if (character == kVoicedMark || character == kSemiVoicedMark) kept.append(code_point);
      continue;
    }
    // U+FFFD is what invalid bytes have become. Symbols stay out, but a title of nothing else (☆,
    // 💕) must be found by itself, so emoji and the like count as letters.
    const bool is_word =
        (category & (U_GC_L_MASK | U_GC_N_MASK | U_GC_MC_MASK | U_GC_SO_MASK)) != 0 &&
        character != 0xFFFD;
    if (is_word) {
      kept.append(code_point);
    } else if (u_charType(code_point) != U_FORMAT_CHAR) {
      kept.append(u' ');
    }
  }
  std::string text;
  normalizers.compose.normalize(kept, status).toUTF8String(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == ' ') {
      Separate(&out);
    } else {
      out += c;
    }
  }
  Finish(&out);
  return out;
}

std::vector<std::string> SearchTerms(std::string_view query) {
  const std::string folded = FoldForSearch(query);
  std::vector<std::string> terms;
  for (std::size_t from = 0; from < folded.size() && terms.size() < kMaxSearchTerms;) {
    const std::size_t to = std::min(folded.find(' ', from), folded.size());
    std::string term = folded.substr(from, to - from);
    if (std::find(terms.begin(), terms.end(), term) == terms.end())
      terms.push_back(std::move(term));
    from = to + 1;
  }
  return terms;
}

bool MatchesQuery(std::string_view folded_text, std::span<const std::string> folded_terms) {
  return std::all_of(folded_terms.begin(), folded_terms.end(),
                     [folded_text](const std::string& term) {
                       return folded_text.find(term) != std::string_view::npos;
                     });
}

SearchKey::SearchKey(std::string_view title, std::string_view artist)
    : text_(FoldForSearch(title)) {
  const std::string folded_artist = FoldForSearch(artist);
  if (!text_.empty() && !folded_artist.empty()) text_ += ' ';
  text_ += folded_artist;
  AppendStylised(title, &text_);
  AppendStylised(artist, &text_);
}

std::string TitleSortKey(std::string_view title) {
  static const std::unique_ptr<const icu::Collator> collator = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Collator> made(
        icu::Collator::createInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no collation data");
    made->setAttribute(UCOL_NUMERIC_COLLATION, UCOL_ON, status);
    made->setAttribute(UCOL_ALTERNATE_HANDLING, UCOL_SHIFTED,
                       status);  // punctuation counts for nothing
    return made;
  }();
  for (const std::string_view article : {"The ", "A ", "An "}) {
    if (title.size() > article.size() && title.starts_with(article)) {
      title.remove_prefix(article.size());
      break;
    }
  }
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(title.data(), static_cast<std::int32_t>(title.size())));
  std::string key(static_cast<std::size_t>(std::max(collator->getSortKey(wide, nullptr, 0), 1)),
                  '\0');
  collator->getSortKey(wide, reinterpret_cast<std::uint8_t*>(key.data()),
                       static_cast<std::int32_t>(key.size()));
  key.pop_back();  // ICU ends a key with a zero byte
  return key;
}

}  // namespace popradio
