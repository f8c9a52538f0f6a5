#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace popradio {

// Writing JSON straight into a string, for the answers that are spliced together on the request
// path. Reading is Boost.JSON's work.

// Appends `text` as a JSON string with its quotes. Bytes that are not valid UTF-8 become U+FFFD, so
// that an answer is always valid JSON. "<" is escaped: the text may be placed in a page.
void AppendJsonString(std::string& out, std::string_view text);

void AppendInt(std::string& out, std::int64_t value);
inline void AppendBool(std::string& out, bool value) { out.append(value ? "true" : "false"); }

}  // namespace popradio
