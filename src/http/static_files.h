#pragma once

#include <span>
#include <string_view>
#include <unordered_map>

#include "http/request.h"
#include "http/response.h"

namespace popradio::http {

// One file that is part of the program. All views are on static storage.
struct StaticFile {
  std::string_view path;          // "/assets/index-4f2a.js"
  std::string_view content_type;  // "text/javascript; charset=utf-8"
  std::string_view etag;          // quoted, strong, of the identity bytes
  std::string_view identity;
  std::string_view gzip;    // empty: not worth it
  std::string_view brotli;  // empty: not worth it
  bool immutable = false;   // the name carries a hash: cache for a year
};

// The table of static files, made once at start. A request path is only ever looked up in it: no
// path from outside reaches open(). Safe on any thread.
class StaticFiles {
 public:
  StaticFiles() = default;
  // `files` must live as long as this. Of two entries of one path the first counts.
  explicit StaticFiles(std::span<const StaticFile> files);
  // Nothing if there is no such file. `path` is compared as it is: no decoding, no index pages.
  const StaticFile* Find(std::string_view path) const;
  std::size_t size() const { return by_path_.size(); }

 private:
  std::unordered_map<std::string_view, const StaticFile*> by_path_;
};

// Fills in 200 or 304 (or 412) for a GET or HEAD, 405 with Allow for anything else: content coding
// by Accept-Encoding, ETag, Vary, and Cache-Control of a year (immutable) or no-cache (ask again,
// cheap by its ETag).
void ServeStatic(const StaticFile& file, const Request& request, Response& response);

}  // namespace popradio::http
