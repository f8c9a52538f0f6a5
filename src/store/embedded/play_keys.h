#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/comment.h"
#include "store/embedded/database.h"
#include "store/embedded/write_operation.h"

namespace popradio::embedded {

// Keys remembered at most, in memory and in the file; beyond it the oldest are forgotten early.
inline constexpr std::size_t kMaxPlayKeys = 2'000'000;

// Which plays were counted under which idempotency key, for kIdempotencyHours. A key is kept as a
// hash of (session, target, key). Part of the engagement store's share in a batch; writer thread
// only.
class PlayKeys {
 public:
  using Hash = std::array<std::uint8_t, 16>;
  static Hash Make(const SessionId* session, const Target& target, std::string_view key);

  // Whether the key was counted, in this batch or before.
  bool Seen(const Hash& hash, Instant now);
  // Counted now: remembered in the same commit.
  void Add(const Hash& hash, Transaction& transaction);
  // Removes rows of forgotten keys, as far as housekeeping allows.
  void Clean(Transaction& transaction, Housekeeping& housekeeping);

  void Committed();
  void RolledBack();
  void Load(Database& database);

 private:
  struct Key {
    Hash hash;
    std::int64_t counted_ms;
    std::int64_t row;
  };
  struct Hasher {
    std::size_t operator()(const Hash& hash) const { return HashBytes(hash.data(), hash.size()); }
  };
  void DropOld(Instant now);

  boost::unordered_flat_set<Hash, Hasher> seen_;
  std::deque<Key> keys_;  // in the order they were counted
  std::vector<Key> pending_;
  std::int64_t last_row_ = 0;
  std::int64_t last_ms_ =
      0;  // a clock set back does not make keys live longer than those before them
  std::int64_t deleted_row_ = 0;  // rows up to this one are gone
};

}  // namespace popradio::embedded
