#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/distributed/redis/client.h"
#include "store/distributed/redis/slots.h"

namespace popradio::redis {

// Tries of one call at most; what ends a call first is nearly always its deadline.
inline constexpr int kMaxTries = 64;
// Redirections that are followed without a pause: more are a Cluster that has not made up its mind.
inline constexpr int kMaxPromptRedirects = 3;

// What an answer asks for.
enum class Advice : std::uint8_t {
  kFinal,      // nothing: the caller gets it
  kLater,      // it was not executed (or may be repeated): again after a pause
  kReconnect,  // the same, and the map of the Cluster is in doubt
  kMoved,      // not executed: the slot lives elsewhere now
  kAsk,        // not executed: this one key lives elsewhere, ask there once
};

// Where MOVED and ASK point: "MOVED 3999 127.0.0.1:6381". A node without a host is on the host that
// was asked.
struct Redirect {
  std::uint16_t slot = 0;
  Endpoint node;
};
std::optional<Redirect> ParseRedirect(std::string_view error, const Endpoint& asked);

// What to do after `outcome`. `repeat` decides where it may have been executed.
Advice Judge(const Outcome& outcome, Repeat repeat);

// The tries of one call: counts them, pauses between them, and knows how it all ended.
class Tries {
 public:
  Tries(const Environment& environment, const CallOptions& options)
      : environment_(environment), options_(options) {}

  // Notes what came; it is returned when there is no more time.
  void Note(const Outcome& outcome);
  // Whether there may be one more, right now.
  bool Next();
  // Whether this redirection may be followed without a pause.
  bool PromptRedirect() { return ++redirects_ <= kMaxPromptRedirects; }
  // Pauses, each time twice as long. False: the deadline comes first.
  Task<bool> Pause();
  // The end without a reply: kUnavailable (kTimeout if some try may have happened) and the last
  // thing that went wrong.
  Outcome GiveUp() const;

 private:
  const Environment& environment_;
  const CallOptions options_;
  int tries_ = 0, pauses_ = 0, redirects_ = 0;
  bool may_have_happened_ = false;
  std::string last_ = "Redis could not be asked in time";
};

}  // namespace popradio::redis
