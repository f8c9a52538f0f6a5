#pragma once

#include <functional>

#include "app/control.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "store/backend.h"

namespace popradio::app {

// What a verb works on: the stores, opened by the verb itself or owned by the server it runs in.
struct StationAccess {
  const Settings& settings;
  store::Backend& backend;
  const Clock& clock;
  Random& random;
};
// Runs a verb that came through the control socket.
using StationVerb = std::function<int(const VerbCall&, const StationAccess&, Output&)>;

// Runs the station until SIGTERM or SIGINT and returns the exit code: 0 after an orderly stop, 1
// when it could not start (the reason stands on standard error). Prints `listening on
// http://HOST:PORT` on standard output when it is ready.
int Serve(const Settings& settings, const StationVerb& run_verb);

}  // namespace popradio::app
