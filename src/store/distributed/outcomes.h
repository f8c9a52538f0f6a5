#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/distributed/redis/outcome.h"

// What the Redis stores ask of an outcome.
namespace popradio::store::distributed {

inline bool Good(const redis::Outcome& outcome) { return outcome && !outcome->is_error(); }
// The server has not seen the script since it started; nothing was executed.
inline bool IsNoScript(const redis::Outcome& outcome) {
  return outcome && outcome->is_error() && outcome->text().starts_with("NOSCRIPT");
}
// Of an outcome that is not good: for the log and for workers, not for listeners.
inline Error WhyNot(const redis::Outcome& outcome) {
  if (!outcome) return redis::ToError(outcome.error());
  return Error(ErrorCode::kUnavailable, "Redis answered: " + std::string(outcome->text()), 1);
}
// 0 for what is no number.
inline std::int64_t NumberOf(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}
inline std::int64_t NumberOf(const redis::Reply& reply) {
  return reply.is_integer() ? reply.integer() : NumberOf(reply.text());
}

}  // namespace popradio::store::distributed
