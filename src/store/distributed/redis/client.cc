#include "store/distributed/redis/client.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "store/distributed/redis/cluster_client.h"
#include "store/distributed/redis/single_client.h"

namespace popradio::redis {
namespace {

// Several calls whose caller waits for the last of them.
struct Join {
  std::vector<Outcome> outcomes;
  std::size_t left = 0;
  std::exception_ptr failure;
  std::unique_ptr<Waiter<bool>> waiter;
};

}  // namespace

Result<std::shared_ptr<Client>> Client::Open(const Environment& environment, const RedisUrl& url,
                                             const ClientOptions& options) {
  auto login = MakeLogin(url, options.client_name);
  if (!login) return Fail(login.error());
  if (url.cluster) return ClusterClient::Open(environment, url.hosts, *login, options);
  return SingleClient::Open(environment, url.hosts.front(), *login, options);
}

Task<std::vector<Outcome>> CallAll(Client& client, std::span<const Command> commands,
                                   CallOptions options) {
  auto join = std::make_shared<Join>();
  join->outcomes.resize(commands.size());
  join->left = commands.size();
  if (commands.empty()) co_return std::move(join->outcomes);
  co_await SuspendFor<bool>([&](std::unique_ptr<Waiter<bool>> waiter) {
    join->waiter = std::move(waiter);
    for (std::size_t i = 0; i < commands.size(); ++i) {
      boost::asio::co_spawn(client.environment().context, client.Call(commands[i], options),
                            [join, i](const std::exception_ptr& failure, Outcome outcome) {
                              if (failure) join->failure = failure;
                              join->outcomes[i] = std::move(outcome);
                              if (--join->left == 0) join->waiter->Resume(true);
                            });
    }
  });
  if (join->failure) std::rethrow_exception(join->failure);
  co_return std::move(join->outcomes);
}

}  // namespace popradio::redis
