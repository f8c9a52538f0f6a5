#include "store/distributed/liked_cache.h"

namespace popradio::store::distributed {

LikedCache::Entry* LikedCache::Shard::Find(const SessionId& session) {
  if (const auto found = young.find(session); found != young.end()) return &found->second;
  const auto found = old.find(session);
  if (found == old.end()) return nullptr;
  Entry entry = std::move(found->second);
  old.erase(found);
  Entry& made = Make(session);
  made = std::move(entry);
  return &made;
}

LikedCache::Entry& LikedCache::Shard::Make(const SessionId& session) {
  if (young.size() >= kMaxCachedSessions / kShards / 2) {
    old = std::move(young);
    young = {};
  }
  Entry& entry = young[session];
  entry.generation = next++;
  return entry;
}

bool LikedCache::Read(const SessionId& session, std::span<const Target> targets,
                      std::span<Engagement> out, Millis now, bool any_age) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  Entry* entry = shard.Find(session);
  if (!entry) return false;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Likes& likes = entry->of(targets[i].type);
    if (!likes.loaded_at || (!any_age && now - *likes.loaded_at > kLikedMaxAge)) return false;
    out[i].liked = likes.ids.contains(targets[i].id);
  }
  return true;
}

bool LikedCache::Knows(const SessionId& session, TargetType type, Millis now) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  Entry* entry = shard.Find(session);
  if (!entry) return false;
  const auto& loaded_at = entry->of(type).loaded_at;
  return loaded_at && now - *loaded_at <= kLikedMaxAge;
}

LikedCache::Ticket LikedCache::BeginLoad(const SessionId& session) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  Entry* entry = shard.Find(session);
  if (!entry) entry = &shard.Make(session);
  return entry->generation;
}

void LikedCache::EndLoad(const SessionId& session, TargetType type, Ticket ticket,
                         std::span<const ObjectId> ids, Millis now) {
  if (ids.size() > kMaxCachedLikes) return;
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  Entry* entry = shard.Find(session);
  if (!entry || entry->generation != ticket) return;
  Likes& likes = entry->of(type);
  likes.loaded_at = now;
  likes.ids.clear();
  likes.ids.insert(ids.begin(), ids.end());
}

void LikedCache::Changed(const SessionId& session, const Target& target, bool liked) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  Entry* entry = shard.Find(session);
  if (!entry) return;
  entry->generation = shard.next++;
  Likes& likes = entry->of(target.type);
  if (!likes.loaded_at) return;
  if (liked) {
    likes.ids.insert(target.id);
  } else {
    likes.ids.erase(target.id);
  }
}

void LikedCache::Forget(const SessionId& session) {
  Shard& shard = ShardOf(session);
  const std::lock_guard lock(shard.mutex);
  shard.young.erase(session);
  shard.old.erase(session);
}

void LikedCache::ForgetAll() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.young.clear();
    shard.old.clear();
  }
}

}  // namespace popradio::store::distributed
