#pragma once

#include "app/blocking.h"
#include "media/import.h"
#include "store/engagement_store.h"

namespace popradio::cli {

// Comments that an import or export holds in memory at once.
inline constexpr std::size_t kCommentsAtOnce = 1000;

// The numbers as listeners see them, for import and export. `store` must outlive the function.
inline media::CountsOf ShownCounts(store::EngagementStore& store) {
  return [&store](const Target& target) -> media::ShownCounts {
    store::Engagement numbers;
    if (!store.ReadNow(nullptr, {&target, 1}, {&numbers, 1})) {
      if (!app::RunBlocking(store.Read(nullptr, {&target, 1}, {&numbers, 1}))) return {};
    }
    return {numbers.likes, numbers.plays};
  };
}

}  // namespace popradio::cli
