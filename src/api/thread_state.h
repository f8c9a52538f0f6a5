#pragma once

#include <array>
#include <atomic>
#include <memory>

#include "api/rendered_catalogue.h"
#include "api/stream_text.h"
#include "http/server_stats.h"

namespace popradio::api {

// Which sessions were noted a moment ago, so that one that asks every second does not take the
// stores' locks every second. Small and forgetful: a collision only notes somebody once more.
class SeenSessions {
 public:
  // Whether this is due; from then on it is not for kAgain.
  bool DueActivity(const SessionId& session, Millis now) {
    return Due(Slot(session), &Entry::active, session, now);
  }
  bool DueListening(const SessionId& session, Millis now) {
    return Due(Slot(session), &Entry::listened, session, now);
  }
  // Whether this session is known to like nothing of what is in the stream, as of that state of the
  // numbers and that preparation of the stream.
  bool LikesNothingOf(const SessionId& session, std::uint64_t engagement_version,
                      std::uint64_t prepared) {
    const Entry& entry = Slot(session);
    return entry.session == session && entry.likes_nothing_at == engagement_version &&
           entry.likes_nothing_of == prepared;
  }
  void NoteLikesNothing(const SessionId& session, std::uint64_t engagement_version,
                        std::uint64_t prepared) {
    Entry& entry = Slot(session);
    if (entry.session != session) return;
    entry.likes_nothing_at = engagement_version;
    entry.likes_nothing_of = prepared;
  }
  void Forget(const SessionId& session) {
    if (Entry& entry = Slot(session); entry.session == session) entry = Entry();
  }

 private:
  static constexpr Millis kAgain{5'000};
  static constexpr Millis kNever{-1'000'000'000};
  struct Entry {
    SessionId session;
    Millis active = kNever, listened = kNever;
    std::uint64_t likes_nothing_at = 0, likes_nothing_of = 0;  // of: 0 is no preparation
  };
  Entry& Slot(const SessionId& session) {
    return entries_[SessionIdHash()(session) % entries_.size()];
  }
  static bool Due(Entry& entry, Millis Entry::*when, const SessionId& session, Millis now) {
    if (entry.session != session) {
      entry = Entry();
      entry.session = session;
    }
    if (now - entry.*when < kAgain) return false;
    entry.*when = now;
    return true;
  }
  std::array<Entry, 1024> entries_;
};

// Answers by status class and by how long they took. Written by one thread, read by any.
struct Latencies {
  static constexpr std::array<int, 10> kBoundsMs = {1, 2, 5, 10, 20, 50, 100, 250, 1000, 5000};
  std::array<http::Counter, kBoundsMs.size() + 1> buckets;  // the last: longer
  http::Counter sum_ms;

  void Record(std::int64_t ms) {
    std::size_t i = 0;
    while (i < kBoundsMs.size() && ms > kBoundsMs[i]) ++i;
    buckets[i].Add();
    sum_ms.Add(static_cast<std::uint64_t>(ms));
  }
};

// What each I/O thread has for itself. Only `answers` and `latencies` are read by others.
struct ThreadState {
  explicit ThreadState(std::size_t routes) : answers(std::make_unique<Answers[]>(routes + 1)) {}

  RenderedPtr rendered;
  std::uint64_t rendered_version = 0;
  std::shared_ptr<const realtime::OnAir> on_air;
  std::uint64_t on_air_version = 0;
  StreamText stream;
  SeenSessions seen;

  using Answers = std::array<http::Counter, 6>;  // by status class
  std::unique_ptr<Answers[]> answers;            // by route; the last: no route
  Latencies latencies;
};

}  // namespace popradio::api
