#include "store/rate_limit_store.h"

namespace popradio::store {

const char* Name(LimitAction action) {
  switch (action) {
    case LimitAction::kApi:
      return "api";
    case LimitAction::kLike:
      return "like";
    case LimitAction::kUnlike:
      return "unlike";
    case LimitAction::kComment:
      return "comment";
    case LimitAction::kPlay:
      return "play";
    case LimitAction::kSessionLike:
      return "session_like";
    case LimitAction::kAdminTry:
      return "admin_try";
  }
  return "api";
}

}  // namespace popradio::store
