#include "app/descriptors.h"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/log.h"

namespace popradio::app {

std::size_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  rlimit wanted = limit;
  // Without a hard limit the kernel's own maximum still holds; a million is more than one process
  // serves.
  wanted.rlim_cur = limit.rlim_max == RLIM_INFINITY ? 1'048'576 : limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &wanted) == 0) limit = wanted;
  return static_cast<std::size_t>(limit.rlim_cur);
}

bool CanOwnDescriptorTable() {
  bool can = false;
  std::thread([&can] { can = ::unshare(CLONE_FILES) == 0; }).join();
  return can;
}

void OwnDescriptorTable() {
  if (::unshare(CLONE_FILES) != 0) {
    Log(LogLevel::kWarn, "a thread shares its descriptors: fewer connections will fit",
        {{"errno", errno}});
  }
}

ConnectionPlan PlanConnections(std::size_t limit, std::size_t threads, std::size_t wanted,
                               bool can_own_tables) {
  ConnectionPlan plan;
  plan.threads = std::max<std::size_t>(threads, 1);
  const std::size_t shared =
      limit > 2 * kDescriptorReserve ? limit - kDescriptorReserve : limit / 2;
  if (wanted <= shared || !can_own_tables) {
    plan.max_connections = wanted > 0 ? std::min(wanted, shared) : shared;
    return plan;
  }
  // The kernel spreads connections over the listeners by a hash, so that some get more than others:
  // a tenth of each table stays free for that.
  const std::size_t per_thread = std::max<std::size_t>(1, std::min(shared, limit / 10 * 9));
  plan.threads = std::max(plan.threads, (wanted + per_thread - 1) / per_thread);
  plan.max_connections = wanted;
  plan.own_tables = true;
  return plan;
}

}  // namespace popradio::app
