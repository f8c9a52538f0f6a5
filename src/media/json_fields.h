#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace popradio::media {

// Takes the fields of one JSON object one by one and remembers the first that is of the wrong type
// and all that nobody asked for. A field that is missing, or null where null says nothing, leaves
// `out` as it is.
class JsonFields {
 public:
  explicit JsonFields(const boost::json::object& object) : object_(object) {}

  void Id(const char* name, std::optional<ObjectId>& out);
  void Text(const char* name, std::optional<std::string>& out);
  void Flag(const char* name, std::optional<bool>& out);
  void Count(const char* name, std::optional<std::int64_t>& out);
  // A number of seconds, cut to whole ones. Out of range is left to validate.h as 0.
  void Seconds(const char* name, std::optional<int>& out);
  void Time(const char* name, std::optional<Instant>& out);
  void Year(const char* name, std::optional<std::optional<int>>& out);
  // A list of texts, or one text.
  void Texts(const char* name, std::optional<std::vector<std::string>>& out);
  const boost::json::value* Raw(const char* name);
  // Known, and without meaning here.
  void Ignore(const char* name) { Raw(name); }
  void Fail(std::string problem);

  const std::string& problem() const { return problem_; }
  // Adds the names that were not asked for.
  void CollectUnknown(std::set<std::string>& out) const;

 private:
  const boost::json::value* Find(const char* name);

  const boost::json::object& object_;
  std::set<std::string_view> asked_;
  std::string problem_;
};

// "507f…" or {"$oid":"507f…"}.
std::optional<ObjectId> IdIn(const boost::json::value& value);

}  // namespace popradio::media
