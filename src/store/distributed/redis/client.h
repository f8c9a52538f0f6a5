#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "store/distributed/redis/command.h"
#include "store/distributed/redis/connection.h"
#include "store/distributed/redis/environment.h"
#include "store/distributed/redis/outcome.h"
#include "store/distributed/redis/redis_url.h"

namespace popradio::redis {

// Whether a request may be sent again when nobody knows if it happened.
enum class Repeat : std::uint8_t {
  kNever,  // it counts, or appends: the caller decides
  kSafe,   // doing it twice is doing it once: reads, SET, scripts with an idempotency key
};

struct CallOptions {
  Millis deadline;  // of Clock::Steady; all tries together end by then
  Repeat repeat = Repeat::kNever;
  // Answers only when ClientOptions::replicas have it (WAIT). With Repeat::kNever it is kept from
  // happening after its deadline, as far as that is in the hands of this side.
  bool durable = false;
};

struct ClientOptions {
  std::string client_name = "popradio";
  ConnectionOptions connection;
  // How many replicas confirm a durable call. 0: a durable call is like any other.
  int replicas = 0;
  // How long a server may wait for them.
  Millis wait_timeout{500};
  // A Cluster's map is read again at most this often.
  Millis refresh_interval{200};
};

// A Redis server, or a Redis Cluster, as one thing. One per io_context, no locks. Open() it, hold
// it while calls run, Stop() it at the end. Every call ends by its deadline.
class Client {
 public:
  virtual ~Client() = default;

  // Reads the certificate authorities; connects later, by itself. kInvalidParameter for a login
  // that cannot be used.
  static Result<std::shared_ptr<Client>> Open(const Environment& environment, const RedisUrl& url,
                                              const ClientOptions& options);

  // Sends it to the node that serves its first key's slot; without a key, to any primary. `command`
  // stays alive until this has returned. Repeats by itself what certainly was not executed (MOVED,
  // ASK, TRYAGAIN, CLUSTERDOWN, LOADING, READONLY and the like), and what may have been only when
  // the options say that this is safe.
  virtual Task<Outcome> Call(const Command& command, CallOptions options) = 0;
  // The same on one node, as Primaries() names it: SCAN, INFO, SCRIPT FLUSH.
  virtual Task<Outcome> CallOn(Endpoint node, const Command& command, CallOptions options) = 0;
  // Every node that serves slots. Empty: not known by the deadline.
  virtual Task<std::vector<Endpoint>> Primaries(Millis deadline) = 0;
  // Of the worst node that is needed.
  virtual Health health() const = 0;
  // Ends every call and connection.
  virtual void Stop() = 0;

  const Environment& environment() const { return environment_; }
  Millis In(Millis timeout) const { return environment_.clock.Steady() + timeout; }

 protected:
  explicit Client(const Environment& environment) : environment_(environment) {}
  const Environment environment_;
};

// All of them at once, in one write per node; the outcomes in the order of the commands.
Task<std::vector<Outcome>> CallAll(Client& client, std::span<const Command> commands,
                                   CallOptions options);

}  // namespace popradio::redis
