#include "base/json_text.h"

#include <charconv>

namespace popradio {
namespace {

// Length of the valid UTF-8 sequence at `pos` (RFC 3629: no surrogates, no overlong forms), or 0.
std::size_t Utf8Length(std::string_view s, std::size_t pos) {
  const auto at = [&](std::size_t i) -> unsigned {
    return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  const unsigned c = at(pos), next = at(pos + 1);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return tail(pos + 1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!tail(pos + 1) || !tail(pos + 2)) return 0;
    if ((c == 0xE0 && next < 0xA0) || (c == 0xED && next > 0x9F)) return 0;
    return 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!tail(pos + 1) || !tail(pos + 2) || !tail(pos + 3)) return 0;
    if ((c == 0xF0 && next < 0x90) || (c == 0xF4 && next > 0x8F)) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t copied = 0;
  const auto flush = [&](std::size_t end) { out.append(text, copied, end - copied); };
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '<') {
      ++i;
      continue;
    }
    if (c >= 0x80) {
      const std::size_t length = Utf8Length(text, i);
      if (length != 0) {
        i += length;
        continue;
      }
      flush(i);
      out.append("\xEF\xBF\xBD");
    } else {
      flush(i);
      switch (c) {
        case '"':
          out.append("\\\"");
          break;
        case '\\':
          out.append("\\\\");
          break;
        case '\n':
          out.append("\\n");
          break;
        case '\r':
          out.append("\\r");
          break;
        case '\t':
          out.append("\\t");
          break;
        default:
          out.append("\\u00");
          out += kHex[c >> 4];
          out += kHex[c & 15];
      }
    }
    copied = ++i;
  }
  flush(text.size());
  out += '"';
}

void AppendInt(std::string& out, std::int64_t value) {
  char buffer[20];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, end);
}

}  // namespace popradio
