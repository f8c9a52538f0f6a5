#pragma once

#include <mongoc/mongoc.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace popradio::mongo {

inline constexpr char kDefaultDatabase[] = "popradio";
// Unless the address says otherwise. A server that does not answer is given up after these; one
// that is back is noticed within a second.
inline constexpr int kServerSelectionMs = 3'000;
inline constexpr int kConnectMs = 3'000;
inline constexpr int kSocketMs = 10'000;
inline constexpr int kHeartbeatMs = 1'000;
// How long a write may wait for the majority.
inline constexpr int kMajorityMs = 5'000;

struct FreeUri {
  void operator()(mongoc_uri_t* uri) const { mongoc_uri_destroy(uri); }
};

// A MongoDB address, taken apart: mongodb://[user[:password]@]host[:port][,host…][/database][?…],
// or mongodb+srv://…. All the options of MongoDB's own format are understood (TLS, authentication,
// replicaSet, timeouts).
struct MongoUrl {
  std::unique_ptr<mongoc_uri_t, FreeUri> uri;  // with what this program always wants set
  std::string database;
  std::string hosts;     // "a:27017, b:27017": for messages
  std::string password;  // to keep it out of messages; may be empty
};

// kInvalidParameter with a sentence that says what is wrong and never holds the password.
Result<MongoUrl> ParseMongoUrl(std::string_view text);

}  // namespace popradio::mongo
