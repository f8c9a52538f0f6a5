#include "store/distributed/redis/cluster_client.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/log.h"
#include "store/distributed/redis/retry.h"

namespace popradio::redis {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;

// How long one node may take to tell the map before the next one is asked.
constexpr Millis kMapTimeout{500};

const Command& ClusterSlots() {
  static const Command command = Command("CLUSTER").Arg("SLOTS");
  return command;
}
const Command& ClusterShards() {
  static const Command command = Command("CLUSTER").Arg("SHARDS");
  return command;
}

}  // namespace

std::shared_ptr<Client> ClusterClient::Open(const Environment& environment,
                                            std::vector<Endpoint> seeds,
                                            std::shared_ptr<const Login> login,
                                            const ClientOptions& options) {
  std::shared_ptr<ClusterClient> self(
      new ClusterClient(environment, std::move(seeds), std::move(login), options));
  self->WantRefresh(nullptr);
  return self;
}

ClusterClient::ClusterClient(const Environment& environment, std::vector<Endpoint> seeds,
                             std::shared_ptr<const Login> login, const ClientOptions& options)
    : Client(environment),
      seeds_(std::move(seeds)),
      login_(std::move(login)),
      options_(options),
      refresh_pause_(environment.context) {
  map_health_ = {false, environment.clock.Now(), "The Redis Cluster has not been reached yet"};
}

Task<Outcome> ClusterClient::Call(const Command& command, CallOptions options) {
  return Try(command, options, std::nullopt);
}

Task<Outcome> ClusterClient::CallOn(Endpoint node, const Command& command, CallOptions options) {
  return Try(command, options, std::move(node));
}

Task<Outcome> ClusterClient::Try(const Command& command, CallOptions options,
                                 std::optional<Endpoint> fixed) {
  const std::shared_ptr<ClusterClient> self = shared_from_this();
  Tries tries(environment_, options);
  std::optional<Endpoint> ask;
  while (!stopped_ && tries.Next()) {
    const bool asking = ask.has_value();
    std::shared_ptr<Node> node = asking ? NodeAt(*ask) : fixed ? NodeAt(*fixed) : Route(command);
    ask.reset();
    bool pause = true;
    if (node) {
      Outcome outcome = co_await node->Send(command, options, asking);
      const Advice advice = Judge(outcome, options.repeat);
      const bool redirected = advice == Advice::kMoved || advice == Advice::kAsk;
      if (!outcome) WantRefresh(&node->endpoint());  // later calls need a better map in any case
      if (advice == Advice::kFinal || (redirected && fixed)) co_return outcome;
      tries.Note(outcome);
      if (redirected) {
        const auto redirect = ParseRedirect(outcome->text(), node->endpoint());
        if (!redirect) co_return outcome;
        if (advice == Advice::kMoved) {
          map_.Assign(redirect->slot, redirect->node);
          WantRefresh(nullptr);
        } else {
          ask = redirect->node;
        }
        pause = !tries.PromptRedirect();
      } else if (advice == Advice::kReconnect && outcome) {
        WantRefresh(nullptr);
      }
    } else {
      tries.Note(Failed(FailureKind::kNeverSent, false, map_health_.error));
      WantRefresh(nullptr);
    }
    if (!pause) continue;
    const bool paused = co_await tries.Pause();
    if (!paused) break;
  }
  co_return tries.GiveUp();
}

std::shared_ptr<Node> ClusterClient::Route(const Command& command) {
  if (const auto slot = command.slot()) {
    const Endpoint* owner = map_.Owner(*slot);
    if (!owner && !map_.empty()) map_health_.error = "A slot of the Redis Cluster is not served";
    return owner ? NodeAt(Endpoint(*owner)) : nullptr;
  }
  if (map_.empty()) return nullptr;
  const auto& primaries = map_.primaries();
  return NodeAt(Endpoint(primaries[environment_.random.Below(primaries.size())]));
}

std::shared_ptr<Node> ClusterClient::NodeAt(const Endpoint& endpoint) {
  std::shared_ptr<Node>& node = nodes_[endpoint];
  if (!node) node = std::make_shared<Node>(environment_, endpoint, login_, options_);
  return node;
}

Task<std::vector<Endpoint>> ClusterClient::Primaries(Millis deadline) {
  const std::shared_ptr<ClusterClient> self = shared_from_this();
  Tries tries(environment_, {.deadline = deadline});
  while (map_.empty() && !stopped_ && tries.Next()) {
    WantRefresh(nullptr);
    const bool paused = co_await tries.Pause();
    if (!paused) break;
  }
  co_return map_.primaries();
}

Health ClusterClient::health() const {
  if (!map_health_.up) return map_health_;
  Health worst = map_health_;
  for (const Endpoint& primary : map_.primaries()) {
    const auto node = nodes_.find(primary);
    if (node == nodes_.end() || node->second->health().up) continue;
    if (worst.up || node->second->health().since < worst.since) worst = node->second->health();
  }
  return worst;
}

void ClusterClient::Stop() {
  stopped_ = true;
  refresh_pause_.cancel();
  for (const auto& [endpoint, node] : nodes_) node->Stop();
}

void ClusterClient::WantRefresh(const Endpoint* doubtful) {
  if (refreshing_ || stopped_) return;
  refreshing_ = true;
  boost::asio::co_spawn(
      environment_.context,
      Refresh(shared_from_this(), doubtful ? std::optional(*doubtful) : std::nullopt),
      boost::asio::detached);
}

Task<void> ClusterClient::Refresh(std::shared_ptr<ClusterClient> self,
                                  std::optional<Endpoint> doubtful) {
  if (self->refreshed_at_) {
    const Millis next = *self->refreshed_at_ + self->options_.refresh_interval;
    const Millis now = self->environment_.clock.Steady();
    if (next > now) {
      self->refresh_pause_.expires_after(next - now);
      boost::system::error_code ignored;
      co_await self->refresh_pause_.async_wait(redirect_error(use_awaitable, ignored));
    }
  }
  const std::vector<Endpoint> sources = self->Sources(doubtful);
  for (const Endpoint& source : sources) {
    if (self->stopped_) break;
    const bool done = co_await self->RefreshFrom(source);
    if (done) break;
  }
  self->refreshed_at_ = self->environment_.clock.Steady();
  self->refreshing_ = false;
}

std::vector<Endpoint> ClusterClient::Sources(const std::optional<Endpoint>& doubtful) {
  std::vector<Endpoint> sources = map_.primaries();
  sources.insert(sources.end(), map_.replicas().begin(), map_.replicas().end());
  sources.insert(sources.end(), seeds_.begin(), seeds_.end());
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  for (std::size_t i = sources.size(); i > 1; --i) {
    std::swap(sources[i - 1], sources[environment_.random.Below(i)]);
  }
  // Those that answer come first, the one that has just failed comes last.
  const auto rank = [&](const Endpoint& endpoint) {
    if (doubtful && endpoint == *doubtful) return 2;
    const auto node = nodes_.find(endpoint);
    return node != nodes_.end() && node->second->health().up ? 0 : 1;
  };
  std::stable_sort(sources.begin(), sources.end(),
                   [&](const Endpoint& a, const Endpoint& b) { return rank(a) < rank(b); });
  return sources;
}

Task<bool> ClusterClient::RefreshFrom(Endpoint source) {
  const std::shared_ptr<Node> node = NodeAt(source);
  ++refreshes_;
  const CallOptions options{.deadline = In(kMapTimeout), .repeat = Repeat::kSafe};
  Outcome outcome = co_await node->Send(ClusterSlots(), options, false);
  if (outcome && outcome->is_error() && outcome->text().starts_with("ERR unknown subcommand")) {
    outcome = co_await node->Send(ClusterShards(), options, false);
    if (outcome && !outcome->is_error()) {
      auto map = SlotMap::FromShards(*outcome, source, login_->tls != nullptr);
      if (map && !map->empty()) {
        Adopt(std::move(*map));
        co_return true;
      }
    }
  }
  if (!outcome) {
    SetMapError(outcome.error().sentence);
    co_return false;
  }
  if (outcome->is_error()) {
    SetMapError("Redis at " + source.ToString() + ": " + std::string(outcome->text()));
    co_return false;
  }
  auto map = SlotMap::FromSlots(*outcome, source);
  if (!map || map->empty()) {
    SetMapError("Redis at " + source.ToString() + ": " +
                (map ? "it serves no Cluster slot" : map.error()));
    co_return false;
  }
  Adopt(std::move(*map));
  co_return true;
}

void ClusterClient::SetMapError(std::string error) {
  // An old map is better than none: it is wrong about the slots that have moved, and only those.
  if (map_.empty()) map_health_ = {false, map_health_.since, std::move(error)};
}

void ClusterClient::Adopt(SlotMap map) {
  const bool whole = map.covered() == kSlotCount;
  if (whole != map_health_.up) map_health_.since = environment_.clock.Now();
  map_health_.up = whole;
  map_health_.error = whole ? "" : "Slots of the Redis Cluster are not served";
  if (map.primaries() != map_.primaries()) {
    Log(LogLevel::kInfo, "redis cluster mapped",
        {{"primaries", map.primaries().size()}, {"replicas", map.replicas().size()}});
  }
  map_ = std::move(map);
  // Primaries are connected to before the first call needs them; who is none any more, and has
  // nothing to do, is left.
  for (const Endpoint& primary : map_.primaries()) NodeAt(primary);
  std::erase_if(nodes_, [this](const auto& entry) {
    const auto& primaries = map_.primaries();
    const bool wanted =
        std::find(primaries.begin(), primaries.end(), entry.first) != primaries.end();
    return !wanted && entry.second.use_count() == 1 && entry.second->idle();
  });
}

}  // namespace popradio::redis
