#include "store/distributed/outbox_drain.h"

#include <vector>

namespace popradio::store::distributed {
namespace {

std::vector<LikerChange> ChangesOf(const std::vector<OutboxEntry>& entries) {
  std::vector<LikerChange> changes;
  changes.reserve(entries.size());
  for (const OutboxEntry& entry : entries) {
    changes.push_back(
        {entry.target, entry.session, entry.liked, FromEpochMs(entry.at_ms), entry.version});
  }
  return changes;
}

}  // namespace

Task<Result<std::int64_t>> DrainOutbox(SyncSource& source, MongoLikers& likers, int partition) {
  std::int64_t drained = 0;
  for (;;) {
    auto outbox = co_await source.ReadOutbox(partition, kOutboxBatch);
    if (!outbox) co_return Fail(outbox.error());
    if (outbox->last_id.empty()) co_return drained;
    const auto count = static_cast<std::int64_t>(outbox->entries.size());
    if (count > 0) {
      if (auto written = co_await likers.Write(ChangesOf(outbox->entries)); !written) {
        co_return Fail(written.error());
      }
    }
    // Only now: who dies before this writes the same again, which changes nothing.
    if (auto trimmed = co_await source.TrimOutbox(partition, outbox->last_id); !trimmed) {
      co_return Fail(trimmed.error());
    }
    drained += count;
    if (outbox->entries.size() < kOutboxBatch / 2) co_return drained;
  }
}

}  // namespace popradio::store::distributed
