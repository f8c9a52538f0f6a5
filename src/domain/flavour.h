#pragma once

#include <cstdint>
#include <string_view>

#include "base/ids.h"

namespace popradio {

// The candy a song is made of: the colour of the plastic around it, the same second for everybody.
// Grape and pearl are rare on purpose.
enum class Flavour : std::uint8_t { kBubblegum, kRaspberry, kLime, kTangerine, kGrape, kPearl };
constexpr int kFlavours = 6;

// "bubblegum", "raspberry", …: the names that the web app's tokens use.
std::string_view FlavourName(Flavour flavour);

// Always the same for the same id, on every node and in every version.
Flavour FlavourOf(const ObjectId& id);

// A number from the id that is as good as random in every bit, and never changes either: what
// generated pictures draw their shapes from. `purpose` makes independent numbers.
std::uint64_t DrawFromId(const ObjectId& id, std::uint64_t purpose);

}  // namespace popradio
