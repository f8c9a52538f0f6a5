#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "api/service.h"
#include "domain/slot.h"

namespace popradio::api {

inline constexpr double kMaxRotationWeight = 100;

// The rotation as the curator sees it. `setting` is the skip policy where the curator has not said
// any.
void AppendRotation(std::string& out, const Rotation& rotation, SkipPolicy setting);
// Writes the fields that were sent over `rotation`; kInvalidParameter names one that does not fit.
Result<void> ApplyRotationFields(const boost::json::object& fields, Rotation& rotation);

}  // namespace popradio::api
