#include "store/embedded/engagement_memory.h"

#include <algorithm>
#include <stdexcept>

#include "base/log.h"

namespace popradio::embedded {
namespace {

constexpr char kReadLikes[] = "SELECT seq, session, target FROM likes ORDER BY seq";
constexpr char kReadPlays[] = "SELECT target, count FROM plays";

// Targets looked up at a time, without an allocation: more than a page holds.
constexpr std::size_t kChunk = 128;
constexpr EngagementMemory::Index kUnknown = ~EngagementMemory::Index{0};

}  // namespace

void EngagementMemory::Read(const SessionId* session, std::span<const Target> targets,
                            std::span<store::Engagement> out) const {
  for (std::size_t begin = 0; begin < targets.size(); begin += kChunk) {
    const std::size_t count = std::min(kChunk, targets.size() - begin);
    std::array<Index, kChunk> indices;
    {
      const std::shared_lock lock(targets_mutex_);
      for (std::size_t i = 0; i < count; ++i) {
        const auto found = index_.find(targets[begin + i]);
        store::Engagement& result = out[begin + i];
        result = {};
        indices[i] = found == index_.end() ? kUnknown : found->second;
        if (indices[i] == kUnknown) continue;
        const Counter& counter = counters_[indices[i]];
        result.likes = counter.base_likes + counter.likers;
        result.plays = counter.base_plays + counter.plays;
      }
    }
    if (session == nullptr) continue;
    const Shard& shard = shards_[ShardOf(*session)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.likes.find(*session);
    if (found == shard.likes.end()) continue;
    const std::span<const std::uint64_t> words = found->second.words();
    for (std::size_t i = 0; i < count; ++i) {
      if (indices[i] == kUnknown) continue;
      out[begin + i].liked = std::any_of(words.begin(), words.end(), [&](std::uint64_t word) {
        return IndexOf(word) == indices[i];
      });
    }
  }
}

store::LikedSet EngagementMemory::Liked(const SessionId& session) const {
  std::vector<Index> indices;
  {
    const Shard& shard = shards_[ShardOf(session)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.likes.find(session);
    if (found == shard.likes.end()) return {};
    for (const std::uint64_t word : found->second.words()) indices.push_back(IndexOf(word));
  }
  store::LikedSet liked;
  const std::shared_lock lock(targets_mutex_);
  for (const Index index : indices) {
    const Target& target = counters_[index].target;
    (target.type == TargetType::kSong ? liked.songs : liked.playlists).push_back(target.id);
  }
  return liked;
}

std::pair<std::int64_t, std::int64_t> EngagementMemory::CountedOf(const Target& target) const {
  const std::shared_lock lock(targets_mutex_);
  const auto found = index_.find(target);
  if (found == index_.end()) return {0, 0};
  return {counters_[found->second].likers, counters_[found->second].plays};
}

EngagementMemory::Index EngagementMemory::Intern(const Target& target) {
  const auto found = index_.find(target);
  if (found != index_.end()) return found->second;
  if (counters_.size() >= kMaxTargets) throw std::length_error("too many songs and playlists");
  const std::unique_lock lock(targets_mutex_);
  const auto index = static_cast<Index>(counters_.size());
  counters_.emplace_back(target);
  index_.emplace(target, index);
  return index;
}

std::int64_t EngagementMemory::Likes(Index index) const {
  return counters_[index].base_likes + counters_[index].likers;
}

std::int64_t EngagementMemory::Plays(Index index) const {
  return counters_[index].base_plays + counters_[index].plays;
}

std::optional<std::uint64_t> EngagementMemory::FindLike(const SessionId& session,
                                                        Index index) const {
  const LikeMap& likes = shards_[ShardOf(session)].likes;
  const auto found = likes.find(session);
  if (found == likes.end()) return std::nullopt;
  for (const std::uint64_t word : found->second.words()) {
    if (IndexOf(word) == index) return RowOf(word);
  }
  return std::nullopt;
}

std::vector<std::pair<EngagementMemory::Index, std::uint64_t>> EngagementMemory::LikesOf(
    const SessionId& session) const {
  std::vector<std::pair<Index, std::uint64_t>> result;
  const LikeMap& likes = shards_[ShardOf(session)].likes;
  const auto found = likes.find(session);
  if (found == likes.end()) return result;
  for (const std::uint64_t word : found->second.words())
    result.emplace_back(IndexOf(word), RowOf(word));
  return result;
}

void EngagementMemory::AddLike(const SessionId& session, Index index, std::uint64_t row) {
  Shard& shard = shards_[ShardOf(session)];
  {
    const std::lock_guard lock(shard.mutex);
    shard.likes[session].Append(row << kIndexBits | index);
  }
  ++counters_[index].likers;
}

void EngagementMemory::RemoveLike(const SessionId& session, Index index) {
  Shard& shard = shards_[ShardOf(session)];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.likes.find(session);
  if (found == shard.likes.end()) return;
  const std::span<const std::uint64_t> words = found->second.words();
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    if (IndexOf(words[i]) != index) continue;
    found->second.Remove(i);
    if (found->second.empty()) shard.likes.erase(found);
    --counters_[index].likers;
    return;
  }
}

void EngagementMemory::SetBases(std::span<const Song> songs, std::span<const Playlist> playlists) {
  for (const Song& song : songs) {
    Counter& counter = counters_[Intern({TargetType::kSong, song.id})];
    counter.base_likes = song.base_likes;
    counter.base_plays = song.base_plays;
  }
  for (const Playlist& playlist : playlists) {
    Counter& counter = counters_[Intern({TargetType::kPlaylist, playlist.id})];
    counter.base_likes = playlist.base_likes;
    counter.base_plays = playlist.base_views;
  }
  Changed();
}

std::uint64_t EngagementMemory::Load(Database& database) {
  std::array<LikeMap, kSessionShards> loaded;
  std::vector<std::int64_t> likers, plays;
  const auto at = [&](std::vector<std::int64_t>& numbers, Index index) -> std::int64_t& {
    if (numbers.size() <= index) numbers.resize(counters_.size());
    return numbers[index];
  };
  std::uint64_t highest = 0;
  {
    Query rows = database.Prepare(kReadLikes);
    while (rows.Step()) {
      highest = static_cast<std::uint64_t>(rows.Int(0));
      const std::optional<Target> target = TargetFromKey(rows.Blob(2));
      if (!target) continue;
      const Index index = Intern(*target);
      const SessionId session = rows.Session(1);
      PackedList& list = loaded[ShardOf(session)][session];
      const auto words = list.words();
      // Memory never lets a second like in; a file that was edited by hand could hold one.
      if (std::any_of(words.begin(), words.end(),
                      [&](std::uint64_t w) { return IndexOf(w) == index; }))
        continue;
      list.Append(highest << kIndexBits | index);
      ++at(likers, index);
    }
  }
  {
    Query rows = database.Prepare(kReadPlays);
    while (rows.Step()) {
      const std::optional<Target> target = TargetFromKey(rows.Blob(0));
      if (target) at(plays, Intern(*target)) = rows.Int(1);
    }
  }
  for (std::size_t i = 0; i < kSessionShards; ++i) {
    const std::lock_guard lock(shards_[i].mutex);
    shards_[i].likes.swap(loaded[i]);
  }
  for (Index index = 0; index < counters_.size(); ++index) {
    counters_[index].likers = index < likers.size() ? likers[index] : 0;
    counters_[index].plays = index < plays.size() ? plays[index] : 0;
  }
  Changed();
  return highest;
}

}  // namespace popradio::embedded
