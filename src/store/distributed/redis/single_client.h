#pragma once

#include <memory>

#include "store/distributed/redis/client.h"
#include "store/distributed/redis/node.h"

namespace popradio::redis {

// One server. While it is away calls fail at once; a server that answers "not yet" is asked again
// until the deadline.
class SingleClient final : public Client {
 public:
  static std::shared_ptr<Client> Open(const Environment& environment, const Endpoint& endpoint,
                                      std::shared_ptr<const Login> login,
                                      const ClientOptions& options);

  Task<Outcome> Call(const Command& command, CallOptions options) override;
  Task<Outcome> CallOn(Endpoint node, const Command& command, CallOptions options) override;
  Task<std::vector<Endpoint>> Primaries(Millis deadline) override;
  Health health() const override { return node_->health(); }
  void Stop() override { node_->Stop(); }

 private:
  SingleClient(const Environment& environment, std::shared_ptr<Node> node)
      : Client(environment), node_(std::move(node)) {}
  const std::shared_ptr<Node> node_;
};

}  // namespace popradio::redis
