#include "http/query.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace popradio::http {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Decodes into `out`, which has room for text.size() bytes. The number of bytes written, or nothing
// for a bad escape or NUL.
std::optional<std::size_t> DecodeInto(std::string_view text, char* out, bool plus_is_blank) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexValue(text[i + 1]), low = HexValue(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    out[size++] = c;
  }
  return size;
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = p + text.size();
  while (p != end) {
    const unsigned char lead = *p++;
    if (lead < 0x80) continue;
    int more = 0;
    std::uint32_t code = 0, least = 0;
    if (lead >= 0xc2 && lead <= 0xdf) {
      more = 1, code = lead & 0x1fu, least = 0x80;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2, code = lead & 0x0fu, least = 0x800;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3, code = lead & 0x07u, least = 0x10000;
    } else {
      return false;
    }
    for (; more > 0; --more, ++p) {
      if (p == end || (*p & 0xc0) != 0x80) return false;
      code = code << 6 | (*p & 0x3fu);
    }
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
  }
  return true;
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string out(text.size(), '\0');
  const auto size = DecodeInto(text, out.data(), false);
  if (!size) return std::nullopt;
  out.resize(*size);
  if (!IsValidUtf8(out)) return std::nullopt;
  return out;
}

Result<Query> Query::Parse(std::string_view raw) {
  const auto malformed = [] {
    return Fail(
        ErrorCode::kInvalidParameter,
        "The query string is malformed: use UTF-8 with % followed by two hexadecimal digits");
  };
  Query query;
  std::size_t used = 0;
  if (raw.find_first_of("%+") != std::string_view::npos) {
    query.decoded_ = std::make_unique_for_overwrite<char[]>(raw.size());
  }
  // The decoded text, or a view of the raw one where that is the same.
  const auto decode = [&](std::string_view text) -> std::optional<std::string_view> {
    if (text.find_first_of(std::string_view("%+\0", 3)) == std::string_view::npos) {
      return IsValidUtf8(text) ? std::optional(text) : std::nullopt;
    }
    if (!query.decoded_) return std::nullopt;  // a raw NUL
    char* const out = query.decoded_.get() + used;
    const auto size = DecodeInto(text, out, true);
    if (!size || !IsValidUtf8({out, *size})) return std::nullopt;
    used += *size;
    return std::string_view(out, *size);
  };
  while (!raw.empty()) {
    const std::size_t end = std::min(raw.find('&'), raw.size());
    const std::string_view piece = raw.substr(0, end);
    raw.remove_prefix(std::min(end + 1, raw.size()));
    if (piece.empty()) continue;
    if (query.count_ == kMaxQueryParameters) {
      return Fail(ErrorCode::kInvalidParameter, "The query string has too many parameters");
    }
    const std::size_t equals = piece.find('=');
    const auto name = decode(piece.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::optional(std::string_view())
                                                        : decode(piece.substr(equals + 1));
    if (!name || !value) return malformed();
    query.parameters_[query.count_++] = {*name, *value};
  }
  return query;
}

Result<std::optional<std::string_view>> Query::Get(std::string_view name) const {
  std::optional<std::string_view> found;
  for (std::size_t i = 0; i < count_; ++i) {
    if (parameters_[i].name != name) continue;
    if (found) {
      return Fail(ErrorCode::kInvalidParameter,
                  "The parameter \"" + std::string(name) + "\" is given twice");
    }
    found = parameters_[i].value;
  }
  return found;
}

}  // namespace popradio::http
