#include "store/embedded/completion.h"

#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <memory>
#include <mutex>

namespace popradio::embedded {
namespace {

using Group = std::vector<std::unique_ptr<Waiter>>;
// More executors than this in one batch are not worth searching for.
constexpr std::size_t kMaxGroups = 16;

// The waiter dies before its coroutine goes on, so that nothing of it outlives what it waited for.
void Wake(std::unique_ptr<Waiter>& waiter) {
  const std::unique_ptr<Waiter> taken = std::move(waiter);
  taken->Resume();
}

void Post(Group group) {
  // Without the work that the waiter's own copy counts, and let go of before anybody goes on:
  // posting touches the executor's context for a moment longer, and who is woken may be its end.
  const boost::asio::any_io_executor executor = boost::asio::prefer(
      group.front()->executor(), boost::asio::execution::outstanding_work.untracked);
  const auto handing_over = std::make_shared<std::mutex>();
  const std::lock_guard lock(*handing_over);
  boost::asio::post(executor, [handing_over, group = std::move(group)]() mutable {
    { const std::lock_guard posted(*handing_over); }
    for (auto& waiter : group) Wake(waiter);
  });
}

}  // namespace

void ResumeOne(std::unique_ptr<Waiter> waiter) {
  if (!waiter) return;
  if (!waiter->executor()) {
    waiter->Resume();
    return;
  }
  Group group;
  group.push_back(std::move(waiter));
  Post(std::move(group));
}

void ResumeAll(std::vector<std::unique_ptr<Waiter>> waiters) {
  std::vector<Group> groups;
  for (auto& waiter : waiters) {
    if (!waiter) continue;
    if (!waiter->executor()) {
      Wake(waiter);
      continue;
    }
    Group* home = nullptr;
    for (Group& group : groups) {
      if (group.front()->executor() == waiter->executor()) {
        home = &group;
        break;
      }
    }
    if (home == nullptr && groups.size() < kMaxGroups) home = &groups.emplace_back();
    if (home == nullptr) {
      ResumeOne(std::move(waiter));
    } else {
      home->push_back(std::move(waiter));
    }
  }
  for (Group& group : groups) Post(std::move(group));
}

}  // namespace popradio::embedded
