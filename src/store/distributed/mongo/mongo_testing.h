#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/distributed/mongo/pool.h"
#include "store/distributed/process_testing.h"

namespace popradio::mongo {

using process_testing::Eventually;
using process_testing::kTestLimit;
using process_testing::RunProgram;
using process_testing::TemporaryFolder;

// Where mongod is: on PATH, else where `./dev mongod` puts it. Throws with a sentence if nowhere.
std::string FindMongod();

// A real mongod on a free port of 127.0.0.1, in a folder of its own. Its TTL monitor is off until a
// test turns it on, because tests live on a clock of their own; then it looks every second.
class MongoServer {
 public:
  // `arguments` as on the command line. With `replica_set`, it is a member once initiated.
  explicit MongoServer(std::vector<std::string> arguments = {}, std::string replica_set = "");
  ~MongoServer();
  MongoServer(const MongoServer&) = delete;
  MongoServer& operator=(const MongoServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
  const std::string& folder() const { return folder_.path(); }
  // To this one alone, whatever its role.
  std::string url(const std::string& options = "") const;
  void Signal(int signal);
  void Kill();   // SIGKILL, and waits until it is gone
  void Start();  // again, on the same port and folder
  // Runs a command on `admin` over a connection of its own. Throws with what it says if it fails.
  Document Ask(const Document& command, const std::string& options = "") const;

 private:
  void Launch();
  bool Answers() const;
  TemporaryFolder folder_;
  const std::vector<std::string> arguments_;
  const std::string replica_set_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

// A replica set with a primary.
class ReplicaSet {
 public:
  explicit ReplicaSet(int members = 1, std::vector<std::string> arguments = {});
  MongoServer& member(std::size_t index) { return *servers_[index]; }
  std::size_t size() const { return servers_.size(); }
  std::string url(const std::string& database = "", const std::string& options = "") const;
  // The member that is primary just now; waits for one.
  MongoServer& Primary();
  MongoServer& Secondary();
  // Starts what was killed, continues what was stopped, waits until all are members again.
  void Heal();

 private:
  MongoServer* Find(const std::string& state);
  std::vector<std::unique_ptr<MongoServer>> servers_;
};

// One member, shared by all tests of a program: starting one takes a second or two.
ReplicaSet& SharedSet();

// A database of its own on the shared set, and a pool on it; both go with the fixture.
class TestDatabase {
 public:
  explicit TestDatabase(PoolOptions options = {});
  ~TestDatabase();
  Pool& pool() { return *pool_; }
  const std::string& name() const { return name_; }
  std::string url() const { return SharedSet().url(name_); }
  // Another pool on the same database, as another node would have it.
  std::unique_ptr<Pool> Another(PoolOptions options = {}) const;
  // Runs something on the database, on this thread.
  template <class T>
  Result<T> Do(std::function<Result<T>(Database&)> work) {
    return pool_->RunHere(work);
  }
  // Everything in a collection, as it stands there; sorted by _id.
  std::vector<Document> All(const char* collection);

 private:
  SystemClock clock_;
  std::string name_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace popradio::mongo
