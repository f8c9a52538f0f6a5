#pragma once

#include <array>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/comment.h"
#include "store/rate_limit_store.h"

// The names of everything that lies in Redis, in one place. The document's names, with a hash tag
// at the end: what must change together shares a partition, and so a slot of the Cluster.
namespace popradio::store::distributed {

// Never changes while a Redis holds data: it is part of every key's name.
inline constexpr int kPartitions = 64;

// FNV-1a of the id's bytes. A song and a playlist of one id share a partition.
inline int PartitionOf(const ObjectId& id) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::uint8_t byte : id.bytes()) {
    hash ^= byte;
    hash *= 0x100000001b3ULL;
  }
  return static_cast<int>(hash % kPartitions);
}
inline int PartitionOf(const Target& target) { return PartitionOf(target.id); }

// A key's text in place, without allocation.
class Key {
 public:
  static constexpr std::size_t kMaxBytes = 192;

  std::string_view view() const { return {text_.data(), size_}; }
  operator std::string_view() const { return view(); }  // NOLINT: made to be passed as text
  std::string str() const { return std::string(view()); }

  Key& Add(std::string_view text) {
    assert(size_ + text.size() <= kMaxBytes);
    std::memcpy(text_.data() + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }
  Key& Add(const ObjectId& id) {
    assert(size_ + ObjectId::kHexDigits <= kMaxBytes);
    id.ToHex(text_.data() + size_);
    size_ += ObjectId::kHexDigits;
    return *this;
  }
  Key& Add(const SessionId& session) {
    assert(size_ + SessionId::kTextLength <= kMaxBytes);
    session.ToString(text_.data() + size_);
    size_ += SessionId::kTextLength;
    return *this;
  }
  Key& Add(const Target& target) {
    return Add(target.type == TargetType::kSong ? "song:" : "playlist:").Add(target.id);
  }
  // "{07}"
  Key& Tag(int partition) {
    const char tag[] = {'{', static_cast<char>('0' + partition / 10),
                        static_cast<char>('0' + partition % 10), '}'};
    return Add({tag, sizeof tag});
  }
  // "2026-02-03", UTC.
  Key& AddDay(Instant moment) {
    char text[24];
    FormatIso8601(moment, text);
    return Add({text, 10});
  }

 private:
  std::array<char, kMaxBytes> text_;
  std::size_t size_ = 0;
};

// ---- Of a target, on its partition.
inline Key TargetKey(const Target& target, std::string_view what) {
  return Key().Add(target).Add(what).Tag(PartitionOf(target));
}
// A number: likes counted here. The catalogue's base is not in it.
inline Key LikesKey(const Target& target) { return TargetKey(target, ":likes"); }
// A number: plays of a song, views of a playlist.
inline Key PlaysKey(const Target& target) {
  return TargetKey(target, target.type == TargetType::kSong ? ":plays" : ":views");
}
// A sorted set, session -> when it was liked, in microseconds: the truth.
inline Key LikersKey(const Target& target) { return TargetKey(target, ":likers"); }
// A number that rises with every change of likes or plays.
inline Key VersionKey(const Target& target) { return TargetKey(target, ":version"); }
// Present for a day after a play with an idempotency key; `sha` is 40 hexadecimal digits of it.
inline Key PlayOnceKey(const Target& target, const SessionId& session, std::string_view sha) {
  return Key().Add("play:").Add(target).Add(":").Add(session).Add(":").Add(sha).Tag(
      PartitionOf(target));
}
// "song:<id>": the member of dirty sets and the end of the day's fields. No tag.
inline Key TargetName(const Target& target) { return Key().Add(target); }
inline std::optional<Target> ParseTargetName(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == name.npos) return std::nullopt;
  const auto id = ObjectId::Parse(name.substr(colon + 1));
  const std::string_view type = name.substr(0, colon);
  if (!id) return std::nullopt;
  if (type == "song") return Target{TargetType::kSong, *id};
  if (type == "playlist") return Target{TargetType::kPlaylist, *id};
  return std::nullopt;
}

// ---- Of a partition.
// A set of target names that the sync worker must write.
inline Key DirtyKey(int partition) { return Key().Add("dirty").Tag(partition); }
// A stream of likes and unlikes.
inline Key OutboxKey(int partition) { return Key().Add("outbox").Tag(partition); }
// Present once the partition's counts are whole; without it nothing is counted.
inline Key BuiltKey(int partition) { return Key().Add("built").Tag(partition); }
// A hash: "plays:song:<id>" or "likes:song:<id>" -> what the day counted.
inline Key DayKey(Instant moment, int partition) {
  return Key().Add("day:").AddDay(moment).Add(":").Tag(partition);
}

// ---- Of the station.
inline Key VisitorsKey(Instant moment) { return Key().Add("day:").AddDay(moment).Add(":visitors"); }
// Present from when a worker began to compare the day's counts; "done" at the end.
inline Key CheckKey(Instant moment) { return Key().Add("check:").AddDay(moment); }
// What visitors are hashed with; gone when the day is over.
inline Key VisitorsSaltKey(Instant moment) { return Key().Add("day:").AddDay(moment).Add(":salt"); }

// ---- Of a session, on its own slot.
inline Key LikedKey(const SessionId& session, TargetType type) {
  return Key().Add("user:{").Add(session).Add(type == TargetType::kSong ? "}:liked:songs"
                                                                        : "}:liked:playlists");
}
inline Key SessionKey(const SessionId& session) {
  return Key().Add("session:{").Add(session).Add("}");
}

// ---- Of whoever is limited: an IPv4 address in dots, an IPv6 /64 in 32 digits, or a session.
inline Key RateKey(const LimitSubject& subject, LimitAction action) {
  Key key;
  key.Add("rate:{");
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (subject.kind == LimitSubject::Kind::kSession) {
    key.Add(SessionId(subject.bytes));
  } else if (std::memcmp(subject.bytes.data(), kMapped.data(), kMapped.size()) == 0) {
    for (std::size_t i = 12; i < 16; ++i) {
      char digits[4];
      const auto end = std::to_chars(digits, digits + sizeof digits, subject.bytes[i]).ptr;
      if (i > 12) key.Add(".");
      key.Add({digits, static_cast<std::size_t>(end - digits)});
    }
  } else {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const std::uint8_t byte : subject.bytes) {
      key.Add(kDigits.substr(byte >> 4, 1)).Add(kDigits.substr(byte & 15, 1));
    }
  }
  return key.Add("}:").Add(Name(action));
}

// ---- The document's caches.
inline constexpr std::string_view kPopularCacheKey = "cache:songs:popular";
inline constexpr std::string_view kFeaturedCacheKey = "cache:playlists:featured";
inline constexpr std::string_view kSongIdsCacheKey = "cache:songs:ids";
inline constexpr std::string_view kTimelineCacheKey = "cache:timeline";
inline Key SongCacheKey(const ObjectId& id) { return Key().Add("cache:song:").Add(id); }

}  // namespace popradio::store::distributed
