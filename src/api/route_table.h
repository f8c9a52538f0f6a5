#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "http/limits.h"
#include "http/request.h"
#include "store/rate_limit_store.h"

namespace popradio::api {

struct Station;
struct Call;

// Parses what was asked, calls the stores and the domain, and writes the answer into call.response.
// What it returns as an error is written by the caller.
using Handler = Task<Result<void>> (*)(Station&, Call&);
// The same without waiting, for the hottest routes: false when it has to wait, and then the Handler
// is asked. Nothing is written in that case.
using QuickHandler = bool (*)(Station&, Call&);

enum class Area : std::uint8_t {
  kApi,    // below /v1 and /api: has a session, counts against the API limit
  kMedia,  // below /v1/media and /api/media: neither
  kRoot,   // at the root: neither
};
enum class Auth : std::uint8_t { kNone, kCurator };

// How much body a route takes: most take 16 KiB, the curator's records more, a catalogue most.
inline constexpr std::uint64_t kSmallBody = http::kDefaultMaxBody;
inline constexpr std::uint64_t kRecordBody = 256 * 1024;
inline constexpr std::uint64_t kImportBody = 64 * 1024 * 1024;

using Limits = std::array<std::optional<store::LimitAction>, 2>;

// One line of the table. It is the source of the documentation that is printed of it, and a test
// compares it with api/openapi.yaml.
struct Route {
  http::Method method;
  std::string_view pattern;  // without the base path
  Area area;
  Auth auth;
  Limits limits;  // beside the API limit, charged by the handler when it has looked
  std::uint64_t max_body;
  Handler handler;
  QuickHandler quick;
  std::string_view doc;
};

std::span<const Route> Routes();

}  // namespace popradio::api
