#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "domain/catalogue.h"
#include "domain/comment.h"

namespace popradio::store::distributed {

// The numbers of one target as Redis counts them: without the catalogue's base.
struct Counts {
  static constexpr std::int64_t kUntold = -1;
  std::int64_t likes = kUntold;
  std::int64_t plays = kUntold;  // views of a playlist
  bool operator==(const Counts&) const = default;
};

// Every target's numbers in memory, as this node last heard them. Reading takes no lock: a table of
// pointers that only grows, and is replaced by a larger one when it is full. Thread-safe.
class Numbers {
 public:
  // What is known of one target. Lives as long as the table.
  struct Cell {
    explicit Cell(const Target& t) : target(t) {}
    const Target target;
    std::atomic<std::int64_t> base_likes{0}, base_plays{0};
    std::atomic<std::int64_t> likes{0}, plays{0};
    // Redis' version of the target when it said so; kNotKnown: it never did.
    std::atomic<std::int64_t> likes_version{kNotKnown}, plays_version{kNotKnown};

    bool known() const {
      return likes_version.load(std::memory_order_acquire) != kNotKnown &&
             plays_version.load(std::memory_order_acquire) != kNotKnown;
    }
    // With the catalogue's base.
    std::int64_t AllLikes() const {
      return base_likes.load(std::memory_order_relaxed) + likes.load(std::memory_order_relaxed);
    }
    std::int64_t AllPlays() const {
      return base_plays.load(std::memory_order_relaxed) + plays.load(std::memory_order_relaxed);
    }
    // The newest version that was heard of.
    std::int64_t version() const {
      return std::max(likes_version.load(std::memory_order_acquire),
                      plays_version.load(std::memory_order_acquire));
    }
  };
  static constexpr std::int64_t kNotKnown = -1;

  Numbers();

  // Null: never heard of.
  const Cell* Find(const Target& target) const;
  // Finds or makes it.
  Cell& Intern(const Target& target);
  // Every cell there is.
  std::vector<Cell*> All() const;
  std::size_t size() const { return count_.load(std::memory_order_acquire); }

  // Takes what is told, unless something newer is known. True: something changed.
  bool Apply(const Target& target, const Counts& counts, std::int64_t version) {
    return Apply(Intern(target), counts, version);
  }
  bool Apply(Cell& cell, const Counts& counts, std::int64_t version);
  // The same with numbers that were read when `before` was the newest version known here. Redis
  // telling an older one has lost something (a failover): it is right all the same.
  bool Correct(Cell& cell, const Counts& counts, std::int64_t version, std::int64_t before);

  // The base counts as the catalogue gives them.
  void SetBases(const Catalogue& catalogue);

  // Rises whenever any number changed, once the change can be read.
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  static constexpr std::size_t kFirstCapacity = 1024;
  static constexpr std::size_t kLocks = 64;
  struct Table {
    explicit Table(std::size_t capacity) : slots(capacity) {}
    std::vector<std::atomic<Cell*>> slots;  // a power of two, at most half full
    void Put(Cell* cell);
  };
  static std::size_t HashOf(const Target& target) { return std::hash<Target>()(target); }
  std::mutex& LockOf(const Cell& cell) { return locks_[HashOf(cell.target) % kLocks]; }
  bool Take(Cell& cell, const Counts& counts, std::int64_t version);

  std::atomic<Table*> table_;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::uint64_t> version_{1};
  mutable std::mutex mutex_;  // guards what follows, and the growing of the table
  std::deque<Cell> cells_;
  std::vector<std::unique_ptr<Table>> tables_;  // readers may still be in an older one
  std::array<std::mutex, kLocks> locks_;        // one who changes a cell's numbers at a time
};

}  // namespace popradio::store::distributed
