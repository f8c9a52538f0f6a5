#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/profanity.h"

namespace popradio {

constexpr std::size_t kMinCommentCodePoints = 1;
constexpr std::size_t kMaxCommentCodePoints = 500;
constexpr std::size_t kMaxCommentBytes = 2000;
constexpr int kMaxMarksInARow = 8;
static_assert(kMaxCommentBytes >= 4 * kMaxCommentCodePoints,
              "code points must be the limit people meet first");

// What a listener typed, as it is stored and shown; or why not (always kInvalidText, with a
// sentence).
//
// In this order:
//   1. valid UTF-8, or refused;
//   2. NFC, so that equal texts are equal bytes;
//   3. refused: control characters, those that turn the direction of the text, and those that
//   nobody sees
//      (zero width, fillers, private use, unassigned). What is invisible but means something stays
//      where it means it: joiners and variation selectors inside emoji, the tags of a subdivision's
//      flag, and U+200C/U+200D where RFC 5892 (appendix A) lets Persian and the Indic scripts have
//      them;
//   4. a comment is one line: any run of white space, newlines and tabs included, becomes one
//   space, and
//      none is left at the ends;
//   5. kMinCommentCodePoints to kMaxCommentCodePoints code points;
//   6. no more than kMaxMarksInARow combining marks in a row, so that no text climbs out of its
//   line;
//   7. the profanity filter, on a matching copy (profanity.h).
// Cleaning an accepted text again changes nothing. Thread-safe.
Result<std::string> CleanCommentText(std::string_view raw,
                                     const ProfanityFilter& filter = ProfanityFilter::Shared());

}  // namespace popradio
