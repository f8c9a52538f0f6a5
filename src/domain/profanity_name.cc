#include "domain/profanity_name.h"

#include <algorithm>
#include <string_view>

namespace popradio {
namespace {

// Before "Dick" these say that no person is meant.
constexpr std::string_view kNotBeforeNames[] = {
    "a",    "an",   "the",   "my",   "your", "ur",   "his",  "her",   "their",   "our",
    "this", "that", "these", "such", "you",  "u",    "suck", "sucks", "sucking", "lick",
    "eat",  "big",  "small", "tiny", "huge", "what", "like", "no",    "of",      "fat"};
// Around "Dick" in mid-sentence these say that one is.
constexpr std::string_view kBeforeNames[] = {"uncle", "mr",    "called", "named", "hi",
                                             "hey",   "hello", "thanks", "by",    "for",
                                             "and",   "with",  "love",   "dear",  "from"};
constexpr std::string_view kAfterNames[] = {
    "van",   "von",  "de",    "and", "n",    "is",   "was", "has",  "had",  "plays", "played",
    "sings", "sang", "wrote", "on",  "with", "from", "did", "does", "will", "would", "who"};

template <class List>
bool Contains(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

}  // namespace

bool IsPersonsName(const Reading& reading, std::size_t index) {
  const Word& word = reading.words[index];
  if (!word.capitalised) return false;
  const Word* before = index > 0 ? &reading.words[index - 1] : nullptr;
  const Word* after = index + 1 < reading.words.size() ? &reading.words[index + 1] : nullptr;
  if (before != nullptr && Contains(kNotBeforeNames, before->plain)) return false;
  if (before != nullptr && (before->capitalised || Contains(kBeforeNames, before->plain)))
    return true;
  return after != nullptr && (after->capitalised || Contains(kAfterNames, after->plain));
}

}  // namespace popradio
