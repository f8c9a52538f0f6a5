#include "store/distributed/mongo/driver.h"

#include <mongoc/mongoc.h>

#include "base/log.h"

namespace popradio::mongo {
namespace {

void ToOurLog(mongoc_log_level_t level, const char* domain, const char* message, void*) {
  // Errors are returned as values as well, and logged where they are understood.
  const LogLevel ours = level <= MONGOC_LOG_LEVEL_WARNING ? LogLevel::kWarn : LogLevel::kDebug;
  Log(ours, "the MongoDB driver says", {{"part", domain}, {"message", message}});
}

struct Driver {
  Driver() {
    mongoc_log_set_handler(ToOurLog, nullptr);
    mongoc_init();
  }
  ~Driver() { mongoc_cleanup(); }
};

}  // namespace

void StartDriver() { static const Driver driver; }

}  // namespace popradio::mongo
