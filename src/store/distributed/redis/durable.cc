#include "store/distributed/redis/durable.h"

#include <boost/asio/post.hpp>

namespace popradio::redis {
namespace {

// What the way of a WAIT's answer may take beyond the server's own waiting.
constexpr Millis kWaitGrace{1000};

}  // namespace

std::shared_ptr<Durable> Durable::Open(const Environment& environment,
                                       std::shared_ptr<Connection> connection, int replicas,
                                       Millis wait_timeout) {
  return std::shared_ptr<Durable>(
      new Durable(environment, std::move(connection), replicas, wait_timeout));
}

Durable::Durable(const Environment& environment, std::shared_ptr<Connection> connection,
                 int replicas, Millis wait_timeout)
    : environment_(environment),
      connection_(std::move(connection)),
      replicas_(replicas),
      wait_timeout_(wait_timeout),
      wait_(Command("WAIT").Arg(replicas).Arg(wait_timeout.count())),
      timer_(environment.context, environment.clock) {
  connection_->SetObserver(this);
}

Durable::~Durable() { connection_->SetObserver(nullptr); }

Task<Outcome> Durable::Send(const Command& command, Millis deadline, bool asking, bool once) {
  const std::shared_ptr<Durable> self = shared_from_this();
  wanted_ = true;  // the WAIT leaves in the same write
  Position position;
  Outcome outcome = co_await connection_->Send(command, deadline, asking, &position, once);
  if (!outcome || outcome->is_error()) co_return outcome;
  if (confirmed_.session == position.session && confirmed_.number > position.number) {
    ++proven_;
    co_return outcome;
  }
  Verdict verdict = co_await SuspendFor<Verdict>(
      [this, position, deadline](std::unique_ptr<Waiter<Verdict>> waiter) {
        waiting_.push_back({position, deadline, std::move(waiter)});
        timer_.Set(deadline, weak_from_this(), &Durable::OnDeadline);
        if (!wait_in_flight_) {
          wanted_ = true;
          connection_->WantFlush();
        }
      });
  if (verdict.empty()) {
    ++proven_;
    co_return outcome;
  }
  co_return Failed(FailureKind::kUnavailable, true, std::move(verdict));
}

void Durable::BeforeFlush() {
  if (!wanted_ || wait_in_flight_) return;
  wanted_ = false;
  wait_in_flight_ = true;
  ++waits_;
  // The position is known when Submit returns, and the answer comes later.
  auto position = std::make_shared<Position>();
  connection_->Submit(
      wait_, environment_.clock.Steady() + wait_timeout_ + kWaitGrace, false, position.get(),
      MakeWaiter<Outcome>([self = weak_from_this(), position](const Outcome& outcome) {
        if (const auto alive = self.lock()) alive->OnWaited(*position, outcome);
      }));
}

Durable::Verdict Durable::Judge(const Outcome& outcome) const {
  const std::string wanted = std::to_string(replicas_);
  if (!outcome) return outcome.error().sentence + ", before " + wanted + " replicas confirmed";
  if (outcome->is_error()) return "Redis refused WAIT: " + std::string(outcome->text());
  if (!outcome->is_integer()) return "Redis answered WAIT with something else than a number";
  if (outcome->integer() >= replicas_) return {};
  return "Redis at " + connection_->endpoint().ToString() + ": only " +
         std::to_string(outcome->integer()) + " of " + wanted + " replicas confirmed in time";
}

void Durable::OnWaited(Position position, const Outcome& outcome) {
  wait_in_flight_ = false;
  const Verdict verdict = Judge(outcome);
  if (verdict.empty()) confirmed_ = position;
  End(verdict, [&](const Covered& covered) {
    return covered.position.session == position.session &&
           covered.position.number < position.number;
  });
  if (!waiting_.empty() || wanted_) {
    wanted_ = true;
    connection_->WantFlush();
  }
}

void Durable::OnLost() {
  wait_in_flight_ = false;
  End("Redis at " + connection_->endpoint().ToString() +
          " lost the connection before its replicas confirmed",
      [](const Covered&) { return true; });
}

void Durable::OnDeadline() {
  const Millis now = environment_.clock.Steady();
  End("Redis at " + connection_->endpoint().ToString() + ": the replicas did not confirm in time",
      [now](const Covered& covered) { return covered.deadline <= now; });
  Millis next = DeadlineTimer::kNever;
  for (const Covered& covered : waiting_) next = std::min(next, covered.deadline);
  if (next != DeadlineTimer::kNever) timer_.Set(next, weak_from_this(), &Durable::OnDeadline);
}

template <class Matches>
void Durable::End(const Verdict& verdict, Matches matches) {
  std::vector<std::unique_ptr<Waiter<Verdict>>> ended;
  std::erase_if(waiting_, [&](Covered& covered) {
    if (!matches(covered)) return false;
    ended.push_back(std::move(covered.waiter));
    return true;
  });
  if (ended.empty()) return;
  boost::asio::post(environment_.context, [ended = std::move(ended), verdict] {
    for (const auto& waiter : ended) waiter->Resume(verdict);
  });
}

}  // namespace popradio::redis
