#include "api/paging.h"

#include <algorithm>
#include <cstring>

#include "base/json_text.h"

namespace popradio::api {
namespace {

constexpr std::size_t kCursorBytes = 1 + 4 + 8 + 8 + 8 + ObjectId::kBytes;
constexpr char kHex[] = "0123456789abcdef";

void PutNumber(std::string& out, std::uint64_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kHex[(value >> shift) & 15];
}

// Takes `digits` from the front; nothing when one is no lower-case hexadecimal digit.
std::optional<std::uint64_t> TakeNumber(std::string_view& text, std::size_t digits) {
  std::uint64_t value = 0;
  for (const char c : text.substr(0, digits)) {
    const char* at = c == '\0' ? nullptr : std::strchr(kHex, c);
    if (at == nullptr) return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(at - kHex);
  }
  text.remove_prefix(digits);
  return value;
}

Error Unfit(std::string_view name, std::string_view rule) {
  return {ErrorCode::kInvalidParameter, std::string(name).append(" must be ").append(rule)};
}

}  // namespace

std::string EncodeCursor(const Cursor& cursor) {
  std::string out;
  out.reserve(2 * kCursorBytes);
  PutNumber(out, static_cast<unsigned char>(cursor.list), 2);
  PutNumber(out, cursor.page, 8);
  PutNumber(out, static_cast<std::uint64_t>(cursor.key.first), 16);
  PutNumber(out, static_cast<std::uint64_t>(cursor.key.second), 16);
  PutNumber(out, static_cast<std::uint64_t>(cursor.key.created_ms), 16);
  return out + cursor.key.id.ToHex();
}

std::optional<Cursor> DecodeCursor(std::string_view text) {
  if (text.size() != 2 * kCursorBytes) return std::nullopt;
  const auto list = TakeNumber(text, 2), page = TakeNumber(text, 8), first = TakeNumber(text, 16),
             second = TakeNumber(text, 16), created = TakeNumber(text, 16);
  const auto id = ObjectId::Parse(text);
  if (!list || !page || !first || !second || !created || !id) return std::nullopt;
  return Cursor{static_cast<char>(*list), static_cast<std::uint32_t>(*page),
                SortKey{static_cast<std::int64_t>(*first), static_cast<std::int64_t>(*second),
                        static_cast<std::int64_t>(*created), *id}};
}

Result<std::int64_t> ReadCount(const http::Query& query, std::string_view name,
                               std::int64_t otherwise, std::int64_t least) {
  const auto given = query.Get(name);
  if (!given) return Fail(given.error());
  if (!*given) return otherwise;
  const auto unfit = [&] {
    return Fail(Unfit(name, "a whole number from " + std::to_string(least) + " on"));
  };
  const std::string_view digits = **given;
  if (digits.empty()) return unfit();
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return unfit();
    value = std::min(value * 10 + (c - '0'), kHugeNumber);
  }
  if (value < least) return unfit();
  return value;
}

Result<std::int64_t> ReadLimit(const http::Query& query) {
  return ReadCount(query, "limit", kDefaultLimit).map([](std::int64_t n) {
    return std::min(n, kMaxLimit);
  });
}

Result<std::optional<bool>> ReadFlag(const http::Query& query, std::string_view name) {
  const auto given = query.Get(name);
  if (!given) return Fail(given.error());
  if (!*given) return std::optional<bool>();
  if (**given == "true") return std::optional<bool>(true);
  if (**given == "false") return std::optional<bool>(false);
  return Fail(Unfit(name, "true or false"));
}

Result<PageRequest> ReadPageRequest(const http::Query& query, char list) {
  PageRequest request;
  const auto limit = ReadLimit(query);
  if (!limit) return Fail(limit.error());
  request.limit = *limit;
  const auto page = ReadCount(query, "page", 1);
  if (!page) return Fail(page.error());
  request.page = *page;
  const auto text = query.Get("cursor");
  if (!text) return Fail(text.error());
  if (*text) {
    request.cursor = DecodeCursor(**text);
    if (!request.cursor || request.cursor->list != list) {
      return Fail(Unfit("cursor", "the nextCursor of an earlier answer to the same list"));
    }
  }
  return request;
}

Page Cut(const std::vector<Catalogue::Index>& list, const PageRequest& request, char list_name,
         const std::function<SortKey(Catalogue::Index)>& key_of) {
  Page page;
  page.limit = request.limit;
  page.total = list.size();
  const auto limit = static_cast<std::size_t>(request.limit);
  if (request.cursor) {
    // By key, not by position: what came or went before it does not move the next page.
    const auto after = std::partition_point(list.begin(), list.end(), [&](Catalogue::Index i) {
      return key_of(i) >= request.cursor->key;
    });
    page.begin = static_cast<std::size_t>(after - list.begin());
    page.number = std::int64_t{request.cursor->page} + 1;
  } else {
    page.number = request.page;
    page.begin = request.page - 1 > static_cast<std::int64_t>(list.size())
                     ? list.size()
                     : std::min(list.size(), static_cast<std::size_t>(request.page - 1) * limit);
  }
  page.end = std::min(list.size(), page.begin + limit);
  if (page.end < list.size()) {
    page.next =
        Cursor{list_name, static_cast<std::uint32_t>(page.number), key_of(list[page.end - 1])};
  }
  return page;
}

void AppendPagination(std::string& out, const Page& page, std::string_view total_name) {
  const auto limit = static_cast<std::size_t>(page.limit);
  out.append(R"("pagination":{"currentPage":)");
  AppendInt(out, page.number);
  out.append(R"(,"totalPages":)");
  AppendInt(out, static_cast<std::int64_t>((page.total + limit - 1) / limit));
  out.append(",\"").append(total_name).append("\":");
  AppendInt(out, static_cast<std::int64_t>(page.total));
  out.append(R"(,"hasNext":)");
  AppendBool(out, page.next.has_value());
  out.append(R"(,"hasPrev":)");
  AppendBool(out, page.begin > 0);
  out.append(R"(,"limit":)");
  AppendInt(out, page.limit);
  out.append(R"(,"nextCursor":)");
  if (page.next) {
    AppendJsonString(out, EncodeCursor(*page.next));
  } else {
    out.append("null");
  }
  out += '}';
}

}  // namespace popradio::api
