#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/comment.h"
#include "realtime/presence.h"

// What stands in the messages between nodes. Fixed-width binary, because a room of a hundred
// thousand goes round; a message that does not parse is ignored, as a node of another version sent
// it.
namespace popradio::api {

using VotesMessage = std::pair<std::int64_t, std::vector<std::pair<SessionId, VoterAddress>>>;

std::string PackListeners(std::size_t part, const std::vector<realtime::Presence::Change>& all);
std::optional<std::pair<std::size_t, std::vector<realtime::Presence::Change>>> UnpackListeners(
    std::string_view payload);

std::string PackVotes(const VotesMessage& votes);
std::optional<VotesMessage> UnpackVotes(std::string_view payload);

// A target and the text that follows it.
std::string PackTargeted(const Target& target, std::string_view text);
std::optional<std::pair<Target, std::string_view>> UnpackTargeted(std::string_view payload);

}  // namespace popradio::api
