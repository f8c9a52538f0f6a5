#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "base/clock.h"
#include "base/random.h"

namespace popradio::redis {

// What everything in this folder lives on. The context is run by one thread, and nothing here may
// be touched from another one; all three outlive whatever was made with them.
struct Environment {
  boost::asio::io_context& context;
  const Clock& clock;
  Random& random;
};

// How a server, or the connection to it, is.
struct Health {
  bool up = false;
  Instant since{};    // when that began
  std::string error;  // why it is down: a sentence
};

}  // namespace popradio::redis
