#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/distributed/redis/client.h"
#include "store/distributed/redis/node.h"
#include "store/distributed/redis/slots.h"

namespace popradio::redis {

// A Redis Cluster. Keeps a connection to every primary and a map from slots to them, read from any
// node (CLUSTER SLOTS, or CLUSTER SHARDS where that has gone) and read again when an answer or a
// lost connection puts it in doubt. While a slot is between two primaries, its calls wait until
// their deadline.
class ClusterClient final : public Client, public std::enable_shared_from_this<ClusterClient> {
 public:
  static std::shared_ptr<Client> Open(const Environment& environment, std::vector<Endpoint> seeds,
                                      std::shared_ptr<const Login> login,
                                      const ClientOptions& options);

  Task<Outcome> Call(const Command& command, CallOptions options) override;
  Task<Outcome> CallOn(Endpoint node, const Command& command, CallOptions options) override;
  Task<std::vector<Endpoint>> Primaries(Millis deadline) override;
  Health health() const override;
  void Stop() override;

  // How often the map was read.
  std::uint64_t refreshes() const { return refreshes_; }

 private:
  ClusterClient(const Environment& environment, std::vector<Endpoint> seeds,
                std::shared_ptr<const Login> login, const ClientOptions& options);

  // One call: to `fixed`, or to whoever serves the command's slot.
  Task<Outcome> Try(const Command& command, CallOptions options, std::optional<Endpoint> fixed);
  // Null: not known yet.
  std::shared_ptr<Node> Route(const Command& command);
  std::shared_ptr<Node> NodeAt(const Endpoint& endpoint);
  // Reads the map in the background, unless that is being done or was done just now. `doubtful` is
  // asked last.
  void WantRefresh(const Endpoint* doubtful);
  static Task<void> Refresh(std::shared_ptr<ClusterClient> self, std::optional<Endpoint> doubtful);
  Task<bool> RefreshFrom(Endpoint source);
  // Whom to ask for the map, in which order.
  std::vector<Endpoint> Sources(const std::optional<Endpoint>& doubtful);
  void Adopt(SlotMap map);
  void SetMapError(std::string error);

  const std::vector<Endpoint> seeds_;
  const std::shared_ptr<const Login> login_;
  const ClientOptions options_;
  SlotMap map_;
  std::map<Endpoint, std::shared_ptr<Node>> nodes_;
  bool refreshing_ = false, stopped_ = false;
  std::optional<Millis> refreshed_at_;
  boost::asio::steady_timer refresh_pause_;
  Health map_health_;
  std::uint64_t refreshes_ = 0;
};

}  // namespace popradio::redis
