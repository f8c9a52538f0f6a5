#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"

namespace popradio::store {

// The document's table, plus the session's own like limit and the curator's tries.
enum class LimitAction : std::uint8_t {
  kApi,
  kLike,
  kUnlike,
  kComment,
  kPlay,
  kSessionLike,
  kAdminTry
};
inline constexpr std::size_t kLimitActions = 7;

// Requests per rolling window; 0 = no limit. Index by LimitAction.
struct LimitTable {
  std::array<int, kLimitActions> per_window = {1000, 100, 100, 30, 1000, 200, 10};
  int limit(LimitAction action) const { return per_window[static_cast<std::size_t>(action)]; }
};
// Sixty buckets and the current one. One hour in buckets of a minute; the curator's tries are
// counted per minute in buckets of a second.
inline constexpr int kLimitBuckets = 60;
constexpr int BucketSeconds(LimitAction action) {
  return action == LimitAction::kAdminTry ? 1 : 60;
}
constexpr int WindowSeconds(LimitAction action) { return kLimitBuckets * BucketSeconds(action); }
// "api", "like", …: in the RateLimit headers and in the store.
const char* Name(LimitAction action);

// Who is counted: an address (IPv4, or an IPv6 /64, as 16 bytes) or a session.
struct LimitSubject {
  enum class Kind : std::uint8_t { kAddress, kSession };
  Kind kind = Kind::kAddress;
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const LimitSubject&) const = default;
};

struct Charge {
  LimitAction action;
  LimitSubject subject;
};

// What was decided, told by the charge that leaves least (or that refused).
struct LimitDecision {
  bool allowed = true;
  LimitAction action = LimitAction::kApi;
  int limit = 0;  // 0: nothing was limited
  int remaining = 0;
  int retry_after_s = 0;  // when refused: seconds until one more really passes, 1 to 3,660
  int reset_s = 0;        // seconds until the oldest counted minute leaves the window
};

// Rolling windows: never more than the limit in any sixty minutes, exactly the limit in a burst.
// The window is the current bucket and the sixty before it. Thread-safe. Counts survive a restart.
class RateLimitStore {
 public:
  virtual ~RateLimitStore() = default;

  // Takes one from every charge, or none when one of them refuses. No value: it cannot be decided
  // without waiting; then await Take(). The embedded store always decides.
  virtual std::optional<LimitDecision> TakeNow(std::span<const Charge> charges) = 0;
  virtual Task<Result<LimitDecision>> Take(std::span<const Charge> charges) = 0;
  // Gives back what a request took that was refused afterwards (409, 404, 503). Never waits.
  virtual void Refund(std::span<const Charge> charges) = 0;
};

}  // namespace popradio::store
