#include "store/distributed/acquaintance.h"

#include <algorithm>

#include "store/distributed/mongo_collections.h"
#include "store/distributed/redis_engagement.h"
#include "store/distributed/servers.h"

namespace popradio::store::distributed {
namespace {

using mongo::Database;
using mongo::Document;

constexpr char kSecretKey[] = "station:secret";
constexpr char kMongoKey[] = "station:mongodb";  // a set of addresses
constexpr char kSecretId[] = "secret";
constexpr char kServersId[] = "servers";  // `redis`: a list of addresses

Task<Result<redis::Reply>> Ask(RedisClients& clients, redis::Command command) {
  const auto here = co_await clients.Here();
  auto outcome = co_await here->client->Call(
      command, {.deadline = clients.In(kWriteTimeout), .repeat = redis::Repeat::kSafe});
  if (!outcome || outcome->is_error()) {
    co_return Fail(ErrorCode::kUnavailable, "Redis does not answer.", 1);
  }
  co_return *std::move(outcome);
}

}  // namespace

std::string RedisHosts(const RedisClients& clients) {
  std::string hosts;
  for (const redis::Endpoint& host : clients.url().hosts) {
    hosts.append(hosts.empty() ? "" : ", ").append(host.ToString());
  }
  return hosts;
}

Task<Result<std::optional<std::string>>> ReadSecret(RedisClients& clients) {
  const auto reply = co_await Ask(clients, redis::Command("GET").Key(kSecretKey));
  if (!reply) co_return Fail(reply.error());
  if (!reply->is_string()) co_return std::nullopt;
  co_return std::optional(std::string(reply->text()));
}

Result<std::optional<std::string>> ReadSecret(mongo::Pool& pool) {
  return pool.RunHere<std::optional<std::string>>(
      [](Database& database) -> Result<std::optional<std::string>> {
        auto found = database.FindOne(kStation, Document{{"_id", kSecretId}});
        if (!found) return Fail(found.error());
        if (!*found) return std::nullopt;
        return std::optional(std::string((*found)->view().Bytes("value")));
      });
}

Result<void> CheckTogether(RedisClients& clients, const mongo::Pool& pool,
                           const std::string& secret) {
  const auto other = RunThere<Result<std::optional<std::string>>>(
      clients, [&clients] { return ReadSecret(clients); });
  if (!other || !*other || **other == secret) return {};
  return Fail(ErrorCode::kInvalidParameter,
              "Redis at " + RedisHosts(clients) + " counts for another station than the database " +
                  pool.database() + " on MongoDB at " + pool.hosts() +
                  " holds. Name the two that belong together in store.redis and store.mongo, or "
                  "empty that Redis (FLUSHALL), and it is filled from this MongoDB.");
}

Task<void> Introduce(RedisClients& clients, mongo::Pool& pool, std::string secret) {
  (void)co_await Ask(clients, redis::Command("SET").Key(kSecretKey).Arg(secret));
  (void)co_await Ask(clients, redis::Command("SADD").Key(kMongoKey).Arg(pool.hosts()));
  std::function<Result<void>(Database&)> note = [&clients](Database& database) -> Result<void> {
    mongo::List hosts;
    std::vector<std::string> names;  // the list borrows them
    for (const redis::Endpoint& host : clients.url().hosts) names.push_back(host.ToString());
    for (const std::string& name : names) hosts.Add(name);
    const Document each{{"$each", hosts}};
    const Document redis{{"redis", each}};
    auto noted = database.Update(kStation, Document{{"_id", kServersId}},
                                 Document{{"$addToSet", redis}}, /*upsert=*/true);
    if (!noted) return Fail(noted.error());
    return {};
  };
  (void)co_await pool.Run<void>(std::move(note));
}

Result<bool> KnowsRedis(mongo::Pool& pool, const RedisClients& clients) {
  return pool.RunHere<bool>([&clients](Database& database) -> Result<bool> {
    auto found = database.FindOne(kStation, Document{{"_id", kServersId}});
    if (!found) return Fail(found.error());
    if (!*found) return false;
    const std::vector<std::string> known = (*found)->view().Texts("redis");
    const auto& hosts = clients.url().hosts;
    return std::any_of(hosts.begin(), hosts.end(), [&known](const redis::Endpoint& host) {
      return std::find(known.begin(), known.end(), host.ToString()) != known.end();
    });
  });
}

Task<Result<bool>> KnowsMongo(RedisClients& clients, const mongo::Pool& pool) {
  const auto reply =
      co_await Ask(clients, redis::Command("SISMEMBER").Key(kMongoKey).Arg(pool.hosts()));
  if (!reply) co_return Fail(reply.error());
  co_return reply->integer() == 1;
}

}  // namespace popradio::store::distributed
