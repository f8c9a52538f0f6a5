// Whatever the body of a request: no fault, and what is accepted is one object that means one
// thing.
#include <boost/json/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "api/json_body.h"
#include "http/query.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace popradio::api;
  // In a buffer of exactly its size, so that reading beyond is a fault.
  const auto copy = std::make_unique<std::string>(reinterpret_cast<const char*>(data), size);
  copy->shrink_to_fit();
  const auto object = ParseObject(*copy);
  if (!object) {
    Require(!object.error().message.empty());
    return 0;
  }
  // Written out and read again it has the same names, so none was given twice or dropped. (Not the
  // same values: Boost.JSON 1.81 may lose the last bit of a fraction.)
  const auto again = ParseObject(boost::json::serialize(*object));
  Require(again && again->size() == object->size());
  for (const auto& [key, value] : *object) {
    Require(again->contains(key));
    const std::string_view name(key.data(), key.size());
    Require(popradio::http::IsValidUtf8(name));
    if (const auto text = TextField(*object, name); text && *text) {
      Require(popradio::http::IsValidUtf8(**text));
    }
    if (const auto number = IntField(*object, name, -5, 5); number && *number) {
      Require(**number >= -5 && **number <= 5);
    }
    (void)BoolField(*object, name);
    (void)NumberField(*object, name, 0, 1);
    (void)IdField(*object, name);
    if (const auto texts = TextsField(*object, name, 3); texts && *texts) {
      Require((*texts)->size() <= 3);
    }
    (void)IdsField(*object, name, 3);
    Require(IsNull(*object, name) == value.is_null());
  }
  return 0;
}
