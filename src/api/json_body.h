#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "http/request.h"

namespace popradio::api {

inline constexpr std::size_t kMaxJsonDepth = 16;

// Whether a body that was sent says that it is JSON; parameters such as charset are passed over.
bool IsJson(const http::Request& request);

// The body as an object. kInvalidJson with a sentence for no body, anything but one object, a name
// given twice, nesting beyond kMaxJsonDepth, and what follows the object.
Result<boost::json::object> ParseObject(std::string_view body);

// Fields of such an object: nothing when it is not there, kInvalidParameter naming it when it does
// not fit. Unknown fields are nobody's business.
Result<std::optional<std::string>> TextField(const boost::json::object& object,
                                             std::string_view name);
Result<std::optional<bool>> BoolField(const boost::json::object& object, std::string_view name);
// Whole numbers between `least` and `most`, 235.0 being one.
Result<std::optional<std::int64_t>> IntField(const boost::json::object& object,
                                             std::string_view name, std::int64_t least,
                                             std::int64_t most);
Result<std::optional<double>> NumberField(const boost::json::object& object, std::string_view name,
                                          double least, double most);
Result<std::optional<ObjectId>> IdField(const boost::json::object& object, std::string_view name);
Result<std::optional<std::vector<std::string>>> TextsField(const boost::json::object& object,
                                                           std::string_view name, std::size_t most);
Result<std::optional<std::vector<ObjectId>>> IdsField(const boost::json::object& object,
                                                      std::string_view name, std::size_t most);
// Whether the field is there and null.
bool IsNull(const boost::json::object& object, std::string_view name);

}  // namespace popradio::api
