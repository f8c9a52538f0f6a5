#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "base/error.h"
#include "store/distributed/redis/reply.h"

namespace popradio::redis {

enum class FailureKind : std::uint8_t {
  kNeverSent,       // no byte of it left this process: it did not happen
  kTimeout,         // no answer by the deadline
  kConnectionLost,  // it was sent, the connection ended before the answer
  kUnavailable,     // answered, but not as it must be: too few replicas, or a Cluster that is down
};

// Why a request has no reply.
struct Failure {
  FailureKind kind = FailureKind::kNeverSent;
  // False: it certainly did not happen, and repeating it is safe whatever it is.
  bool may_have_happened = false;
  std::string sentence;  // for the log; names the server, holds no secret
  bool operator==(const Failure&) const = default;
};

// How every request ends. An error that the server answers ("-ERR …") is a reply, not a failure.
using Outcome = tl::expected<Reply, Failure>;

inline tl::unexpected<Failure> Failed(FailureKind kind, bool may_have_happened,
                                      std::string sentence) {
  return tl::unexpected<Failure>(Failure{kind, may_have_happened, std::move(sentence)});
}

// As the stores' callers see it: come back in a second.
inline Error ToError(const Failure& failure) {
  return Error(ErrorCode::kUnavailable, failure.sentence, 1);
}

}  // namespace popradio::redis
