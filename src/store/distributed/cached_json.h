#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

// Fields of what a node keeps in Redis for others. They throw for what is not there or of another
// type: a copy of another version, which the caller takes for none.
namespace popradio::store::distributed {

inline std::string Text(const boost::json::object& from, const char* key) {
  return std::string(from.at(key).as_string());
}
inline std::int64_t Int(const boost::json::object& from, const char* key) {
  return from.at(key).as_int64();
}

}  // namespace popradio::store::distributed
