#include "api/node_messages.h"

#include <array>
#include <cstring>

namespace popradio::api {
namespace {

constexpr std::size_t kSubjectBytes = 16;
constexpr std::uint8_t kIsHere = 1, kHasAddress = 2;

void AppendNumber(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

void AppendVoter(std::string& out, std::uint8_t flags, const SessionId& session,
                 const VoterAddress& address) {
  out += static_cast<char>(flags | (address ? kHasAddress : 0));
  out.append(reinterpret_cast<const char*>(session.bytes().data()), kSubjectBytes);
  if (address) out.append(reinterpret_cast<const char*>(address->data()), kSubjectBytes);
}

// Takes from the front; `ok` falls when there is too little.
struct Unpacker {
  std::string_view rest;
  bool ok = true;

  std::string_view Bytes(std::size_t count) {
    if (rest.size() < count) ok = false;
    if (!ok) return {};
    const std::string_view bytes = rest.substr(0, count);
    rest.remove_prefix(count);
    return bytes;
  }
  std::uint64_t Number() {
    std::uint64_t number = 0;
    for (const char c : Bytes(8)) number = number << 8 | static_cast<std::uint8_t>(c);
    return number;
  }
  std::array<std::uint8_t, kSubjectBytes> Subject() {
    std::array<std::uint8_t, kSubjectBytes> subject{};
    if (const std::string_view bytes = Bytes(kSubjectBytes); !bytes.empty()) {
      std::memcpy(subject.data(), bytes.data(), kSubjectBytes);
    }
    return subject;
  }
  realtime::Presence::Change Voter() {
    const std::string_view flags = Bytes(1);
    const auto bits = flags.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(flags[0]);
    realtime::Presence::Change voter{SessionId(Subject()), std::nullopt, (bits & kIsHere) != 0};
    if ((bits & kHasAddress) != 0) voter.address = Subject();
    return voter;
  }
};

}  // namespace

std::string PackListeners(std::size_t part, const std::vector<realtime::Presence::Change>& all) {
  std::string out;
  out.reserve(8 + all.size() * (1 + 2 * kSubjectBytes));
  AppendNumber(out, part);
  for (const auto& one : all) AppendVoter(out, one.here ? kIsHere : 0, one.session, one.address);
  return out;
}

std::optional<std::pair<std::size_t, std::vector<realtime::Presence::Change>>> UnpackListeners(
    std::string_view payload) {
  Unpacker in{payload};
  const std::uint64_t part = in.Number();
  std::vector<realtime::Presence::Change> all;
  while (in.ok && !in.rest.empty()) all.push_back(in.Voter());
  if (!in.ok || part >= realtime::Presence::kParts) return std::nullopt;
  return std::pair(static_cast<std::size_t>(part), std::move(all));
}

std::string PackVotes(const VotesMessage& votes) {
  std::string out;
  AppendNumber(out, static_cast<std::uint64_t>(votes.first));
  for (const auto& [session, address] : votes.second) AppendVoter(out, kIsHere, session, address);
  return out;
}

std::optional<VotesMessage> UnpackVotes(std::string_view payload) {
  Unpacker in{payload};
  VotesMessage votes;
  votes.first = static_cast<std::int64_t>(in.Number());
  while (in.ok && !in.rest.empty()) {
    const auto voter = in.Voter();
    votes.second.emplace_back(voter.session, voter.address);
  }
  if (!in.ok || votes.first < 0) return std::nullopt;
  return votes;
}

std::string PackTargeted(const Target& target, std::string_view text) {
  std::string out(1, target.type == TargetType::kSong ? 's' : 'p');
  out.append(reinterpret_cast<const char*>(target.id.bytes().data()), ObjectId::kBytes);
  out.append(text);
  return out;
}

std::optional<std::pair<Target, std::string_view>> UnpackTargeted(std::string_view payload) {
  Unpacker in{payload};
  const std::string_view type = in.Bytes(1);
  const std::string_view id = in.Bytes(ObjectId::kBytes);
  if (!in.ok || (type != "s" && type != "p")) return std::nullopt;
  std::array<std::uint8_t, ObjectId::kBytes> bytes;
  std::memcpy(bytes.data(), id.data(), bytes.size());
  return std::pair(Target{type == "s" ? TargetType::kSong : TargetType::kPlaylist, ObjectId(bytes)},
                   in.rest);
}

}  // namespace popradio::api
