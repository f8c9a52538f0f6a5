#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "domain/catalogue.h"
#include "http/query.h"

namespace popradio::api {

inline constexpr std::int64_t kDefaultLimit = 20;
inline constexpr std::int64_t kMaxLimit = 100;
// What a longer run of digits is read as; pages that far do not exist.
inline constexpr std::int64_t kHugeNumber = 1'000'000'000'000'000;
inline constexpr std::size_t kMaxCursorBytes = 256;

// Where an entry stands in a sorted list: the larger key comes first. Keys of one list differ, as
// ids do.
struct SortKey {
  std::int64_t first = 0;   // what the list is sorted by, 0 for a list by age
  std::int64_t second = 0;  // and then by
  std::int64_t created_ms = 0;
  ObjectId id;
  auto operator<=>(const SortKey&) const = default;
};

// The last entry of a page, as the client hands it back. `list` tells the lists apart, so that a
// cursor of one is refused by another.
struct Cursor {
  char list = 0;
  std::uint32_t page = 0;  // of the page that it ends
  SortKey key;
  bool operator==(const Cursor&) const = default;
};
std::string EncodeCursor(const Cursor& cursor);  // hexadecimal digits
std::optional<Cursor> DecodeCursor(std::string_view text);

// `page`, `limit` and `cursor` of a query. kInvalidParameter names the one that does not fit.
struct PageRequest {
  std::int64_t page = 1;
  std::int64_t limit = kDefaultLimit;
  std::optional<Cursor> cursor;
};
Result<PageRequest> ReadPageRequest(const http::Query& query, char list);

// A whole number from `least` on; any run of digits is one, kHugeNumber at most.
Result<std::int64_t> ReadCount(const http::Query& query, std::string_view name,
                               std::int64_t otherwise, std::int64_t least = 1);
// Only the limit, 1 to kMaxLimit: for lists without pages.
Result<std::int64_t> ReadLimit(const http::Query& query);
// "true" or "false".
Result<std::optional<bool>> ReadFlag(const http::Query& query, std::string_view name);

// A page of a sorted list.
struct Page {
  std::size_t begin = 0, end = 0;
  std::int64_t number = 1;
  std::int64_t limit = kDefaultLimit;
  std::size_t total = 0;
  std::optional<Cursor> next;
};
// `list` is sorted by `key_of`, larger keys first.
Page Cut(const std::vector<Catalogue::Index>& list, const PageRequest& request, char list_name,
         const std::function<SortKey(Catalogue::Index)>& key_of);

// "pagination":{…} with `total_name` "totalSongs" or "totalPlaylists".
void AppendPagination(std::string& out, const Page& page, std::string_view total_name);

}  // namespace popradio::api
