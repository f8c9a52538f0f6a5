#include "api/json_body.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <unordered_set>

namespace popradio::api {
namespace {

namespace json = boost::json;

// Boost.JSON lets the last of two equal names win, and then two readers of one body may disagree
// about what it says. This one only looks for that.
struct NameWatch {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  std::vector<std::unordered_set<std::string>> names;  // of the objects that are open
  std::string key;
  std::string twice;  // the first name that came twice

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    names.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) {
    names.pop_back();
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t, json::error_code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    key.append(part.data(), part.size());
    if (!names.back().insert(key).second) {
      twice = key;
      error = json::error::syntax;
      return false;
    }
    key.clear();
    return true;
  }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  // Larger than a double can be, Boost.JSON takes it for infinite, which is no JSON.
  bool on_double(double number, json::string_view, json::error_code& error) {
    if (std::isfinite(number)) return true;
    error = json::error::exponent_overflow;
    return false;
  }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

json::parse_options Options() {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  return options;
}

tl::unexpected<Error> Unfit(std::string_view name, std::string_view rule) {
  return Fail(ErrorCode::kInvalidParameter, std::string(name).append(" must be ").append(rule));
}

std::string Range(std::int64_t least, std::int64_t most) {
  return "a whole number between " + std::to_string(least) + " and " + std::to_string(most);
}

}  // namespace

bool IsJson(const http::Request& request) {
  std::string_view type = request.Header("Content-Type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  return http::EqualsIgnoreCase(type, "application/json");
}

Result<json::object> ParseObject(std::string_view body) {
  if (body.empty())
    return Fail(ErrorCode::kInvalidJson, "The body must be a JSON object, and there is none.");
  json::basic_parser<NameWatch> watch(Options());
  json::error_code error;
  watch.write_some(false, body.data(), body.size(), error);
  if (!watch.handler().twice.empty()) {
    return Fail(ErrorCode::kInvalidJson,
                "The body names \"" + watch.handler().twice.substr(0, 80) + "\" twice.");
  }
  if (error)
    return Fail(ErrorCode::kInvalidJson, "The body is not valid JSON: " + error.message() + ".");
  json::value value =
      json::parse(json::string_view(body.data(), body.size()), error, {}, Options());
  if (error)
    return Fail(ErrorCode::kInvalidJson, "The body is not valid JSON: " + error.message() + ".");
  if (!value.is_object()) return Fail(ErrorCode::kInvalidJson, "The body must be a JSON object.");
  return std::move(value.get_object());
}

Result<std::optional<std::string>> TextField(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::optional<std::string>();
  if (!value->is_string()) return Unfit(name, "text");
  return std::optional<std::string>(std::string(value->get_string()));
}

Result<std::optional<bool>> BoolField(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::optional<bool>();
  if (!value->is_bool()) return Unfit(name, "true or false");
  return std::optional<bool>(value->get_bool());
}

Result<std::optional<std::int64_t>> IntField(const json::object& object, std::string_view name,
                                             std::int64_t least, std::int64_t most) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  if (value->is_int64()) {
    number = value->get_int64();
  } else if (value->is_double() && std::nearbyint(value->get_double()) == value->get_double() &&
             std::abs(value->get_double()) < 9e15) {
    number = static_cast<std::int64_t>(value->get_double());
  } else {
    return Unfit(name, Range(least, most));
  }
  if (number < least || number > most) return Unfit(name, Range(least, most));
  return std::optional<std::int64_t>(number);
}

Result<std::optional<double>> NumberField(const json::object& object, std::string_view name,
                                          double least, double most) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::optional<double>();
  json::error_code error;
  const double number = value->to_number<double>(error);
  if (error || !(number >= least && number <= most)) {
    return Unfit(name, "a number between " + std::to_string(static_cast<std::int64_t>(least)) +
                           " and " + std::to_string(static_cast<std::int64_t>(most)));
  }
  return std::optional<double>(number);
}

Result<std::optional<ObjectId>> IdField(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::optional<ObjectId>();
  const auto id = value->is_string() ? ObjectId::Parse(value->get_string()) : std::nullopt;
  if (!id) return Unfit(name, "an id of 24 hexadecimal digits");
  return std::optional<ObjectId>(*id);
}

Result<std::optional<std::vector<std::string>>> TextsField(const json::object& object,
                                                           std::string_view name,
                                                           std::size_t most) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::optional<std::vector<std::string>>();
  const std::string rule = "a list of at most " + std::to_string(most) + " texts";
  if (!value->is_array() || value->get_array().size() > most) return Unfit(name, rule);
  std::vector<std::string> texts;
  for (const json::value& entry : value->get_array()) {
    if (!entry.is_string()) return Unfit(name, rule);
    texts.emplace_back(entry.get_string());
  }
  return std::optional(std::move(texts));
}

Result<std::optional<std::vector<ObjectId>>> IdsField(const json::object& object,
                                                      std::string_view name, std::size_t most) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::optional<std::vector<ObjectId>>();
  const std::string rule =
      "a list of at most " + std::to_string(most) + " ids of 24 hexadecimal digits";
  if (!value->is_array() || value->get_array().size() > most) return Unfit(name, rule);
  std::vector<ObjectId> ids;
  for (const json::value& entry : value->get_array()) {
    const auto id = entry.is_string() ? ObjectId::Parse(entry.get_string()) : std::nullopt;
    if (!id) return Unfit(name, rule);
    ids.push_back(*id);
  }
  return std::optional(std::move(ids));
}

bool IsNull(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_null();
}

}  // namespace popradio::api
