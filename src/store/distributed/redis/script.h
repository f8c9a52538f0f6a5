#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/distributed/redis/client.h"

namespace popradio::redis {

// A Lua script that runs on the server as one step. Sent by its SHA-1, computed here, so that the
// text travels only when a server does not know it yet (NOSCRIPT: nothing was executed).
class Script {
 public:
  explicit Script(std::string source);
  const std::string& source() const { return source_; }
  // 40 lower-case hexadecimal digits.
  const std::string& sha1() const { return sha1_; }

  // Its keys must share a slot; with none, any node runs it. EVALSHA, then EVAL where that is
  // unknown. A failure or an error reply is as from Client::Call.
  Task<Outcome> Run(Client& client, std::span<const std::string_view> keys,
                    std::span<const std::string_view> arguments, CallOptions options) const;

 private:
  std::string source_;
  std::string sha1_;
};

}  // namespace popradio::redis
