#include "store/distributed/redis_cache.h"

#include <algorithm>

#include "store/distributed/outcomes.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Outcome;
using redis::Repeat;

constexpr Millis kCacheTimeout{1'000};
constexpr std::size_t kCachedPerChunk = 256;

Error CacheAway() { return {ErrorCode::kUnavailable, "The cache cannot be read right now.", 1}; }

Task<void> StoreAll(RedisClients& clients, std::vector<Command> commands) {
  const std::shared_ptr<RedisHere> here = co_await clients.Here();
  const CallOptions options{.deadline = clients.In(kCacheTimeout), .repeat = Repeat::kSafe};
  (void)co_await redis::CallAll(*here->client, commands, options);
}

}  // namespace

void RedisCache::Put(std::string key, std::string json, int ttl_s) {
  if (json.size() > kMaxCachedBytes) return;
  std::vector<Command> commands{Command("SET").Key(key).Arg(json).Arg("EX").Arg(ttl_s)};
  clients_.Spawn([this, commands = std::move(commands)] { return StoreAll(clients_, commands); });
}

void RedisCache::PutSongs(std::vector<std::pair<ObjectId, std::string>> songs) {
  for (std::size_t begin = 0; begin < songs.size(); begin += kCachedPerChunk) {
    std::vector<Command> commands;
    for (std::size_t i = begin; i < std::min(songs.size(), begin + kCachedPerChunk); ++i) {
      commands.push_back(Command("SET")
                             .Key(SongCacheKey(songs[i].first))
                             .Arg(songs[i].second)
                             .Arg("EX")
                             .Arg(kSongTtlS));
    }
    clients_.Spawn([this, commands = std::move(commands)] { return StoreAll(clients_, commands); });
  }
  std::string ids;
  ids.reserve(songs.size() * ObjectId::kHexDigits);
  for (const auto& [id, json] : songs) ids += id.ToHex();
  Put(std::string(kSongIdsCacheKey), std::move(ids), kSongTtlS);
}

Task<Result<std::vector<ObjectId>>> RedisCache::SongIds() {
  const auto text = co_await Get(std::string(kSongIdsCacheKey));
  if (!text) co_return Fail(text.error());
  std::vector<ObjectId> ids;
  std::string_view rest = *text ? std::string_view(**text) : std::string_view();
  for (; rest.size() >= ObjectId::kHexDigits; rest.remove_prefix(ObjectId::kHexDigits)) {
    const auto id = ObjectId::Parse(rest.substr(0, ObjectId::kHexDigits));
    if (id) ids.push_back(*id);
  }
  co_return ids;
}

Task<Result<std::optional<std::string>>> RedisCache::Get(std::string key) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  const Command command = Command("GET").Key(key);
  const CallOptions options{.deadline = clients_.In(kCacheTimeout), .repeat = Repeat::kSafe};
  Outcome outcome = co_await here->client->Call(command, options);
  if (!Good(outcome)) co_return Fail(CacheAway());
  std::optional<std::string> json;
  if (outcome->is_string()) json = outcome->TakeText();
  co_return json;
}

Task<Result<std::optional<std::string>>> RedisCache::Timeline() {
  return Get(std::string(kTimelineCacheKey));
}

Task<Result<std::optional<std::string>>> RedisCache::Popular() {
  return Get(std::string(kPopularCacheKey));
}

Task<Result<std::optional<std::string>>> RedisCache::Featured() {
  return Get(std::string(kFeaturedCacheKey));
}

Task<Result<std::map<ObjectId, std::string>>> RedisCache::Songs(std::vector<ObjectId> ids) {
  const std::shared_ptr<RedisHere> here = co_await clients_.Here();
  std::map<ObjectId, std::string> songs;
  for (std::size_t begin = 0; begin < ids.size(); begin += kCachedPerChunk) {
    const std::size_t end = std::min(ids.size(), begin + kCachedPerChunk);
    std::vector<Command> commands;
    for (std::size_t i = begin; i < end; ++i) {
      commands.push_back(Command("GET").Key(SongCacheKey(ids[i])));
    }
    const CallOptions options{.deadline = clients_.In(kCacheTimeout), .repeat = Repeat::kSafe};
    auto outcomes = co_await redis::CallAll(*here->client, commands, options);
    for (std::size_t i = begin; i < end; ++i) {
      Outcome& outcome = outcomes[i - begin];
      if (!Good(outcome)) co_return Fail(CacheAway());
      if (outcome->is_string()) songs[ids[i]] = outcome->TakeText();
    }
  }
  co_return songs;
}

}  // namespace popradio::store::distributed
