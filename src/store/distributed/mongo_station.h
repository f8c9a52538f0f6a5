#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "store/distributed/mongo/pool.h"

namespace popradio::store::distributed {

// What this program writes; rises with every change that an older program would not understand.
inline constexpr std::int64_t kMongoSchema = 1;

// What MongoDB says about itself.
struct MongoFacts {
  std::string version;      // "6.0.5"
  std::string replica_set;  // its name; empty: none
  int members = 0;
  Millis clock_ahead{0};    // of the server's clock before ours; what was on the way included
  std::int64_t schema = 0;  // of this station; 0: none yet
  bool moving_in = false;   // a station is being moved in; what is there is a part of it
};

// Asks the server, on this thread. Fails with a sentence for operators that tells apart: nobody
// answers, the login, the certificate, a server alone without a replica set, one that is too old,
// and a station that a newer PopRadio wrote.
Result<MongoFacts> AskMongo(mongo::Pool& pool, const Clock& clock);

// What belongs to the whole station and to no store: the collections' indexes, the schema, the
// secret.
class MongoStation {
 public:
  // Looks at the server as AskMongo(), and makes what is missing; any number of nodes may do so at
  // once. On this thread.
  // A station that is being moved in is refused, unless `moving_in`.
  static Result<std::unique_ptr<MongoStation>> Open(mongo::Pool& pool, const Clock& clock,
                                                    Random& random, bool moving_in = false);

  // 32 bytes, the same on every node and after every restart.
  const std::string& secret() const { return secret_; }
  const MongoFacts& facts() const { return facts_; }

 private:
  MongoStation(MongoFacts facts, std::string secret)
      : facts_(std::move(facts)), secret_(std::move(secret)) {}
  const MongoFacts facts_;
  const std::string secret_;
};

}  // namespace popradio::store::distributed
