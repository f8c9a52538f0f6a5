#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "api/service.h"
#include "domain/slot.h"

namespace popradio::api {

inline constexpr int kMaxRotationWindow = 10'000;
inline constexpr double kMaxRotationWeight = 100;

// The rotation as the curator sees it. The skip policy is a setting and only shown.
void AppendRotation(std::string& out, const Rotation& rotation, SkipPolicy policy);
// Writes the fields that were sent over `rotation`; kInvalidParameter names one that does not fit.
Result<void> ApplyRotationFields(const boost::json::object& fields, Rotation& rotation);

}  // namespace popradio::api
