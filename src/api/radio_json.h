#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/station.h"

namespace popradio::api {

// "slots":[…]: each with its song as this listener sees it. Slots of songs that are gone are left
// out.
Task<Result<void>> AppendSlots(Station& station, const SessionId* reader, RenderedPtr rendered,
                               std::vector<Slot> slots, std::string& out);

// Writes the whole answer of GET /radio/stream, waiting for the numbers if it must.
Task<Result<void>> WriteStream(Station& station, Call& call);

// What changes between two reads, for this call. `seq` is the slot that plays.
StreamLive LiveNow(Station& station, const Call& call, std::int64_t seq);

// {"serverTime":…,"epochMs":…}
void AppendServerTime(std::string& out, Instant now);

// The caller listens: asked for the stream, or voted.
void NoteListening(Station& station, Call& call);

}  // namespace popradio::api
