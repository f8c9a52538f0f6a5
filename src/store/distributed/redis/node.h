#pragma once

#include <memory>

#include "store/distributed/redis/client.h"
#include "store/distributed/redis/connection.h"
#include "store/distributed/redis/durable.h"

namespace popradio::redis {

// One server: a connection for what needs no proof, and one, made at first use, for durable calls,
// whose WAITs hold it up. One thread; held by shared_ptr, because a Cluster may forget a node while
// requests to it are on their way.
class Node {
 public:
  Node(const Environment& environment, Endpoint endpoint, std::shared_ptr<const Login> login,
       const ClientOptions& options)
      : environment_(environment),
        login_(std::move(login)),
        options_(options),
        plain_(Connection::Open(environment, std::move(endpoint), login_, options.connection)) {}
  ~Node() { Stop(); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // One try, without any repeating.
  Task<Outcome> Send(const Command& command, CallOptions options, bool asking) {
    const bool once = options.durable && options.repeat == Repeat::kNever;
    if (!options.durable || options_.replicas == 0) {
      return plain_->Send(command, options.deadline, asking, nullptr, once);
    }
    if (!durable_) {
      auto connection = Connection::Open(environment_, endpoint(), login_, options_.connection);
      durable_ = Durable::Open(environment_, std::move(connection), options_.replicas,
                               options_.wait_timeout);
    }
    return durable_->Send(command, options.deadline, asking, once);
  }

  const Endpoint& endpoint() const { return plain_->endpoint(); }
  const Health& health() const {
    if (durable_ && !durable_->connection().health().up) return durable_->connection().health();
    return plain_->health();
  }
  bool idle() const {
    return plain_->pending() == 0 && (!durable_ || durable_->connection().pending() == 0);
  }
  void Stop() {
    plain_->Stop();
    if (durable_) durable_->connection().Stop();
  }

 private:
  const Environment environment_;
  const std::shared_ptr<const Login> login_;
  const ClientOptions options_;
  const std::shared_ptr<Connection> plain_;
  std::shared_ptr<Durable> durable_;
};

}  // namespace popradio::redis
