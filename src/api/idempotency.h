#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "http/request.h"
#include "store/engagement_store.h"

namespace popradio::api {

// The Idempotency-Key of a request: 1 to kMaxIdempotencyKeyBytes visible ASCII characters, else
// kInvalidParameter; nothing when the header is not there.
inline Result<std::optional<std::string>> ReadIdempotencyKey(const http::Request& request) {
  if (!request.HasHeader("Idempotency-Key")) return std::optional<std::string>();
  const std::string_view key = request.Header("Idempotency-Key");
  bool fits = !key.empty() && key.size() <= store::kMaxIdempotencyKeyBytes;
  for (const char c : key) fits = fits && c > ' ' && c < '\x7f';
  if (!fits) {
    return Fail(ErrorCode::kInvalidParameter, "Idempotency-Key must be 1 to " +
                                                  std::to_string(store::kMaxIdempotencyKeyBytes) +
                                                  " visible ASCII characters");
  }
  return std::optional<std::string>(key);
}

}  // namespace popradio::api
