#include "domain/comment_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <optional>
#include <vector>

namespace popradio {
namespace {

constexpr char32_t kZeroWidthNonJoiner = 0x200C;
constexpr char32_t kZeroWidthJoiner = 0x200D;
constexpr char32_t kTextStyle = 0xFE0E;
constexpr char32_t kEmojiStyle = 0xFE0F;
constexpr char32_t kKeycap = 0x20E3;
constexpr char32_t kBlackFlag = 0x1F3F4;
constexpr char32_t kFirstTag = 0xE0020;
constexpr char32_t kLastTag = 0xE007F;  // "cancel", which ends the sequence
constexpr std::size_t kMaxTags = 6;     // "usca" and the like; CLDR's longest subdivision codes
constexpr char32_t kBrailleBlank = 0x2800;
constexpr char32_t kObjectReplacement = 0xFFFC;
constexpr int kVirama = 9;  // canonical combining class

using CodePoints = std::vector<char32_t>;

bool Has(char32_t character, UProperty property) {
  return u_hasBinaryProperty(static_cast<UChar32>(character), property);
}

bool IsKeycapBase(char32_t character) {
  return (character >= U'0' && character <= U'9') || character == U'#' || character == U'*';
}

bool IsMark(char32_t character) {
  return (U_GET_GC_MASK(static_cast<UChar32>(character)) & U_GC_M_MASK) != 0;
}

// Nothing when `utf8` is not valid: no overlong forms, no surrogates, nothing above U+10FFFF.
std::optional<CodePoints> Decode(std::string_view utf8) {
  CodePoints out;
  out.reserve(utf8.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  const auto size = static_cast<std::int64_t>(utf8.size());
  for (std::int64_t i = 0; i < size;) {
    UChar32 character = 0;
    U8_NEXT(bytes, i, size, character);
    if (character < 0) return std::nullopt;
    out.push_back(static_cast<char32_t>(character));
  }
  return out;
}

std::string Encode(const CodePoints& text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t character : text) {
    std::uint8_t buffer[4];
    int length = 0;
    U8_APPEND_UNSAFE(buffer, length, character);
    out.append(reinterpret_cast<const char*>(buffer), length);
  }
  return out;
}

std::optional<CodePoints> Normalise(const CodePoints& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::nullopt;
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF32(
      reinterpret_cast<const UChar32*>(text.data()), static_cast<std::int32_t>(text.size()));
  if (nfc->isNormalized(wide, status) && U_SUCCESS(status)) return text;
  const icu::UnicodeString composed = nfc->normalize(wide, status);
  if (U_FAILURE(status)) return std::nullopt;
  CodePoints out(composed.countChar32());
  composed.toUTF32(reinterpret_cast<UChar32*>(out.data()), static_cast<std::int32_t>(out.size()),
                   status);
  return out;
}

// RFC 5892, appendix A.1 and A.2: a joiner after a virama, or a non-joiner between letters that
// would otherwise join.
bool JoinsLetters(const CodePoints& text, std::size_t at) {
  if (at == 0) return false;
  if (u_getCombiningClass(static_cast<UChar32>(text[at - 1])) == kVirama) return true;
  if (text[at] != kZeroWidthNonJoiner) return false;
  const auto joining = [](char32_t character) {
    return u_getIntPropertyValue(static_cast<UChar32>(character), UCHAR_JOINING_TYPE);
  };
  std::size_t before = at;
  while (before > 0 && joining(text[before - 1]) == U_JT_TRANSPARENT &&
         text[before - 1] != kZeroWidthNonJoiner)
    --before;
  if (before == 0) return false;
  const int left = joining(text[before - 1]);
  std::size_t after = at + 1;
  while (after < text.size() && joining(text[after]) == U_JT_TRANSPARENT &&
         text[after] != kZeroWidthNonJoiner)
    ++after;
  if (after == text.size()) return false;
  const int right = joining(text[after]);
  return (left == U_JT_LEFT_JOINING || left == U_JT_DUAL_JOINING) &&
         (right == U_JT_RIGHT_JOINING || right == U_JT_DUAL_JOINING);
}

// A joiner between two pictures, counting a picture's skin tone and style as part of it.
bool JoinsPictures(const CodePoints& text, std::size_t at) {
  if (text[at] != kZeroWidthJoiner || at == 0 || at + 1 == text.size()) return false;
  std::size_t before = at - 1;
  while (before > 0 && (text[before] == kEmojiStyle || Has(text[before], UCHAR_EMOJI_MODIFIER)))
    --before;
  return Has(text[before], UCHAR_EXTENDED_PICTOGRAPHIC) &&
         Has(text[at + 1], UCHAR_EXTENDED_PICTOGRAPHIC);
}

bool StylesPicture(const CodePoints& text, std::size_t at) {
  if (at == 0) return false;
  if (IsKeycapBase(text[at - 1])) {
    return text[at] == kEmojiStyle && at + 1 < text.size() && text[at + 1] == kKeycap;
  }
  return Has(text[at - 1], UCHAR_EMOJI);
}

// The number of tags that follow the black flag at `at`, 0 when they name no subdivision.
std::size_t TagsOfFlag(const CodePoints& text, std::size_t at) {
  std::size_t count = 0;
  while (at + 1 + count < text.size()) {
    const char32_t tag = text[at + 1 + count];
    if (tag == kLastTag) return count >= 3 ? count + 1 : 0;
    const char32_t letter = tag - 0xE0000;
    if (tag < kFirstTag || tag > kLastTag || count == kMaxTags) return 0;
    if (!((letter >= U'a' && letter <= U'z') || (letter >= U'0' && letter <= U'9'))) return 0;
    ++count;
  }
  return 0;
}

enum class Refusal { kControl, kDirection, kInvisible };

std::optional<Refusal> RefusalOf(char32_t character) {
  switch (u_charType(static_cast<UChar32>(character))) {
    case U_CONTROL_CHAR:
      return Refusal::kControl;
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
      return Refusal::kInvisible;
    case U_UNASSIGNED:
      // Pictures newer than this library stand in blocks that are reserved for them.
      return Has(character, UCHAR_EXTENDED_PICTOGRAPHIC) ? std::nullopt
                                                         : std::optional(Refusal::kInvisible);
    default:
      break;
  }
  if (Has(character, UCHAR_BIDI_CONTROL)) return Refusal::kDirection;
  // The signs of number and year in Arabic are format characters that everybody sees.
  const bool is_format = u_charType(static_cast<UChar32>(character)) == U_FORMAT_CHAR &&
                         !Has(character, UCHAR_PREPENDED_CONCATENATION_MARK);
  if (is_format || Has(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
      character == kBrailleBlank || character == kObjectReplacement) {
    return Refusal::kInvisible;
  }
  return std::nullopt;
}

std::optional<Refusal> FindRefusal(const CodePoints& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t character = text[i];
    if (character >= 0x20 && character < 0x7F) continue;
    if (Has(character, UCHAR_WHITE_SPACE)) continue;
    if (character == kBlackFlag) {
      i += TagsOfFlag(text, i);
      continue;
    }
    const std::optional<Refusal> refusal = RefusalOf(character);
    if (!refusal.has_value()) continue;
    const bool is_joiner = character == kZeroWidthJoiner || character == kZeroWidthNonJoiner;
    if (is_joiner && (JoinsLetters(text, i) || JoinsPictures(text, i))) continue;
    if ((character == kEmojiStyle || character == kTextStyle) && StylesPicture(text, i)) continue;
    return refusal;
  }
  return std::nullopt;
}

CodePoints OneLine(const CodePoints& text) {
  CodePoints out;
  out.reserve(text.size());
  for (const char32_t character : text) {
    if (!Has(character, UCHAR_WHITE_SPACE)) {
      out.push_back(character);
    } else if (!out.empty() && out.back() != U' ') {
      out.push_back(U' ');
    }
  }
  if (!out.empty() && out.back() == U' ') out.pop_back();
  return out;
}

bool PilesMarks(const CodePoints& text) {
  int in_a_row = 0;
  for (const char32_t character : text) {
    in_a_row = IsMark(character) ? in_a_row + 1 : 0;
    if (in_a_row > kMaxMarksInARow) return true;
  }
  return false;
}

tl::unexpected<Error> Refuse(std::string sentence) {
  return Fail(ErrorCode::kInvalidText, std::move(sentence));
}

}  // namespace

Result<std::string> CleanCommentText(std::string_view raw, const ProfanityFilter& filter) {
  const std::optional<CodePoints> decoded = Decode(raw);
  if (!decoded.has_value()) return Refuse("Comment text must be valid UTF-8");
  const std::optional<CodePoints> composed = Normalise(*decoded);
  if (!composed.has_value())
    return Refuse("Comment text could not be read; please write it differently");
  if (const std::optional<Refusal> refusal = FindRefusal(*composed)) {
    switch (*refusal) {
      case Refusal::kControl:
        return Refuse("Comment text must not contain control characters");
      case Refusal::kDirection:
        return Refuse(
            "Comment text must not contain characters that change the direction of the text");
      case Refusal::kInvisible:
        return Refuse("Comment text must not contain invisible characters");
    }
  }
  const CodePoints line = OneLine(*composed);
  if (line.size() < kMinCommentCodePoints || line.size() > kMaxCommentCodePoints) {
    return Refuse("Comment text must be between 1 and 500 characters");
  }
  if (PilesMarks(line))
    return Refuse("Comment text must not pile more than 8 accents on one letter");
  std::string text = Encode(line);
  if (filter.Refuses(text)) {
    return Refuse(
        "Comment text contains a word that is not welcome here; please say it another way");
  }
  return text;
}

}  // namespace popradio
