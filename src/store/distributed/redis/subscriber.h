#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "store/distributed/redis/dial.h"
#include "store/distributed/redis/environment.h"
#include "store/distributed/redis/redis_url.h"
#include "store/distributed/redis/reply.h"

namespace popradio::redis {

struct SubscriberOptions {
  Millis connect_timeout{2000};
  Millis backoff_first{20};
  Millis backoff_most{1000};
  // A PING leaves this often; a server that has said nothing for three of them is taken for dead.
  Millis ping_interval{1000};
};

// Called on the subscriber's thread; they may call Subscribe, Unsubscribe and Stop.
struct SubscriberEvents {
  std::function<void(std::string_view channel, std::string_view payload)> on_message;
  // All channels are (again) subscribed, as the server has confirmed. `gap`: not for the first
  // time, so messages may have been lost before.
  std::function<void(bool gap)> on_subscribed;
};

// A connection that listens to channels, made again whenever it ends, on the next host of the list
// (in a Cluster every node hears everything that is published). Redis keeps no messages for those
// who are away: whoever needs them all compares after a gap. One thread; made by Open(), ended by
// Stop().
class Subscriber : public std::enable_shared_from_this<Subscriber> {
 public:
  static std::shared_ptr<Subscriber> Open(const Environment& environment,
                                          std::vector<Endpoint> hosts,
                                          std::shared_ptr<const Login> login,
                                          SubscriberEvents events,
                                          const SubscriberOptions& options = {});

  void Subscribe(const std::string& channel);
  void Unsubscribe(const std::string& channel);
  void Stop();
  // Up: every channel is subscribed.
  const Health& health() const { return health_; }
  std::uint64_t reconnects() const { return sessions_ == 0 ? 0 : sessions_ - 1; }

 private:
  Subscriber(const Environment& environment, std::vector<Endpoint> hosts,
             std::shared_ptr<const Login> login, SubscriberEvents events,
             const SubscriberOptions& options);

  static Task<void> Run(std::shared_ptr<Subscriber> self);
  Task<std::string> ReadLoop(std::shared_ptr<Stream> stream, const Endpoint& endpoint);
  // PINGs, and closes the stream when nothing comes.
  static Task<void> Watch(std::shared_ptr<Subscriber> self, std::shared_ptr<Stream> stream);
  void OnReply(const Reply& reply);
  void Confirm();
  void SendLine(std::string_view verb, const std::set<std::string>& channels);
  void Flush();
  void SetHealth(bool up, const std::string& error);

  const Environment environment_;
  const std::vector<Endpoint> hosts_;
  const std::shared_ptr<const Login> login_;
  const SubscriberEvents events_;
  const SubscriberOptions options_;
  std::set<std::string> channels_;
  std::set<std::string> confirmed_;  // on the present connection
  bool announced_ = false;           // on_subscribed was called for it
  std::shared_ptr<Stream> dialing_, stream_;
  std::string out_;
  bool write_in_flight_ = false, stopped_ = false;
  bool ever_announced_ = false;
  Millis heard_at_{};
  std::uint64_t sessions_ = 0;
  boost::asio::steady_timer pause_, watch_;
  Health health_;
};

}  // namespace popradio::redis
