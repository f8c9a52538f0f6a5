#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "base/task.h"
#include "store/distributed/redis/environment.h"
#include "store/distributed/redis/redis_url.h"
#include "store/distributed/redis/stream.h"

namespace popradio::redis {

// How one shows oneself to a server; the same for every node of a Cluster.
struct Login {
  std::string user;
  std::string password;
  int database = 0;
  std::string client_name = "popradio";            // seen in CLIENT LIST
  std::shared_ptr<boost::asio::ssl::context> tls;  // null: plain
};

// From an address; reads the file of certificate authorities.
Result<std::shared_ptr<const Login>> MakeLogin(const RedisUrl& url, std::string client_name);

// Resolves, connects, TLS, AUTH, SELECT, CLIENT SETNAME: all of it within `timeout`. Empty:
// `stream` is ready for commands. Else a sentence that names the server and never the password.
// Closing the stream ends the attempt.
Task<std::string> Dial(Environment environment, std::shared_ptr<Stream> stream, Endpoint endpoint,
                       std::shared_ptr<const Login> login, Millis timeout);

// How long to wait before the attempt after `failures` failed ones: doubling from `first` up to
// `most`, then drawn from the upper half, so that many clients do not come back at once.
Millis Backoff(int failures, Millis first, Millis most, Random& random);

}  // namespace popradio::redis
