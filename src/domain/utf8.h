#pragma once

#include <unicode/utf8.h>

#include <cstdint>
#include <string_view>

// ICU's code points of UTF-8 text, one after another; texts are shorter than 2 GiB.
namespace popradio {

// ICU's macros narrow on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
// The code point at byte `i`, which moves behind it; negative for bytes that are none.
inline UChar32 NextCodePoint(std::string_view text, std::int32_t& i) {
  UChar32 c;
  U8_NEXT(text.data(), i, static_cast<std::int32_t>(text.size()), c);
  return c;
}
// The one before byte `i`, which moves to its first; `i` is over 0.
inline UChar32 PreviousCodePoint(std::string_view text, std::int32_t& i) {
  UChar32 c;
  U8_PREV(text.data(), 0, i, c);
  return c;
}
#pragma GCC diagnostic pop

}  // namespace popradio
