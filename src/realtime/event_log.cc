#include "realtime/event_log.h"

#include <algorithm>
#include <cassert>

namespace popradio::realtime {

void EventLog::Append(MessagePtr message) {
  assert(message->number == head_ + 1);
  if (message->place < kPlaces) state_[message->place] = message;
  head_ = message->number;
  ring_[head_ % kHistory] = std::move(message);
}

bool EventLog::Concerns(const Message& message, const Topics* topics) {
  if (!message.topic) return true;
  return topics != nullptr &&
         std::find(topics->begin(), topics->end(), *message.topic) != topics->end();
}

bool EventLog::AppendMissed(std::uint64_t last, const Topics* topics, std::string& out) const {
  if (last > head_ || last + 1 < tail()) return false;
  const std::size_t before = out.size();
  for (std::uint64_t number = last + 1; number <= head_; ++number) {
    const Message& message = At(number);
    if (message.id_bytes == 0 || !Concerns(message, topics)) continue;  // a heartbeat is no news
    out.append(message.text);
    if (out.size() - before > kMaxResumeBytes) {
      out.resize(before);
      return false;
    }
  }
  return true;
}

void EventLog::AppendState(std::string& out) const {
  for (const MessagePtr& message : state_) {
    if (message) out.append(message->without_id());
  }
}

}  // namespace popradio::realtime
