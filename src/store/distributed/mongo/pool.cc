#include "store/distributed/mongo/pool.h"

#include "base/log.h"
#include "store/distributed/mongo/driver.h"

namespace popradio::mongo {

Pool::Pool(MongoUrl url, PoolOptions options, const Clock& clock)
    : url_(std::move(url)),
      options_(std::move(options)),
      clock_(clock),
      primary_since_(clock.Steady()),
      health_{false, clock.Now(), "MongoDB has not answered yet"},
      threads_(static_cast<std::size_t>(options_.threads)) {}

Result<std::unique_ptr<Pool>> Pool::Open(MongoUrl url, PoolOptions options, const Clock& clock) {
  StartDriver();
  std::unique_ptr<Pool> pool(new Pool(std::move(url), std::move(options), clock));
  if (auto connected = pool->Connect(); !connected) return Fail(connected.error());
  return pool;
}

Result<void> Pool::Connect() {
  bson_error_t error{};
  // Looks up the servers of a mongodb+srv address.
  pool_.reset(mongoc_client_pool_new_with_error(url_.uri.get(), &error));
  if (!pool_) {
    return Fail(ErrorCode::kInvalidParameter,
                "The address in store.mongo cannot be used: " + Clean(error.message) +
                    ". Check its hosts and its certificate files.");
  }
  mongoc_client_pool_set_error_api(pool_.get(), MONGOC_ERROR_API_VERSION_2);
  mongoc_apm_callbacks_t* callbacks = mongoc_apm_callbacks_new();
  mongoc_apm_set_topology_changed_cb(callbacks, OnTopology);
  if (options_.observer) mongoc_apm_set_command_started_cb(callbacks, OnCommand);
  mongoc_client_pool_set_apm_callbacks(pool_.get(), callbacks, this);
  mongoc_apm_callbacks_destroy(callbacks);
  // The driver begins to look for its servers when the first client is taken.
  { const Taken first(pool_.get()); }
  return {};
}

Pool::~Pool() {
  Stop();
  pool_.reset();  // its monitors call back until then
}

void Pool::Stop() {
  stopped_ = true;
  threads_.join();
  lane_.join();
}

std::optional<Error> Pool::Refusal() const {
  if (stopped_) return Error(ErrorCode::kUnavailable, "The station is closing.", 5);
  if (queued_.load(std::memory_order_relaxed) >= kMaxQueuedCalls) {
    return Error(ErrorCode::kUnavailable,
                 "Too much is waiting for the station's database. Please try again.", 1);
  }
  const std::lock_guard lock(health_mutex_);
  if (!primary_ && clock_.Steady() - primary_since_ > kPatience) {
    return Error(ErrorCode::kUnavailable,
                 "The station cannot reach its database now. Please try again in a moment.", 5);
  }
  return std::nullopt;
}

Health Pool::health() const {
  const std::lock_guard lock(health_mutex_);
  return health_;
}

std::string Pool::Clean(std::string text) const {
  if (url_.password.empty()) return text;
  for (std::size_t at = text.find(url_.password); at != text.npos;
       at = text.find(url_.password, at)) {
    text.replace(at, url_.password.size(), "…");
  }
  return text;
}

Error Pool::Bug(const std::exception& exception) const {
  Log(LogLevel::kError, "a database job was dropped", {{"reason", exception.what()}});
  return {ErrorCode::kInternal, exception.what()};
}

void Pool::Note(const Database& database, bool failing) {
  const std::string reason = failing ? Clean(database.failure().message) : "";
  const std::lock_guard lock(health_mutex_);
  failing_ = failing;
  const bool up = primary_ && !failing_;
  if (failing) health_.error = reason;
  if (up) health_.error.clear();
  if (health_.up == up) return;
  Turn(up);
}

// Under the mutex.
void Pool::Turn(bool up) {
  health_.up = up;
  health_.since = clock_.Now();
  const LogLevel level = !up ? LogLevel::kWarn : was_up_ ? LogLevel::kInfo : LogLevel::kDebug;
  Log(level, up ? "MongoDB is there" : "MongoDB is away",
      {{"hosts", url_.hosts}, {"why", health_.error}});
  was_up_ = was_up_ || up;
}

// On one of the driver's monitor threads.
void Pool::SetPrimary(bool there) {
  const std::lock_guard lock(health_mutex_);
  if (primary_ != there) {
    primary_ = there;
    primary_since_ = clock_.Steady();
  }
  const bool up = primary_ && !failing_;
  if (up) health_.error.clear();
  if (!primary_) health_.error = "no member of the replica set takes writes";
  if (health_.up == up) return;
  Turn(up);
}

void Pool::OnTopology(const mongoc_apm_topology_changed_t* event) {
  auto* pool = static_cast<Pool*>(mongoc_apm_topology_changed_get_context(event));
  // The function takes no const, yet changes nothing.
  auto* description = const_cast<mongoc_topology_description_t*>(
      mongoc_apm_topology_changed_get_new_description(event));
  pool->SetPrimary(mongoc_topology_description_has_writable_server(description));
}

void Pool::OnCommand(const mongoc_apm_command_started_t* event) {
  auto* pool = static_cast<Pool*>(mongoc_apm_command_started_get_context(event));
  pool->options_.observer(mongoc_apm_command_started_get_database_name(event),
                          mongoc_apm_command_started_get_command(event));
}

}  // namespace popradio::mongo
