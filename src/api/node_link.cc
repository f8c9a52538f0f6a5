#include "api/node_link.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/node_messages.h"
#include "api/station.h"
#include "base/log.h"

namespace popradio::api {

namespace asio = boost::asio;

NodeLink::NodeLink(Station& station, store::NodeBus& bus, asio::io_context& context)
    : station_(station), bus_(bus), context_(context), timer_(context) {}

void NodeLink::Start() {
  station_.presence.ShareChanges();
  Register();
  station_.parts.conductor.OnStored([weak = weak_from_this()] {
    if (const auto link = weak.lock()) link->TimelineChanged();
  });
  bus_.Start();
  asio::co_spawn(
      context_, [self = shared_from_this()]() -> Task<void> { co_await self->Loop(); },
      asio::detached);
}

void NodeLink::Register() {
  On("here", &NodeLink::OnHere);
  On("room", &NodeLink::OnRoom);
  On("bye", &NodeLink::OnBye);
  On("votes", &NodeLink::OnVotes);
  On("vote-withdrawn", &NodeLink::OnWithdrawn);
  On("comment", &NodeLink::OnComment);
  On("comment-hidden", &NodeLink::OnHidden);
  On("reaction", &NodeLink::OnReaction);
  On("timeline", &NodeLink::OnTimeline);
  bus_.OnGap([weak = weak_from_this()] {
    const auto link = weak.lock();
    if (!link) return;
    asio::post(link->context_, [link] {
      if (link->stopped_) return;
      for (std::size_t part = 0; part < realtime::Presence::kParts; ++part) link->SendRoom(part);
      link->SendVotes();
      link->RefreshTimeline();
    });
  });
}

void NodeLink::On(std::string kind,
                  void (NodeLink::*handler)(unsigned node, std::string_view payload)) {
  bus_.On(std::move(kind),
          [weak = weak_from_this(), handler](std::string_view from, std::string_view payload) {
            const auto link = weak.lock();
            if (!link) return;
            asio::post(link->context_,
                       [link, handler, from = std::string(from), payload = std::string(payload)] {
                         if (link->stopped_) return;
                         if (const auto node = link->Heard(from)) {
                           ((*link).*handler)(*node, payload);
                         }
                       });
          });
}

void NodeLink::Stop() {
  stopped_ = true;
  bus_.Send("bye", "");
  asio::post(context_, [self = shared_from_this()] { self->timer_.cancel(); });
}

std::optional<unsigned> NodeLink::Heard(std::string_view name) {
  const Millis now = station_.parts.clock.Steady();
  if (const auto known = nodes_.find(name); known != nodes_.end()) {
    known->second.heard = now;
    return known->second.number;
  }
  std::uint64_t taken = 0;
  for (const auto& [other, node] : nodes_) taken |= std::uint64_t{1} << node.number;
  for (unsigned number = 0; number < realtime::kMaxNodes; ++number) {
    if ((taken >> number & 1) != 0) continue;
    nodes_.emplace(std::string(name), Node{number, now});
    Log(LogLevel::kInfo, "another node of this station", {{"node", name}});
    // It has just begun, or has been away: it does not know who is here.
    for (std::size_t part = 0; part < realtime::Presence::kParts; ++part) SendRoom(part);
    SendVotes();
    return number;
  }
  return std::nullopt;
}

void NodeLink::ForgetSilent() {
  const Millis now = station_.parts.clock.Steady();
  for (auto it = nodes_.begin(); it != nodes_.end();) {
    if (now - it->second.heard < kNodeTimeout) {
      ++it;
      continue;
    }
    Log(LogLevel::kWarn, "a node of this station is silent", {{"node", it->first}});
    station_.presence.ForgetNode(it->second.number, now);
    it = nodes_.erase(it);
  }
}

Task<void> NodeLink::Loop() {
  while (!stopped_) {
    Tell();
    timer_.expires_after(kLinkTick);
    boost::system::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

void NodeLink::Tell() {
  const Millis now = station_.parts.clock.Steady();
  if (const auto changes = station_.presence.TakeChanges(); !changes.empty()) {
    bus_.Send("here", PackListeners(0, changes));
  }
  if (now - room_at_ >= kRoomEvery) {
    room_at_ = now;
    SendRoom(part_);
    part_ = (part_ + 1) % realtime::Presence::kParts;
    ForgetSilent();
  }
  if (now - compared_at_ >= kCompareEvery) {
    compared_at_ = now;
    SendVotes();
    RefreshTimeline();
  }
}

void NodeLink::SendRoom(std::size_t part) {
  bus_.Send("room",
            PackListeners(part, station_.presence.HereNow(part, station_.parts.clock.Steady())));
}

void NodeLink::SendVotes() {
  const VotesMessage votes = station_.ballot.All();
  if (!votes.second.empty()) bus_.Send("votes", PackVotes(votes));
}

void NodeLink::RefreshTimeline() {
  if (refreshing_) {
    refresh_again_ = true;
    return;
  }
  refreshing_ = true;
  asio::co_spawn(
      context_,
      [self = shared_from_this()]() -> Task<void> {
        do {
          self->refresh_again_ = false;
          (void)co_await self->station_.parts.conductor.Refresh();  // next time, if not now
        } while (self->refresh_again_ && !self->stopped_);
        self->refreshing_ = false;
      },
      asio::detached);
}

void NodeLink::Voted(std::int64_t seq, const SessionId& session, const VoterAddress& address) {
  // The others count a vote only of somebody who is there: first who it is.
  bus_.Send("here", PackListeners(0, {{session, address, true}}));
  bus_.Send("votes", PackVotes({seq, {{session, address}}}));
}

void NodeLink::VoteWithdrawn(std::int64_t seq, const SessionId& session) {
  bus_.Send("vote-withdrawn", PackVotes({seq, {{session, std::nullopt}}}));
}

void NodeLink::CommentAdded(const Target& target, std::string_view data) {
  bus_.Send("comment", PackTargeted(target, data));
}

void NodeLink::CommentHidden(std::string_view data) {
  bus_.Send("comment-hidden", std::string(data));
}

void NodeLink::Reacted(std::string_view data) { bus_.Send("reaction", std::string(data)); }

void NodeLink::TimelineChanged() { bus_.Send("timeline", ""); }

void NodeLink::OnHere(unsigned node, std::string_view payload) {
  const auto changes = UnpackListeners(payload);
  if (!changes) return;
  for (const auto& change : changes->second) {
    station_.presence.ChangeElsewhere(node, change, station_.parts.clock.Steady());
  }
}

void NodeLink::OnRoom(unsigned node, std::string_view payload) {
  const auto all = UnpackListeners(payload);
  if (!all) return;
  station_.presence.ReplaceElsewhere(node, all->first, all->second, station_.parts.clock.Steady());
}

void NodeLink::OnBye(unsigned node, std::string_view) {
  station_.presence.ForgetNode(node, station_.parts.clock.Steady());
  std::erase_if(nodes_, [&](const auto& entry) { return entry.second.number == node; });
}

void NodeLink::OnVotes(unsigned, std::string_view payload) {
  const auto votes = UnpackVotes(payload);
  if (!votes) return;
  for (const auto& [session, address] : votes->second) {
    station_.ballot.CastElsewhere(votes->first, session, address);
  }
  station_.feed->Nudge();
}

void NodeLink::OnWithdrawn(unsigned, std::string_view payload) {
  const auto votes = UnpackVotes(payload);
  if (!votes) return;
  for (const auto& [session, address] : votes->second) {
    station_.ballot.Withdraw(votes->first, session, station_.parts.clock.Steady());
  }
  station_.feed->Nudge();
}

void NodeLink::OnComment(unsigned, std::string_view payload) {
  if (const auto comment = UnpackTargeted(payload)) {
    station_.feed->PublishComment(comment->first, std::string(comment->second));
  }
}

void NodeLink::OnHidden(unsigned, std::string_view payload) {
  station_.feed->PublishHidden(std::string(payload));
}

void NodeLink::OnReaction(unsigned, std::string_view payload) {
  station_.feed->PublishReaction(std::string(payload));
}

void NodeLink::OnTimeline(unsigned, std::string_view) { RefreshTimeline(); }

}  // namespace popradio::api
