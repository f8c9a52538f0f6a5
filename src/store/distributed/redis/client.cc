#include "store/distributed/redis/client.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "store/distributed/redis/cluster_client.h"
#include "store/distributed/redis/single_client.h"

namespace popradio::redis {
namespace {

// Several calls whose caller waits for the last of them. Only the calls hold it: the caller is held
// by it, and would keep itself alive when the context ends before they do.
struct Join {
  std::vector<Outcome> outcomes;
  std::size_t left = 0;
  std::exception_ptr failure;
  std::unique_ptr<Waiter<std::shared_ptr<Join>>> waiter;
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
  if (commands.empty()) co_return std::vector<Outcome>();
  const std::shared_ptr<Join> join = co_await SuspendFor<std::shared_ptr<Join>>(
      [&](std::unique_ptr<Waiter<std::shared_ptr<Join>>> waiter) {
        const auto made = std::make_shared<Join>();
        made->outcomes.resize(commands.size());
        made->left = commands.size();
        made->waiter = std::move(waiter);
        for (std::size_t i = 0; i < commands.size(); ++i) {
          boost::asio::co_spawn(client.environment().context, client.Call(commands[i], options),
                                [made, i](const std::exception_ptr& failure, Outcome outcome) {
                                  if (failure) made->failure = failure;
                                  made->outcomes[i] = std::move(outcome);
                                  if (--made->left > 0) return;
                                  const auto ended = std::move(made->waiter);
                                  ended->Resume(made);
                                });
        }
      });
  if (join->failure) std::rethrow_exception(join->failure);
  co_return std::move(join->outcomes);
}

}  // namespace popradio::redis
