#pragma once

#include <tl/expected.hpp>

#include "base/error.h"

namespace popradio {

// A value or the reason why there is none (std::expected arrives with C++23).
template <class T>
using Result = tl::expected<T, Error>;

// `return Fail(ErrorCode::kNotLiked, "You have not liked this song");`
inline tl::unexpected<Error> Fail(ErrorCode code, std::string message, int retry_after_s = 0) {
  return tl::unexpected<Error>(Error(code, std::move(message), retry_after_s));
}
inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace popradio
