#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "store/embedded/daily_stats.h"
#include "store/embedded/engagement_memory.h"
#include "store/embedded/play_keys.h"
#include "store/embedded/writer_thread.h"
#include "store/engagement_store.h"

namespace popradio::embedded {

// Likes, plays and views. Reads are answered from committed memory and never wait; every change is
// an operation of the writer thread, decided there against committed memory and the changes of its
// own batch, and visible to others after the commit.
class EngagementTable final : public store::EngagementStore, public BatchPart {
 public:
  EngagementTable(WriterThread& writer, DailyStats& stats) : writer_(writer), stats_(stats) {}

  bool ReadNow(const SessionId* session, std::span<const Target> targets,
               std::span<store::Engagement> out) const override;
  Task<Result<void>> Read(const SessionId* session, std::span<const Target> targets,
                          std::span<store::Engagement> out) override;
  std::uint64_t Version() const override { return memory_.version(); }
  Task<Result<std::int64_t>> Like(SessionId session, Target target) override;
  Task<Result<std::int64_t>> Unlike(SessionId session, Target target) override;
  Task<Result<std::int64_t>> Count(Target target, const SessionId* session,
                                   std::optional<std::string> idempotency_key) override;
  Task<Result<store::LikedSet>> Liked(SessionId session) override;
  Task<Result<void>> Forget(SessionId session) override;

  // What is counted for a target, without the catalogue's base. Any thread.
  struct Counted {
    std::int64_t likes = 0, plays = 0;
  };
  Counted CountedOf(const Target& target) const {
    const auto [likes, plays] = memory_.CountedOf(target);
    return {likes, plays};
  }

  // The catalogue's base counts changed. Writer thread, or before it starts.
  void SetBases(std::span<const Song> songs, std::span<const Playlist> playlists) {
    memory_.SetBases(songs, playlists);
  }

  void Write(Transaction& transaction, Housekeeping& housekeeping) override;
  void Committed() override;
  void RolledBack() override;
  void Reload(Database& database) override;

 private:
  using Index = EngagementMemory::Index;
  class LikeOperation;
  class CountOperation;

  // Changes of the open batch, on top of memory_.
  struct LikeKey {
    SessionId session;
    Index target;
    bool operator==(const LikeKey&) const = default;
  };
  struct LikeKeyHash {
    std::size_t operator()(const LikeKey& key) const {
      return SessionIdHash()(key.session) ^ (key.target * 0x9e3779b97f4a7c15ULL);
    }
  };
  struct LikeChange {
    LikeKey key;
    std::uint64_t row;  // 0: taken back
  };
  struct Delta {
    std::int64_t likes = 0, plays = 0;
  };

  std::optional<std::uint64_t> LikeRow(const LikeKey& key) const;
  std::int64_t ChangeLike(const LikeKey& key, std::uint64_t row);
  Delta& DeltaOf(Index target);
  Result<std::int64_t> ApplyLike(Transaction& transaction, const SessionId& session,
                                 const Target& target);
  Result<std::int64_t> ApplyUnlike(Transaction& transaction, const SessionId& session,
                                   const Target& target);
  std::int64_t ApplyCount(Transaction& transaction, const Target& target,
                          const PlayKeys::Hash* key);
  void ApplyForget(Transaction& transaction, const SessionId& session);

  WriterThread& writer_;
  DailyStats& stats_;
  EngagementMemory memory_;

  // Writer thread only.
  PlayKeys keys_;
  std::uint64_t last_row_ = 0;
  boost::unordered_flat_map<LikeKey, std::uint64_t, LikeKeyHash> pending_;  // row now, 0: not liked
  std::vector<LikeChange> changes_;                                         // in order
  std::vector<Delta> deltas_;                                               // by target
  std::vector<Index> touched_;  // whose delta may not be zero
};

}  // namespace popradio::embedded
