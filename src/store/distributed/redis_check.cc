#include "store/distributed/redis_check.h"

#include <charconv>
#include <map>

#include "store/distributed/clock_check.h"

namespace popradio::store::distributed {
namespace {

using redis::CallOptions;
using redis::Command;
using redis::Endpoint;
using redis::Outcome;
using redis::Repeat;

constexpr Millis kCheckTimeout{4'000};

// "name:value" lines.
std::map<std::string, std::string, std::less<>> ParseInfo(std::string_view text) {
  std::map<std::string, std::string, std::less<>> values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const std::size_t colon = line.find(':');
    if (colon != line.npos) values.emplace(line.substr(0, colon), line.substr(colon + 1));
  }
  return values;
}

bool OldVersion(std::string_view version) {
  int major = 0, minor = 0;
  const char* end = version.data() + version.size();
  const auto first = std::from_chars(version.data(), end, major);
  if (first.ec != std::errc()) return false;  // somebody else's numbering
  if (first.ptr != end && *first.ptr == '.') std::from_chars(first.ptr + 1, end, minor);
  return major < kOldestRedisMajor || (major == kOldestRedisMajor && minor < kOldestRedisMinor);
}

// What a server that cannot be asked says of itself, and what to do about it.
RedisFinding Unasked(const std::string& error, bool tls) {
  const auto says = [&](std::string_view text) { return error.find(text) != error.npos; };
  if (says("WRONGPASS") || says("NOAUTH") || says("invalid password") ||
      says("without any password")) {
    return {true, error +
                      ". Give the right user and password in store.redis "
                      "(redis://user:password@host)."};
  }
  if (says("NOPERM")) {
    return {true, error + ". Allow this user all commands on all keys (ACL SETUSER)."};
  }
  if (says("certificate") || says("tls") || says("TLS") || says("SSL")) {
    return {true, error +
                      ". Check that the server speaks TLS (rediss://) and that its certificate is "
                      "signed by an authority this machine trusts (?ca_file=PATH) for this host "
                      "name."};
  }
  if (says("database") || says("ERR ")) return {true, error + ". Correct store.redis."};
  // One that does not speak TLS waits for a line that never comes.
  const char* speaks = tls ? ", that it speaks TLS there (redis:// if not)," : ",";
  return {true,
          error + ". Check the address in store.redis" + speaks +
              " and that Redis runs and may be reached from here.",
          /*away=*/true};
}

// How much the server's clock is ahead of ours; zero where it does not say.
Task<Millis> ClockAhead(RedisClients& clients, const Endpoint& server, CallOptions options) {
  const std::shared_ptr<RedisHere> here = co_await clients.Here();
  const Clock& clock = clients.clock();
  const Command command("TIME");
  const Millis asked = clock.Steady();
  const Outcome outcome = co_await here->client->CallOn(server, command, options);
  const Millis took = clock.Steady() - asked;
  if (!outcome || outcome->is_error()) co_return Millis(0);
  std::int64_t seconds = 0, micros = 0;
  const auto read = [](std::string_view text, std::int64_t& number) {
    std::from_chars(text.data(), text.data() + text.size(), number);
  };
  read(outcome->at(0).text(), seconds);
  read(outcome->at(1).text(), micros);
  if (seconds == 0) co_return Millis(0);
  co_return FromEpochMs(seconds * 1'000 + micros / 1'000) + took / 2 - clock.Now();
}

}  // namespace

Task<std::vector<RedisFinding>> CheckRedis(RedisClients& clients) {
  const std::shared_ptr<RedisHere> here = co_await clients.Here();
  redis::Client& client = *here->client;
  std::vector<RedisFinding> findings;
  const CallOptions options{.deadline = clients.In(kCheckTimeout), .repeat = Repeat::kSafe};
  const int replicas = clients.options().replicas;

  const std::vector<Endpoint> primaries = co_await client.Primaries(options.deadline);
  if (primaries.empty()) {
    const std::string error = client.health().error;
    findings.push_back(Unasked(error, clients.url().tls));
    co_return findings;
  }
  if (!clients.one_server()) {
    const Command command = Command("CLUSTER").Arg("INFO");
    const Outcome outcome = co_await client.Call(command, options);
    if (outcome && !outcome->is_error()) {
      const auto info = ParseInfo(outcome->text());
      const auto state = info.find("cluster_state");
      if (state != info.end() && state->second != "ok") {
        findings.push_back({true,
                            "The Redis Cluster does not serve all slots. Look at CLUSTER NODES, "
                            "and bring back the missing primaries.",
                            /*away=*/true});
      }
    }
  }
  for (const Endpoint& primary : primaries) {
    const std::string name = "Redis at " + primary.ToString();
    const Command info_command = Command("INFO");
    const Outcome outcome = co_await client.CallOn(primary, info_command, options);
    if (!outcome || outcome->is_error()) {
      std::string error =
          outcome ? name + ": " + std::string(outcome->text()) : outcome.error().sentence;
      findings.push_back(Unasked(error, clients.url().tls));
      continue;
    }
    const Millis ahead = co_await ClockAhead(clients, primary, options);
    if (auto clock = LookAtClock(name, ahead)) {
      findings.push_back(*std::move(clock));
    }
    const auto info = ParseInfo(outcome->text());
    const auto value = [&](std::string_view field) -> std::string {
      const auto found = info.find(field);
      return found == info.end() ? "" : found->second;
    };
    if (OldVersion(value("redis_version"))) {
      findings.push_back(
          {true, name + " is version " + value("redis_version") + ". Use 6.2 or newer."});
    }
    if (clients.one_server() && value("cluster_enabled") == "1") {
      findings.push_back({true, name + " is part of a Cluster. List several of its hosts in "
                                       "store.redis, or add ?cluster=true."});
    }
    if (value("role") == "slave") {
      findings.push_back({true, name + " is a replica and takes no writes. Name the primary."});
    }
    const std::string policy = value("maxmemory_policy");
    if (!policy.empty() && policy != "noeviction") {
      findings.push_back({true, name + " throws keys away when its memory is full (" + policy +
                                    "), likes among them. Set maxmemory-policy noeviction."});
    }
    if (value("aof_enabled") == "0") {
      findings.push_back({true, name + " keeps no append-only file, so a restart loses "
                                       "acknowledged likes. Set appendonly yes."});
    } else if (value("aof_last_write_status") == "err") {
      findings.push_back({true,
                          name + " cannot write its append-only file. Look at its log and at "
                                 "the room on its disk.",
                          /*away=*/true});
    }
    int connected = 0;
    const std::string connected_text = value("connected_slaves");
    std::from_chars(connected_text.data(), connected_text.data() + connected_text.size(),
                    connected);
    if (connected < replicas) {
      findings.push_back({true,
                          name + " has " + std::to_string(connected) +
                              " replicas, but store.redis_replicas asks for " +
                              std::to_string(replicas) +
                              ", so every like would be refused. Add replicas or lower the "
                              "setting.",
                          /*away=*/true});
    }
    // What INFO does not tell. Where CONFIG is forbidden nothing is said about it.
    const Command config = Command("CONFIG").Arg("GET").Arg("appendfsync");
    const Outcome fsync = co_await client.CallOn(primary, config, options);
    if (fsync && !fsync->is_error() && fsync->at(1).text() == "no") {
      findings.push_back({false, name +
                                     " leaves it to the kernel when its append-only file reaches "
                                     "the disk. Set appendfsync everysec or always."});
    }
  }
  co_return findings;
}

}  // namespace popradio::store::distributed
