#include "domain/search_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace popradio {
namespace {

// Latin letters with a stroke, ligatures and others that have no decomposition.
const char* PlainSpelling(UChar32 c) {
  switch (c) {
    case U'ø': return "o";
    case U'ł': return "l";
    case U'đ':
    case U'ð': return "d";
    case U'ħ': return "h";
    case U'ŧ': return "t";
    case U'æ': return "ae";
    case U'œ': return "oe";
    case U'þ': return "th";
    case U'ı': return "i";
    case U'ŋ': return "n";
    default: return nullptr;
  }
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
}

void AppendSpace(std::string& out) {
  if (!out.empty() && out.back() != ' ') out += ' ';
}

void TrimEnd(std::string& out) {
  if (!out.empty() && out.back() == ' ') out.pop_back();
}

// Apostrophes join ("don't" is "dont"), other punctuation parts.
bool Joins(UChar32 c) { return c == U'\'' || c == U'’' || c == U'‘' || c == U'ʼ'; }

std::string FoldAscii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("$+<=>^`|~").find(c) != std::string_view::npos) {
      out += c;
    } else if (!Joins(static_cast<UChar32>(c))) {
      AppendSpace(out);
    }
  }
  TrimEnd(out);
  return out;
}

}  // namespace

std::string FoldForSearch(std::string_view utf8) {
  if (IsAscii(utf8)) return FoldAscii(utf8);
  UErrorCode status = U_ZERO_ERROR;
  // NFKC_Casefold folds case fully and drops what is ignorable; NFKD then parts letters from marks.
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFKDInstance(status);
  if (U_FAILURE(status)) return FoldAscii(utf8);
  const auto source = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  const icu::UnicodeString folded = decompose->normalize(fold->normalize(source, status), status);
  if (U_FAILURE(status)) return FoldAscii(utf8);

  std::string out;
  out.reserve(utf8.size());
  for (int32_t i = 0; i < folded.length();) {
    const UChar32 c = folded.char32At(i);
    i += U16_LENGTH(c);
    if (const char* plain = PlainSpelling(c)) {
      out += plain;
    } else if (u_getIntPropertyValue(c, UCHAR_GENERAL_CATEGORY_MASK) & (U_GC_MN_MASK | U_GC_ME_MASK)) {
      continue;
    } else if (c != 0xFFFD && (u_getIntPropertyValue(c, UCHAR_GENERAL_CATEGORY_MASK) &
                               (U_GC_L_MASK | U_GC_N_MASK | U_GC_S_MASK | U_GC_MC_MASK))) {
      icu::UnicodeString(c).toUTF8String(out);
    } else if (!Joins(c)) {
      AppendSpace(out);
    }
  }
  TrimEnd(out);
  return out;
}

std::vector<std::string> SearchTerms(std::string_view query) {
  std::vector<std::string> terms;
  const std::string folded = FoldForSearch(query);
  for (std::size_t at = 0; at < folded.size() && terms.size() < kMaxSearchTerms;) {
    const std::size_t end = std::min(folded.find(' ', at), folded.size());
    terms.push_back(folded.substr(at, end - at));
    at = end + 1;
  }
  return terms;
}

bool MatchesQuery(std::string_view folded_text, std::span<const std::string> folded_terms) {
  return std::all_of(folded_terms.begin(), folded_terms.end(),
                     [&](const std::string& term) { return folded_text.find(term) != folded_text.npos; });
}

}  // namespace popradio
