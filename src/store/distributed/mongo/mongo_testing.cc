#include "store/distributed/mongo/mongo_testing.h"

#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <stdexcept>

#include "base/random.h"
#include "store/distributed/mongo/driver.h"

namespace popradio::mongo {
namespace {

using process_testing::FreePort;
using process_testing::ReadFile;
using process_testing::Spawn;

constexpr char kReplicaSet[] = "popradio";
// A set of tests decides quickly who is next.
constexpr int kElectionMs = 2'000, kMemberHeartbeatMs = 500;

struct FreeClient {
  void operator()(mongoc_client_t* client) const { mongoc_client_destroy(client); }
};

std::unique_ptr<Pool> OpenPool(const std::string& url, PoolOptions options, const Clock& clock) {
  auto parsed = ParseMongoUrl(url);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  auto pool = Pool::Open(*std::move(parsed), std::move(options), clock);
  if (!pool) throw std::runtime_error(pool.error().message);
  return *std::move(pool);
}

}  // namespace

std::string FindMongod() {
  std::string found = RunProgram({"sh", "-c", "command -v mongod || true"});
  while (!found.empty() && found.back() == '\n') found.pop_back();
  if (!found.empty()) return found;
  const std::string fetched = POPRADIO_SOURCE_DIR "/.tools/mongod/mongod";
  if (std::filesystem::exists(fetched)) return fetched;
  throw std::runtime_error(
      "these tests need a real MongoDB server: run ./dev mongod, or put mongod on PATH");
}

MongoServer::MongoServer(std::vector<std::string> arguments, std::string replica_set)
    : arguments_(std::move(arguments)), replica_set_(std::move(replica_set)) {
  // Somebody else may take the port between looking and starting.
  for (int tries = 0; tries < 5; ++tries) {
    port_ = FreePort();
    Launch();
    if (Answers()) return;
    Kill();
  }
  throw std::runtime_error("mongod does not start: " + ReadFile(folder() + "/log"));
}

MongoServer::~MongoServer() {
  if (pid_ > 0) Kill();
}

void MongoServer::Launch() {
  std::vector<std::string> command{FindMongod(),
                                   "--port",
                                   std::to_string(port_),
                                   "--bind_ip",
                                   "127.0.0.1",
                                   "--dbpath",
                                   folder(),
                                   "--nounixsocket",
                                   "--quiet",
                                   "--oplogSize",
                                   "128",
                                   "--wiredTigerCacheSizeGB",
                                   "0.25",
                                   "--setParameter",
                                   "ttlMonitorEnabled=false",
                                   "--setParameter",
                                   "ttlMonitorSleepSecs=1",
                                   "--setParameter",
                                   "diagnosticDataCollectionEnabled=false"};
  if (!replica_set_.empty()) command.insert(command.end(), {"--replSet", replica_set_});
  command.insert(command.end(), arguments_.begin(), arguments_.end());
  pid_ = Spawn(command, folder() + "/log");
}

bool MongoServer::Answers() const {
  bool gone = false;
  const bool decided = Eventually([&] {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    gone = info.si_pid == pid_;
    // It listens last of all.
    return gone || !process_testing::CanBind(port_);
  });
  return decided && !gone;
}

void MongoServer::Start() {
  Launch();
  if (!Answers()) throw std::runtime_error("mongod does not start again");
}

void MongoServer::Signal(int signal) { ::kill(pid_, signal); }

void MongoServer::Kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string MongoServer::url(const std::string& options) const {
  return "mongodb://" + endpoint() + "/?directConnection=true" + options;
}

Document MongoServer::Ask(const Document& command, const std::string& options) const {
  StartDriver();
  const std::unique_ptr<mongoc_client_t, FreeClient> client(mongoc_client_new(
      url("&serverSelectionTryOnce=false&serverSelectionTimeoutMS=10000&socketTimeoutMS=20000" +
          options)
          .c_str()));
  if (!client) throw std::runtime_error("no such MongoDB address: " + url(options));
  bson_t reply;
  bson_error_t error;
  const bool answered =
      mongoc_client_command_simple(client.get(), "admin", command.get(), nullptr, &reply, &error);
  const Document document(&reply);
  bson_destroy(&reply);
  if (!answered) throw std::runtime_error(error.message);
  return document;
}

ReplicaSet::ReplicaSet(int members, std::vector<std::string> arguments) {
  List described;
  for (int i = 0; i < members; ++i) {
    servers_.push_back(std::make_unique<MongoServer>(arguments, kReplicaSet));
    described.Add(Document{{"_id", i}, {"host", servers_.back()->endpoint()}});
  }
  servers_[0]->Ask(Document{
      {"replSetInitiate",
       Document{{"_id", kReplicaSet},
                {"members", described},
                {"settings", Document{{"electionTimeoutMillis", kElectionMs},
                                      {"heartbeatIntervalMillis", kMemberHeartbeatMs}}}}}});
  Heal();
}

std::string ReplicaSet::url(const std::string& database, const std::string& options) const {
  std::string hosts;
  for (const auto& server : servers_) hosts += (hosts.empty() ? "" : ",") + server->endpoint();
  return "mongodb://" + hosts + "/" + database + "?replicaSet=" + kReplicaSet + options;
}

MongoServer* ReplicaSet::Find(const std::string& state) {
  for (const auto& server : servers_) {
    try {
      if (server->Ask(Document{{"hello", 1}}).view().Bool(state)) return server.get();
    } catch (const std::runtime_error&) {
      // Killed, or not up yet.
    }
  }
  return nullptr;
}

MongoServer& ReplicaSet::Primary() {
  MongoServer* found = nullptr;
  if (!Eventually([&] { return (found = Find("isWritablePrimary")) != nullptr; })) {
    throw std::runtime_error("the replica set has no primary");
  }
  return *found;
}

MongoServer& ReplicaSet::Secondary() {
  MongoServer* found = nullptr;
  if (!Eventually([&] { return (found = Find("secondary")) != nullptr; })) {
    throw std::runtime_error("the replica set has no secondary");
  }
  return *found;
}

void ReplicaSet::Heal() {
  for (const auto& server : servers_) {
    server->Signal(SIGCONT);
    try {
      (void)server->Ask(Document{{"ping", 1}});
    } catch (const std::runtime_error&) {
      server->Kill();
      server->Start();
    }
  }
  const bool whole = Eventually([&] {
    std::size_t members = 0, primaries = 0;
    for (const auto& server : servers_) {
      const Document hello = server->Ask(Document{{"hello", 1}});
      const bool primary = hello.view().Bool("isWritablePrimary");
      primaries += primary;
      members += primary || hello.view().Bool("secondary");
    }
    return primaries == 1 && members == servers_.size();
  });
  if (!whole) throw std::runtime_error("the replica set does not become whole");
}

ReplicaSet& SharedSet() {
  static ReplicaSet set;
  return set;
}

TestDatabase::TestDatabase(PoolOptions options) {
  static SystemRandom random;
  name_ = "test" + std::to_string(random.Next());
  pool_ = OpenPool(url(), std::move(options), clock_);
}

TestDatabase::~TestDatabase() {
  (void)Do<void>([](Database& database) { return database.Drop(); });
}

std::unique_ptr<Pool> TestDatabase::Another(PoolOptions options) const {
  return OpenPool(url(), std::move(options), clock_);
}

std::vector<Document> TestDatabase::All(const char* collection) {
  std::vector<Document> found;
  auto done = Do<void>([&](Database& database) {
    FindOptions options;
    options.sort = Document{{"_id", 1}};
    return database.Find(collection, Document(), options, [&](View view) {
      bson_t bson;
      bson_init_static(&bson, view.data(), view.size());
      found.emplace_back(&bson);
    });
  });
  if (!done) throw std::runtime_error(done.error().message);
  return found;
}

}  // namespace popradio::mongo
