#include "store/distributed/numbers_link.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace popradio::store::distributed {
namespace {

constexpr char kNumbersKind[] = "numbers";
constexpr char kSessionsKind[] = "likes-of";

// One number of one target: 's' or 'p', 'l' or 'n' (likes, or plays and views), the id, the number
// and the target's version.
constexpr std::size_t kNumberBytes = 2 + ObjectId::kBytes + 16;

void AppendInt(std::string& out, std::int64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> shift);
  }
}

std::int64_t ReadInt(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes.substr(0, 8)) value = value << 8 | static_cast<std::uint8_t>(c);
  return static_cast<std::int64_t>(value);
}

void AppendNumber(std::string& out, const Target& target, bool likes, std::int64_t number,
                  std::int64_t version) {
  out += target.type == TargetType::kSong ? 's' : 'p';
  out += likes ? 'l' : 'n';
  out.append(reinterpret_cast<const char*>(target.id.bytes().data()), ObjectId::kBytes);
  AppendInt(out, number);
  AppendInt(out, version);
}

void TakeNumbers(RedisEngagement& engagement, std::string_view payload) {
  for (; payload.size() >= kNumberBytes; payload.remove_prefix(kNumberBytes)) {
    std::array<std::uint8_t, ObjectId::kBytes> id;
    std::memcpy(id.data(), payload.data() + 2, id.size());
    const Target target{payload[0] == 's' ? TargetType::kSong : TargetType::kPlaylist,
                        ObjectId(id)};
    const std::int64_t number = ReadInt(payload.substr(2 + ObjectId::kBytes));
    const std::int64_t version = ReadInt(payload.substr(2 + ObjectId::kBytes + 8));
    Counts counts;
    (payload[1] == 'l' ? counts.likes : counts.plays) = number;
    engagement.Apply(target, counts, version);
  }
}

}  // namespace

void NumbersLink::Connect(RedisEngagement& engagement) {
  bus_.On(kNumbersKind, [&engagement](std::string_view, std::string_view payload) {
    TakeNumbers(engagement, payload);
  });
  bus_.On(kSessionsKind, [&engagement](std::string_view, std::string_view payload) {
    for (; payload.size() >= SessionId::kBytes; payload.remove_prefix(SessionId::kBytes)) {
      std::array<std::uint8_t, SessionId::kBytes> bytes;
      std::memcpy(bytes.data(), payload.data(), bytes.size());
      engagement.ForgetCached(SessionId(bytes));
    }
  });
}

void NumbersLink::LikeChanged(const Target& target, const SessionId& session, bool,
                              const Counts& counts, std::int64_t version) {
  const std::lock_guard lock(mutex_);
  sessions_.insert(session);
  Note(target, counts, version);
}

void NumbersLink::Counted(const Target& target, const Counts& counts, std::int64_t version) {
  const std::lock_guard lock(mutex_);
  Note(target, counts, version);
}

void NumbersLink::Note(const Target& target, const Counts& counts, std::int64_t version) {
  Changed& changed = changed_[target];
  if (counts.likes != Counts::kUntold && version > changed.likes_version) {
    changed.counts.likes = counts.likes;
    changed.likes_version = version;
  }
  if (counts.plays != Counts::kUntold && version > changed.plays_version) {
    changed.counts.plays = counts.plays;
    changed.plays_version = version;
  }
}

void NumbersLink::Flush() {
  std::unordered_map<Target, Changed> changed;
  std::unordered_set<SessionId> sessions;
  {
    const std::lock_guard lock(mutex_);
    if (changed_.empty()) return;
    changed.swap(changed_);
    sessions.swap(sessions_);
  }
  std::string numbers;
  for (const auto& [target, one] : changed) {
    if (one.likes_version > 0) {
      AppendNumber(numbers, target, true, one.counts.likes, one.likes_version);
    }
    if (one.plays_version > 0) {
      AppendNumber(numbers, target, false, one.counts.plays, one.plays_version);
    }
  }
  bus_.Send(kNumbersKind, std::move(numbers));
  if (sessions.empty()) return;
  std::string bytes;
  bytes.reserve(sessions.size() * SessionId::kBytes);
  for (const SessionId& session : sessions) {
    bytes.append(reinterpret_cast<const char*>(session.bytes().data()), SessionId::kBytes);
  }
  bus_.Send(kSessionsKind, std::move(bytes));
}

}  // namespace popradio::store::distributed
