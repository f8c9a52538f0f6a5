#include "store/distributed/mongo/driver.h"

#include <mongoc/mongoc.h>

#include <string_view>

#include "base/log.h"

namespace popradio::mongo {
namespace {

void ToOurLog(mongoc_log_level_t level, const char* domain, const char* message, void*) {
  // Errors are returned as values as well, and logged where they are understood.
  // That a transaction to be aborted was aborted by the server already is no news.
  const bool news = level <= MONGOC_LOG_LEVEL_WARNING &&
                    !std::string_view(message).starts_with("Error in abortTransaction");
  const LogLevel ours = news ? LogLevel::kWarn : LogLevel::kDebug;
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
