#pragma once

#include <cstdint>
#include <string_view>

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"

namespace popradio::http {

// How much body a request may carry; more is 413. Zero: none at all.
struct BodyRule {
  std::uint64_t max_bytes = kDefaultMaxBody;
};

// The application behind a Server. One instance serves all I/O threads at once, so what it changes
// must be safe for that. Each call runs on the I/O thread of its connection and must not block it.
class Handler {
 public:
  virtual ~Handler() = default;

  // Decided from the head, before the body is read; `head.body` is empty. Only asked for requests
  // that announce a body.
  virtual BodyRule BodyLimitFor(const Request& head) {
    (void)head;
    return {};
  }

  // Answers `request` in `response`, which arrives cleared (status 200). An exception becomes 500
  // and a log line with the request id. The coroutine may wait for whatever it likes; it must end
  // on the executor it began on, which co_await sees to by itself.
  virtual Task<void> Handle(Request& request, Response& response) = 0;

  // Fills in the answer to a request that never reached Handle, or whose Handle threw: `status` is
  // set by the caller, `code` is for programs ("body_too_large"), `sentence` for people. This base
  // version writes the sentence as plain text. Must not throw.
  virtual void RenderError(int status, std::string_view code, std::string_view sentence,
                           Response& response);
};

}  // namespace popradio::http
