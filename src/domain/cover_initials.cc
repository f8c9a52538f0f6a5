#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <string>
#include <vector>

#include "domain/cover.h"

namespace popradio {
namespace {

bool IsWide(char32_t character) {
  const int width = u_getIntPropertyValue(static_cast<UChar32>(character), UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH;
}

std::string ToUtf8(UChar32 character) {
  std::string out;
  icu::UnicodeString(character).toUpper().toUTF8String(out);
  return out;
}

}  // namespace

std::string CoverInitials(std::string_view title) {
  struct Part {
    UChar32 first = 0;
    UChar32 second = 0;  // only of numbers
    std::string lower;   // its ASCII letters, to know articles by
  };
  std::vector<Part> parts;
  bool in_word = false;
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString composed = icu::UnicodeString::fromUTF8(
      icu::StringPiece(title.data(), static_cast<std::int32_t>(title.size())));
  if (const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status); U_SUCCESS(status))
    composed = nfc->normalize(composed, status);
  for (int i = 0; i < composed.length(); i = composed.moveIndex32(i, 1)) {
    const UChar32 character = composed.char32At(i);
    const bool counts = u_isalnum(character);
    // An apostrophe and a mark stay within the word: "Don't" is one.
    if (!counts) {
      if (character != '\'' && character != 0x2019 && (U_GET_GC_MASK(character) & U_GC_M_MASK) == 0)
        in_word = false;
      continue;
    }
    if (!in_word) {
      parts.push_back({character, 0, {}});
      in_word = true;
    } else if (parts.back().second == 0 && u_isdigit(parts.back().first) && u_isdigit(character)) {
      parts.back().second = character;
    }
    if (character < 0x80) parts.back().lower += static_cast<char>(u_tolower(character));
  }
  std::erase_if(parts, [&parts](const Part& part) {
    return parts.size() > 1 && (part.lower == "the" || part.lower == "a" || part.lower == "an" ||
                                part.lower == "of" || part.lower == "and");
  });
  if (parts.empty()) return {};
  const Part& first = parts.front();
  if (first.second != 0) return ToUtf8(first.first) + ToUtf8(first.second);
  std::string initials = ToUtf8(first.first);
  // Two characters as wide as they are high would not fit on the candy.
  if (parts.size() > 1 && !IsWide(static_cast<char32_t>(first.first)) &&
      !IsWide(static_cast<char32_t>(parts[1].first))) {
    initials += ToUtf8(parts[1].first);
  }
  return initials;
}

}  // namespace popradio
