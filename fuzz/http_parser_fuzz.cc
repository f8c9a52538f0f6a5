// Whatever bytes come: no fault, and the same answer however they are cut into packets.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "http/parser.h"

namespace {

using popradio::http::Request;
using popradio::http::RequestParser;
using Outcome = RequestParser::Outcome;

constexpr std::uint64_t kMaxBody = 4096;
constexpr int kMaxRequests = 16;

struct Seen {
  Outcome outcome = Outcome::kNeedMore;
  int status = 0;
  std::size_t used = 0;
  std::string text;  // what the requests said, one after the other
};

void Require(bool condition) {
  if (!condition) std::abort();
}

bool Within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Reads requests until the bytes end or one is refused. Of the bytes, `step` more are shown at a
// time, each time in a buffer of exactly that size, so that reading beyond is a fault.
Seen ReadAll(std::string_view bytes, std::size_t step) {
  Seen seen;
  RequestParser parser;
  auto request = std::make_unique<Request>();
  std::size_t begin = 0, shown = 0, body_at = 0;
  bool head_done = false;
  std::string body;
  int requests = 0;
  std::unique_ptr<char[]> buffer;
  for (;;) {
    const std::size_t size = shown - begin;
    buffer.reset(new char[size]);
    std::memcpy(buffer.get(), bytes.data() + begin, size);
    const std::string_view view(buffer.get(), size);
    Outcome outcome = Outcome::kDone;
    if (!head_done) {
      outcome = parser.ParseHead(view, *request);
      if (outcome == Outcome::kDone) {
        head_done = true;
        body_at = parser.head_size();
        // A path of "/" may be ours: "http://host" has none.
        Require(body_at <= size && Within(request->target, view) &&
                (request->path == "/" || Within(request->path, view)));
        Require(request->path.front() == '/' || request->path == "*");
        for (const auto& field : request->headers()) {
          Require(Within(field.name, view) && Within(field.value, view));
        }
        for (const std::string_view part :
             {request->method_name, request->path, request->query, request->host}) {
          seen.text.append(part).append("\n");
        }
      }
    }
    if (head_done && outcome == Outcome::kDone) {
      if (parser.chunked()) {
        std::size_t consumed = 0;
        outcome = parser.DecodeChunks(view.substr(body_at), kMaxBody, body, consumed);
        Require(consumed <= view.size() - body_at && body.size() <= kMaxBody);
        body_at += consumed;
      } else if (parser.content_length() > size - body_at) {
        outcome = Outcome::kNeedMore;
      } else {
        body = view.substr(body_at, static_cast<std::size_t>(parser.content_length()));
        body_at += body.size();
      }
    }
    if (outcome == Outcome::kError) {
      seen.outcome = outcome;
      seen.status = parser.error().status;
      Require(seen.status >= 400 && seen.status < 600 && !parser.error().sentence.empty());
      return seen;
    }
    if (outcome == Outcome::kDone) {
      seen.text.append(body).append("\n");
      begin += body_at;
      seen.used = begin;
      head_done = false;
      body.clear();
      parser.Reset();
      if (++requests == kMaxRequests) return seen;
      if (begin < shown) continue;
    }
    if (shown == bytes.size()) return seen;
    shown += std::min(step, bytes.size() - shown);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 40'000) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Seen whole = ReadAll(bytes, bytes.size() + 1);
  // Byte by byte is quadratic: long inputs are cut more coarsely.
  const std::size_t step = 1 + data[0] % 7 + bytes.size() / 512;
  const Seen cut = ReadAll(bytes, step);
  Require(whole.outcome == cut.outcome && whole.status == cut.status && whole.used == cut.used &&
          whole.text == cut.text);
  return 0;
}
