#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace popradio {

// Text as search sees it: accent- and case-blind. Compatibility-decomposed (NFKD), marks stripped, full case fold,
// letters that Unicode does not decompose spelled plainly (ø o, ł l, ß ss, æ ae, þ th, ı i …), everything
// that is no letter, digit or symbol a space, spaces collapsed and trimmed. Idempotent. Bytes that are
// no UTF-8 fold to a space. The same for what is searched and for what is searched for:
//   FoldForSearch("Beyoncé – ‘Déjà Vu’") == "beyonce deja vu"
std::string FoldForSearch(std::string_view utf8);

// The words of a query, folded; at most kMaxSearchTerms, the rest is ignored.
std::vector<std::string> SearchTerms(std::string_view query);
inline constexpr std::size_t kMaxSearchTerms = 8;

// Whether every term occurs in the folded text, as a substring: people type the middle of a word too.
// No terms match everything.
bool MatchesQuery(std::string_view folded_text, std::span<const std::string> folded_terms);

}  // namespace popradio
