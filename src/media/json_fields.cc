#include "media/json_fields.h"

#include <cmath>

#include "domain/song.h"

namespace popradio::media {
namespace json = boost::json;

namespace {

constexpr const char* kNotAnId = " must be 24 hexadecimal digits";

// The value itself, or what stands under `key` when it is an object of that single field, as
// mongoexport writes what JSON has no type for.
const json::value& Unwrapped(const json::value& value, std::string_view key) {
  if (!value.is_object() || value.get_object().size() != 1) return value;
  const json::value* inner = value.get_object().if_contains(key);
  return inner == nullptr ? value : *inner;
}

std::optional<std::int64_t> WholeIn(const json::value& value) {
  const json::value& number = Unwrapped(value, "$numberLong");
  if (number.is_int64()) return number.get_int64();
  if (number.is_uint64()) return INT64_MAX;  // far over any limit
  if (number.is_double() && number.get_double() == std::floor(number.get_double()) &&
      std::abs(number.get_double()) < 9e15) {
    return static_cast<std::int64_t>(number.get_double());
  }
  if (number.is_string()) {
    boost::system::error_code error;
    const json::value parsed = json::parse(std::string_view(number.get_string()), error);
    if (&number != &value && !error && parsed.is_int64()) return parsed.get_int64();
  }
  return std::nullopt;
}

}  // namespace

std::optional<ObjectId> IdIn(const json::value& value) {
  const json::value& id = Unwrapped(value, "$oid");
  if (!id.is_string()) return std::nullopt;
  return ObjectId::Parse(id.get_string());
}

const json::value* JsonFields::Find(const char* name) {
  asked_.insert(name);
  const json::value* value = object_.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::value* JsonFields::Raw(const char* name) { return Find(name); }

void JsonFields::Fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

void JsonFields::Id(const char* name, std::optional<ObjectId>& out) {
  if (const json::value* value = Find(name)) {
    out = IdIn(*value);
    if (!out) Fail(std::string(name) + kNotAnId);
  }
}

void JsonFields::Text(const char* name, std::optional<std::string>& out) {
  if (const json::value* value = Find(name)) {
    if (!value->is_string()) return Fail(std::string(name) + " must be a text");
    out = std::string(value->get_string());
  }
}

void JsonFields::Flag(const char* name, std::optional<bool>& out) {
  if (const json::value* value = Find(name)) {
    if (!value->is_bool()) return Fail(std::string(name) + " must be true or false");
    out = value->get_bool();
  }
}

void JsonFields::Count(const char* name, std::optional<std::int64_t>& out) {
  if (const json::value* value = Find(name)) {
    out = WholeIn(*value);
    if (!out) Fail(std::string(name) + " must be a whole number");
  }
}

void JsonFields::Seconds(const char* name, std::optional<int>& out) {
  const json::value* value = Find(name);
  if (value == nullptr) return;
  double seconds = -1;
  if (const auto whole = WholeIn(*value)) {
    seconds = static_cast<double>(*whole);
  } else if (value->is_double()) {
    seconds = std::floor(value->get_double());
  } else {
    return Fail(std::string(name) + " must be a number of seconds");
  }
  out = seconds >= 1 && seconds <= kMaxDurationS ? static_cast<int>(seconds) : 0;
}

void JsonFields::Time(const char* name, std::optional<Instant>& out) {
  const json::value* value = Find(name);
  if (value == nullptr) return;
  const json::value& time = Unwrapped(*value, "$date");
  if (time.is_string()) out = ParseIso8601(time.get_string());
  // Milliseconds since 1970, within the years that can be written back.
  constexpr std::int64_t kFirstMs = -62'167'219'200'000, kLastMs = 253'402'300'799'999;
  if (const auto ms = WholeIn(time); ms && *ms >= kFirstMs && *ms <= kLastMs)
    out = FromEpochMs(*ms);
  if (!out) Fail(std::string(name) + " must be a time such as 2026-02-03T10:25:00.000Z");
}

void JsonFields::Year(const char* name, std::optional<std::optional<int>>& out) {
  const json::value* value = Find(name);
  if (value == nullptr) {
    if (object_.if_contains(name) != nullptr) out = std::optional<int>();
    return;
  }
  const auto year = WholeIn(*value);
  if (!year) return Fail(std::string(name) + " must be a year");
  out = std::optional<int>(*year >= kMinYear && *year <= kMaxYear ? static_cast<int>(*year) : 0);
}

void JsonFields::Texts(const char* name, std::optional<std::vector<std::string>>& out) {
  const json::value* value = Find(name);
  if (value == nullptr) return;
  out.emplace();
  if (value->is_string()) {
    out->emplace_back(value->get_string());
    return;
  }
  if (!value->is_array()) return Fail(std::string(name) + " must be a list of texts");
  for (const json::value& entry : value->get_array()) {
    if (!entry.is_string()) return Fail(std::string(name) + " must be a list of texts");
    out->emplace_back(entry.get_string());
  }
}

void JsonFields::CollectUnknown(std::set<std::string>& out) const {
  for (const auto& field : object_) {
    if (asked_.find(std::string_view(field.key())) == asked_.end())
      out.insert(std::string(field.key()));
  }
}

}  // namespace popradio::media
