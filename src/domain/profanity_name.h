#pragma once

#include <cstddef>

#include "domain/profanity_cells.h"

namespace popradio {

// Whether a word that is also a given name is one here: "Dick Dale", "Uncle Dick", "Dick played
// this", but not "my Dick", "suck dick" or "DICK". It goes by capitals and by the words on either
// side, in English; without such company it is not a name.
bool IsPersonsName(const Reading& reading, std::size_t index);

}  // namespace popradio
