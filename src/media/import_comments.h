#pragma once

#include <functional>
#include <vector>

#include "media/import.h"

namespace popradio::media {

// The comments' part of PlanImport: appends to plan.comments and to the report. `exists` knows the
// songs and playlists of the station and of the file.
void PlanComments(const std::vector<ParsedComment>& parsed,
                  const std::function<bool(const Target&)>& exists, Instant now,
                  const ImportOptions& options, ImportPlan& plan);

}  // namespace popradio::media
