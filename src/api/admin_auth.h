#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/task.h"

namespace popradio::api {

struct Station;
struct Call;

// The curator's bearer token. Only its digest is kept, and digests are compared in constant time,
// so that neither content nor length of the token shows in how long a refusal takes.
class AdminAuth {
 public:
  explicit AdminAuth(std::string_view token);

  // Whether `authorization`, the whole header field, carries the token.
  bool Accepts(std::string_view authorization) const;

  // Lets the request through or refuses it. Wrong tokens count: after LimitAction::kAdminTry of
  // them in a minute an address is asked to wait, even with the right one.
  Task<Result<void>> Check(Station& station, Call& call) const;

 private:
  using Digest = std::array<std::uint8_t, 32>;
  static Digest DigestOf(std::string_view text);
  Digest token_;
};

}  // namespace popradio::api
