#pragma once

#include <string_view>

#include "base/error.h"

namespace popradio::api {

// How a failure looks from outside.
struct PublicError {
  int status;
  std::string_view code;  // the table at the top of api/openapi.yaml
};

// The one map from the program's errors to HTTP.
PublicError Publish(ErrorCode code);

}  // namespace popradio::api
