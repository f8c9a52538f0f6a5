#include "http/static_files.h"

#include "http/compress.h"
#include "http/conditional.h"

namespace popradio::http {
namespace {

constexpr std::string_view kImmutable = "public, max-age=31536000, immutable";
constexpr std::string_view kRevalidate = "no-cache";

// The tag of one coding of a file: "abc" → "abc-gzip", as each coding is other bytes.
std::string CodingTag(std::string_view etag, Encoding encoding) {
  std::string tag(etag);
  if (encoding == Encoding::kIdentity || tag.empty()) return tag;
  tag.insert(tag.size() - 1, "-" + std::string(EncodingName(encoding)));
  return tag;
}

}  // namespace

StaticFiles::StaticFiles(std::span<const StaticFile> files) {
  by_path_.reserve(files.size());
  for (const StaticFile& file : files) by_path_.emplace(file.path, &file);
}

const StaticFile* StaticFiles::Find(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second;
}

void ServeStatic(const StaticFile& file, const Request& request, Response& response) {
  if (request.method != Method::kGet && request.method != Method::kHead) {
    response.status = 405;
    response.AddHeader("Allow", "GET, HEAD");
    return;
  }
  const Encoding encoding = NegotiateEncoding(request.Header("accept-encoding"), !file.gzip.empty(),
                                              !file.brotli.empty());
  const std::string etag = CodingTag(file.etag, encoding);
  response.AddHeader("ETag", etag);
  response.AddHeader("Cache-Control", file.immutable ? kImmutable : kRevalidate);
  response.AddHeader("Vary", "Accept-Encoding");
  if (SettledByConditions(request, response, etag)) return;
  response.content_type = file.content_type;
  switch (encoding) {
    case Encoding::kIdentity:
      response.SetStatic(file.identity);
      break;
    case Encoding::kGzip:
      response.SetStatic(file.gzip);
      break;
    case Encoding::kBrotli:
      response.SetStatic(file.brotli);
      break;
  }
  if (encoding != Encoding::kIdentity)
    response.AddHeader("Content-Encoding", EncodingName(encoding));
}

}  // namespace popradio::http
