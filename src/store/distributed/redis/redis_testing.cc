#include "store/distributed/redis/redis_testing.h"

#include <hiredis/hiredis.h>
#include <signal.h>
#include <sys/wait.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sstream>

namespace popradio::redis {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using process_testing::CanBind;
using process_testing::FreePort;
using process_testing::ReadFile;
using process_testing::Spawn;

// A node of a Cluster talks to the others this far above its port.
constexpr int kBusOffset = 10'000;

std::string Render(const redisReply* reply) {
  if (!reply) return "";
  switch (reply->type) {
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply->integer);
    case REDIS_REPLY_NIL:
      return "(nil)";
    case REDIS_REPLY_ERROR:
      return "-" + std::string(reply->str, reply->len);
    case REDIS_REPLY_ARRAY: {
      std::string lines;
      for (std::size_t i = 0; i < reply->elements; ++i) {
        lines += (i ? "\n" : "") + Render(reply->element[i]);
      }
      return lines;
    }
    default:
      return {reply->str, reply->len};
  }
}

}  // namespace

Loop::~Loop() {
  guard_.reset();
  context_.restart();
  context_.run_for(std::chrono::seconds(10));
}

bool Loop::Until(const std::function<bool()>& done, Millis limit) {
  const Millis deadline = clock_.Steady() + limit;
  while (!done()) {
    if (clock_.Steady() > deadline) return false;
    context_.run_one_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::shared_ptr<std::optional<Outcome>> Loop::Start(Task<Outcome> task) {
  auto place = std::make_shared<std::optional<Outcome>>();
  boost::asio::co_spawn(context_, std::move(task),
                        [place](const std::exception_ptr& failure, Outcome outcome) {
                          if (failure) std::rethrow_exception(failure);
                          place->emplace(std::move(outcome));
                        });
  return place;
}

RedisServer::RedisServer(std::vector<std::string> arguments, bool tls)
    : arguments_(std::move(arguments)), tls_(tls) {
  // Somebody else may take the port between looking and starting.
  for (int tries = 0; tries < 5; ++tries) {
    port_ = FreePort(kBusOffset);
    Launch();
    if (Answers()) return;
    Kill();
  }
  throw std::runtime_error("redis-server does not start: " + ReadFile(folder() + "/log"));
}

RedisServer::~RedisServer() {
  if (pid_ > 0) Kill();
}

void RedisServer::Launch() {
  const std::string port = std::to_string(port_);
  std::vector<std::string> command{"redis-server",
                                   tls_ ? "--tls-port" : "--port",
                                   port,
                                   "--bind",
                                   "127.0.0.1",
                                   "--dir",
                                   folder(),
                                   "--save",
                                   "",
                                   "--appendonly",
                                   "no"};
  if (tls_) command.insert(command.end(), {"--port", "0"});
  command.insert(command.end(), arguments_.begin(), arguments_.end());
  pid_ = Spawn(command, folder() + "/log");
}

bool RedisServer::Answers() const {
  bool gone = false;
  const bool decided = Eventually([&] {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    gone = info.si_pid == pid_;
    // Any answer will do, also that a password is wanted.
    return gone || (tls_ ? !CanBind(port_) : !Ask({"PING"}).empty());
  });
  return decided && !gone;
}

void RedisServer::Start() {
  Launch();
  if (!Answers()) throw std::runtime_error("redis-server does not start again");
}

void RedisServer::Signal(int signal) {
  ::kill(pid_, signal);
  if (signal == SIGSTOP && !Eventually([&] { return State() == 'T'; })) {
    throw std::runtime_error("redis-server cannot be halted: its state is " +
                             std::string(1, State()));
  }
}

char RedisServer::State() const { return process_testing::ProcessState(pid_); }

void RedisServer::Kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string RedisServer::Ask(const std::vector<std::string>& command,
                             const std::string& password) const {
  const timeval patience{5, 0};
  std::unique_ptr<redisContext, void (*)(redisContext*)> context(
      redisConnectWithTimeout("127.0.0.1", port_, patience), redisFree);
  if (!context || context->err) return "";
  redisSetTimeout(context.get(), patience);
  if (!password.empty()) freeReplyObject(redisCommand(context.get(), "AUTH %s", password.c_str()));
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const std::string& argument : command) {
    texts.push_back(argument.data());
    lengths.push_back(argument.size());
  }
  auto* reply = static_cast<redisReply*>(redisCommandArgv(
      context.get(), static_cast<int>(texts.size()), texts.data(), lengths.data()));
  std::string text = Render(reply);
  if (reply) freeReplyObject(reply);
  return text;
}

std::string RedisServer::Info(const std::string& section, const std::string& name) const {
  const std::string text = section == "cluster" ? Ask({"CLUSTER", "INFO"}) : Ask({"INFO", section});
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + ":")) {
      line.erase(0, name.size() + 1);
      while (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
  }
  return "";
}

RedisCluster::RedisCluster(int replicas) : replicas_(replicas) {
  std::vector<std::string> create{"redis-cli", "--cluster", "create"};
  for (int i = 0; i < 3 + 3 * replicas_; ++i) {
    servers_.push_back(std::make_unique<RedisServer>(std::vector<std::string>{
        "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout",
        "2000", "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0"}));
    create.push_back(servers_.back()->endpoint().ToString());
  }
  create.insert(create.end(), {"--cluster-replicas", std::to_string(replicas_), "--cluster-yes"});
  RunProgram(create);
  Heal();
}

bool RedisCluster::Whole() const {
  int replicated = 0;
  for (const auto& server : servers_) {
    if (server->Info("cluster", "cluster_state") != "ok") return false;
    if (server->Info("cluster", "cluster_slots_ok") != "16384") return false;
    const std::string nodes = server->Ask({"CLUSTER", "NODES"});
    if (nodes.find("fail") != std::string::npos) return false;
    // Everybody has heard who replicates whom.
    int known = 0;
    for (std::size_t at = nodes.find("slave"); at != nodes.npos; at = nodes.find("slave", at + 1)) {
      ++known;
    }
    if (known != 3 * replicas_) return false;
    if (server->Info("replication", "role") == "slave" &&
        server->Info("replication", "master_link_status") == "up") {
      ++replicated;
    }
  }
  return replicated == 3 * replicas_;
}

void RedisCluster::Heal() {
  for (const auto& server : servers_) {
    server->Signal(SIGCONT);
    if (server->Ask({"PING"}).empty()) {
      server->Kill();
      server->Start();
    }
  }
  if (!Eventually([this] { return Whole(); })) throw std::runtime_error("the Cluster is not whole");
}

RedisServer& RedisCluster::PrimaryOf(const std::string& key) {
  for (const auto& server : servers_) {
    const std::string said = server->Ask({"GET", key});
    if (!said.empty() && !said.starts_with("-")) return *server;
  }
  throw std::runtime_error("nobody serves " + key);
}

RedisServer& RedisCluster::AnotherPrimaryThan(const RedisServer& other) {
  for (const auto& server : servers_) {
    if (server.get() != &other && server->Info("replication", "role") == "master") return *server;
  }
  throw std::runtime_error("there is no other primary");
}

std::string RedisCluster::IdOf(const RedisServer& server) {
  return server.Ask({"CLUSTER", "MYID"});
}

RedisUrl RedisCluster::url() const {
  RedisUrl url;
  url.cluster = true;
  for (const auto& server : servers_) url.hosts.push_back(server->endpoint());
  return url;
}

FakeServer::FakeServer(Loop& loop, Serve serve)
    : acceptor_(loop.context(), tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)) {
  boost::asio::co_spawn(loop.context(),
                        Accept(acceptor_, std::make_shared<Serve>(std::move(serve)), connections_),
                        boost::asio::detached);
}

FakeServer::~FakeServer() { acceptor_.close(); }

Task<void> FakeServer::Accept(tcp::acceptor& acceptor, std::shared_ptr<Serve> serve,
                              std::shared_ptr<int> connections) {
  for (;;) {
    boost::system::error_code ec;
    tcp::socket accepted = co_await acceptor.async_accept(redirect_error(use_awaitable, ec));
    if (ec) co_return;
    const int number = ++*connections;
    auto talk = [](tcp::socket socket, std::shared_ptr<Serve> how, int n) -> Task<void> {
      const std::string introduction = co_await ReadUntil(socket, "popradio\r\n");
      if (introduction.empty()) co_return;
      co_await Say(socket, "+OK\r\n");
      co_await (*how)(socket, n);
    };
    boost::asio::co_spawn(acceptor.get_executor(), talk(std::move(accepted), serve, number),
                          boost::asio::detached);
  }
}

Task<std::string> ReadUntil(tcp::socket& socket, std::string text) {
  std::string bytes;
  char c = 0;
  while (!bytes.ends_with(text)) {
    boost::system::error_code ec;
    co_await socket.async_read_some(boost::asio::buffer(&c, 1), redirect_error(use_awaitable, ec));
    if (ec) co_return std::string();
    bytes += c;
  }
  co_return bytes;
}

Task<void> Say(tcp::socket& socket, std::string bytes) {
  boost::system::error_code ec;
  co_await boost::asio::async_write(socket, boost::asio::buffer(bytes),
                                    redirect_error(use_awaitable, ec));
}

}  // namespace popradio::redis
