#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace popradio::http {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

enum class RangeKind {
  kWhole,          // no range, several ranges, another unit, or malformed: 200 with everything
  kPart,           // 206
  kUnsatisfiable,  // 416
};

// Reads "bytes=0-99", "bytes=100-", "bytes=-500" against a file of `size` bytes.
RangeKind ParseRange(std::string_view value, std::uint64_t size, ByteRange& range);

// An open file and what is known of it.
struct ServableFile {
  FileHandle file;
  std::uint64_t size = 0;
  std::string etag;  // quoted, strong
  std::optional<std::chrono::sys_seconds> last_modified;
  std::string_view content_type;  // on static storage
};

// Fills in 200, 206, 304, 412 or 416 for a GET or HEAD of that file, with Accept-Ranges, ETag,
// Last-Modified and Content-Range; If-Range is honoured. Cache headers are the caller's.
void ServeFile(ServableFile file, const Request& request, Response& response);

// The etag of a file by its size, time of change (nanoseconds) and inode: a changed file changes
// its tag.
std::string FileEtag(std::uint64_t size, std::int64_t mtime_ns, std::uint64_t inode);

}  // namespace popradio::http
