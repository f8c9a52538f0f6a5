#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/task.h"
#include "domain/comment.h"
#include "domain/skip_vote.h"
#include "store/node_bus.h"

namespace popradio::api {

struct Station;

inline constexpr Millis kLinkTick{100};  // how long a listener who came or went stays untold
// A part of all listeners goes out this often, so that all have gone after sixteen; it also says
// that the node is alive.
inline constexpr Millis kRoomEvery{1'000};
// Timeline and votes are compared this often, should a message be lost.
inline constexpr Millis kCompareEvery{2'000};
// A node that says nothing for so long is gone, and its listeners with it.
inline constexpr Millis kNodeTimeout{10'000};

// Makes the nodes of a station one room: who listens, how they vote, what they write and what is on
// the air are told to the others, and what they tell is taken in. Everything that may be lost on
// the way is sent again by itself.
//
// Its loop and the messages run on the io_context it is given, which one thread runs; the other
// functions may be called from any thread.
class NodeLink : public std::enable_shared_from_this<NodeLink> {
 public:
  NodeLink(Station& station, store::NodeBus& bus, boost::asio::io_context& context);

  void Start();
  // Says goodbye.
  void Stop();

  void Voted(std::int64_t seq, const SessionId& session, const VoterAddress& address);
  void VoteWithdrawn(std::int64_t seq, const SessionId& session);
  // Data of the event, as this node's listeners got it. `target`: what the comment is about.
  void CommentAdded(const Target& target, std::string_view data);
  void CommentHidden(std::string_view data);
  void Reacted(std::string_view data);
  // What is on the air was changed here.
  void TimelineChanged();

 private:
  struct Node {
    unsigned number = 0;
    Millis heard{0};
  };

  void Register();
  // On the link's io_context, unless it has stopped.
  void On(std::string kind, void (NodeLink::*handler)(unsigned node, std::string_view payload));
  Task<void> Loop();
  void Tell();
  void SendRoom(std::size_t part);
  void SendVotes();
  void RefreshTimeline();
  // The sender's number; none when there are too many nodes.
  std::optional<unsigned> Heard(std::string_view name);
  void ForgetSilent();

  void OnHere(unsigned node, std::string_view payload);
  void OnRoom(unsigned node, std::string_view payload);
  void OnBye(unsigned node, std::string_view payload);
  void OnVotes(unsigned node, std::string_view payload);
  void OnWithdrawn(unsigned node, std::string_view payload);
  void OnComment(unsigned node, std::string_view payload);
  void OnHidden(unsigned node, std::string_view payload);
  void OnReaction(unsigned node, std::string_view payload);
  void OnTimeline(unsigned node, std::string_view payload);

  Station& station_;
  store::NodeBus& bus_;
  boost::asio::io_context& context_;
  boost::asio::steady_timer timer_;
  std::atomic<bool> stopped_{false};

  // Below: of the context.
  std::map<std::string, Node, std::less<>> nodes_;
  Millis room_at_{0}, compared_at_{0};
  std::size_t part_ = 0;
  bool refreshing_ = false, refresh_again_ = false;
};

}  // namespace popradio::api
