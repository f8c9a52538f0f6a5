#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace popradio::store {

// What the nodes of one station tell each other. A message arrives once or not at all: whoever
// needs them all compares now and then, and after a gap. Thread-safe once handlers are registered.
class NodeBus {
 public:
  virtual ~NodeBus() = default;

  // Other nodes' messages of a kind; never one's own. Called on the bus's thread; must not wait.
  // `from` names the sending node as long as it runs. Register before Start().
  using Handler = std::function<void(std::string_view from, std::string_view payload)>;
  virtual void On(std::string kind, Handler handler) = 0;
  // Messages may have been lost before this moment.
  virtual void OnGap(std::function<void()> handler) = 0;
  virtual void Start() = 0;

  // To all other nodes. Never waits; lost when the bus is away.
  virtual void Send(std::string_view kind, std::string payload) = 0;
};

}  // namespace popradio::store
