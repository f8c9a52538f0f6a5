#include "store/distributed/redis/single_client.h"

#include "store/distributed/redis/retry.h"

namespace popradio::redis {

std::shared_ptr<Client> SingleClient::Open(const Environment& environment, const Endpoint& endpoint,
                                           std::shared_ptr<const Login> login,
                                           const ClientOptions& options) {
  auto node = std::make_shared<Node>(environment, endpoint, std::move(login), options);
  return std::shared_ptr<Client>(new SingleClient(environment, std::move(node)));
}

Task<Outcome> SingleClient::Call(const Command& command, CallOptions options) {
  const std::shared_ptr<Node> node = node_;
  Tries tries(environment_, options);
  while (tries.Next()) {
    Outcome outcome = co_await node->Send(command, options, false);
    const Advice advice = Judge(outcome, options.repeat);
    // A server that could not even be reached was tried by the connection itself.
    const bool unreached = !outcome && !outcome.error().may_have_happened;
    if (advice == Advice::kFinal || unreached) co_return outcome;
    if (advice == Advice::kMoved || advice == Advice::kAsk) {
      co_return Failed(FailureKind::kUnavailable, false,
                       "Redis at " + node->endpoint().ToString() +
                           " is part of a Cluster: list several of its hosts in the address, or "
                           "add ?cluster=true");
    }
    tries.Note(outcome);
    const bool paused = co_await tries.Pause();
    if (!paused) break;
  }
  co_return tries.GiveUp();
}

Task<Outcome> SingleClient::CallOn(Endpoint, const Command& command, CallOptions options) {
  return Call(command, options);
}

Task<std::vector<Endpoint>> SingleClient::Primaries(Millis) {
  co_return std::vector<Endpoint>{node_->endpoint()};
}

}  // namespace popradio::redis
