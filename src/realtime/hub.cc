#include "realtime/hub.h"

#include <boost/asio/post.hpp>
#include <charconv>
#include <chrono>
#include <future>

namespace popradio::realtime {

Hub::Hub(const std::vector<boost::asio::io_context*>& contexts, const Clock& clock, Random& random,
         std::size_t turns)
    : clock_(clock), contexts_(contexts), last_to_all_(clock.Steady()), turns_(turns) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t value = random.Next();
  for (int i = 0; i < 8; ++i, value >>= 4) epoch_ += kDigits[value & 15];
  for (boost::asio::io_context* context : contexts_) {
    shards_.push_back(std::make_unique<HubShard>(*this, *context, clock));
  }
}

Hub::~Hub() = default;

std::string Hub::IdLine(std::uint64_t number) const {
  return "id: " + epoch_ + '-' + std::to_string(number) + '\n';
}

std::optional<std::uint64_t> Hub::NumberOf(std::string_view id) const {
  if (id.size() <= epoch_.size() + 1 || !id.starts_with(epoch_) || id[epoch_.size()] != '-') {
    return std::nullopt;
  }
  id.remove_prefix(epoch_.size() + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

void Hub::Publish(Event event) {
  auto message = std::make_shared<Message>();
  message->topic = event.topic;
  message->place = event.place;
  message->urgent = event.urgent;
  const std::lock_guard lock(publish_mutex_);
  if (stopped_) return;
  message->number = ++last_number_;
  if (event.name.empty()) {
    message->text = ":\n\n";
  } else {
    message->text = IdLine(message->number);
    message->id_bytes = message->text.size();
    message->text.append("event: ").append(event.name).append("\ndata: ");
    message->text.append(event.data).append("\n\n");
  }
  if (!event.topic) last_to_all_ = clock_.Steady();
  // Within the lock: every shard must see the same order.
  for (const auto& shard : shards_) shard->Deliver(message);
}

void Hub::AskForTurn(HubShard& shard) {
  const std::lock_guard lock(turns_mutex_);
  if (turns_taken_ == turns_) {
    line_.push_back(&shard);
    return;
  }
  ++turns_taken_;
  boost::asio::post(shard.context_, [&shard] { shard.BeginPass(); });
}

void Hub::GiveTurn() {
  const std::lock_guard lock(turns_mutex_);
  if (line_.empty()) {
    --turns_taken_;
    return;
  }
  HubShard& shard = *line_.front();
  line_.pop_front();
  boost::asio::post(shard.context_, [&shard] { shard.BeginPass(); });
}

void Hub::Forgo(HubShard& shard) {
  const std::lock_guard lock(turns_mutex_);
  std::erase(line_, &shard);
}

void Hub::Beat() {
  {
    const std::lock_guard lock(publish_mutex_);
    if (clock_.Steady() - last_to_all_ < kHeartbeat) return;
  }
  Publish({});
}

bool Hub::Stop(Millis patience) {
  {
    const std::lock_guard lock(publish_mutex_);
    stopped_ = true;
  }
  const auto until = std::chrono::steady_clock::now() + patience;
  std::vector<std::future<void>> closed;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    auto done = std::make_shared<std::promise<void>>();
    closed.push_back(done->get_future());
    boost::asio::post(*contexts_[i], [&context = *contexts_[i], shard = shards_[i].get(), done] {
      shard->Close();
      // Behind what the shard itself has in the queue, so that nothing of it is left afterwards.
      boost::asio::post(context, [done] { done->set_value(); });
    });
  }
  bool all = true;
  for (auto& one : closed) all = one.wait_until(until) == std::future_status::ready && all;
  return all;
}

std::size_t Hub::listeners() const {
  std::size_t sum = 0;
  for (const auto& shard : shards_) sum += shard->listeners();
  return sum;
}

std::uint64_t Hub::dropped() const {
  std::uint64_t sum = 0;
  for (const auto& shard : shards_) sum += shard->dropped();
  return sum;
}

std::uint64_t Hub::published() const {
  const std::lock_guard lock(publish_mutex_);
  return last_number_;
}

void Hub::AddTopics(const Topics& topics) {
  const std::lock_guard lock(topics_mutex_);
  for (const ObjectId& topic : topics) ++topics_[topic];
}

void Hub::RemoveTopics(const Topics& topics) {
  const std::lock_guard lock(topics_mutex_);
  for (const ObjectId& topic : topics) {
    const auto found = topics_.find(topic);
    if (found != topics_.end() && --found->second == 0) topics_.erase(found);
  }
}

Topics Hub::ActiveTopics() const {
  const std::lock_guard lock(topics_mutex_);
  Topics topics;
  for (const auto& [topic, count] : topics_) topics.push_back(topic);
  return topics;
}

}  // namespace popradio::realtime
