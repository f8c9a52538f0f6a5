#include "http/range.h"

#include <algorithm>
#include <charconv>

#include "http/conditional.h"

namespace popradio::http {
namespace {

// Digits only, as large as they like: what does not fit is beyond every file.
std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  if (text.empty() ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc() ? value : UINT64_MAX;
}

// If-Range: the range counts only if the client's copy is of this very content.
bool RangeApplies(const ServableFile& file, const Request& request) {
  const std::string_view condition = request.Header("if-range");
  if (condition.empty()) return true;
  if (condition.ends_with('"')) return condition == file.etag && !condition.starts_with("W/");
  const auto date = ParseHttpDate(condition);
  return date && file.last_modified && *date == *file.last_modified;
}

}  // namespace

RangeKind ParseRange(std::string_view value, std::uint64_t size, ByteRange& range) {
  constexpr std::string_view kUnit = "bytes=";
  if (value.size() < kUnit.size() || !EqualsIgnoreCase(value.substr(0, kUnit.size()), kUnit)) {
    return RangeKind::kWhole;
  }
  value.remove_prefix(kUnit.size());
  const std::size_t dash = value.find('-');
  if (dash == std::string_view::npos) return RangeKind::kWhole;
  const std::string_view first_text = value.substr(0, dash), last_text = value.substr(dash + 1);
  if (first_text.empty()) {  // the last so many bytes
    const auto suffix = ParseNumber(last_text);
    if (!suffix) return RangeKind::kWhole;
    if (*suffix == 0 || size == 0) return RangeKind::kUnsatisfiable;
    range.length = std::min(*suffix, size);
    range.first = size - range.length;
    return RangeKind::kPart;
  }
  const auto first = ParseNumber(first_text);
  const auto last =
      last_text.empty() ? std::optional<std::uint64_t>(UINT64_MAX) : ParseNumber(last_text);
  if (!first || !last || *last < *first) return RangeKind::kWhole;
  if (*first >= size) return RangeKind::kUnsatisfiable;
  range.first = *first;
  range.length = std::min(*last, size - 1) - *first + 1;
  return RangeKind::kPart;
}

void ServeFile(ServableFile file, const Request& request, Response& response) {
  response.AddHeader("ETag", file.etag);
  if (file.last_modified) response.AddHeader("Last-Modified", FormatHttpDate(*file.last_modified));
  if (SettledByConditions(request, response, file.etag, file.last_modified)) return;
  response.AddHeader("Accept-Ranges", "bytes");
  ByteRange range;
  RangeKind kind = RangeKind::kWhole;
  // RFC 9110, 14.2: ranges are for GET only.
  if (request.method == Method::kGet && RangeApplies(file, request)) {
    kind = ParseRange(request.Header("range"), file.size, range);
  }
  const std::string of = "/" + std::to_string(file.size);
  switch (kind) {
    case RangeKind::kUnsatisfiable:
      response.status = 416;
      response.AddHeader("Content-Range", "bytes *" + of);
      return;
    case RangeKind::kPart:
      response.status = 206;
      response.AddHeader("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                              std::to_string(range.first + range.length - 1) + of);
      break;
    case RangeKind::kWhole:
      range = {0, file.size};
      break;
  }
  response.content_type = file.content_type;
  response.SetFile({std::move(file.file), range.first, range.length});
}

std::string FileEtag(std::uint64_t size, std::int64_t mtime_ns, std::uint64_t inode) {
  char text[64];
  char* p = text;
  *p++ = '"';
  for (const std::uint64_t part : {size, static_cast<std::uint64_t>(mtime_ns), inode}) {
    p = std::to_chars(p, text + sizeof text, part, 16).ptr;
    *p++ = '-';
  }
  p[-1] = '"';
  return {text, static_cast<std::size_t>(p - text)};
}

}  // namespace popradio::http
