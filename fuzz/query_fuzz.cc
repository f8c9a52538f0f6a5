// Whatever the query string: no fault, and what is accepted is text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "http/query.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

bool IsText(std::string_view text) {
  return popradio::http::IsValidUtf8(text) && text.find('\0') == std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // In a buffer of exactly its size, so that reading beyond is a fault.
  const auto copy = std::make_unique<std::string>(reinterpret_cast<const char*>(data), size);
  copy->shrink_to_fit();
  auto parsed = popradio::http::Query::Parse(*copy);
  if (!parsed) {
    Require(!parsed.error().message.empty());
  } else {
    const popradio::http::Query query = std::move(*parsed);
    Require(query.size() <= popradio::http::kMaxQueryParameters);
    std::size_t total = 0;
    for (std::size_t i = 0; i < query.size(); ++i) {
      Require(IsText(query[i].name) && IsText(query[i].value));
      total += query[i].name.size() + query[i].value.size();
      const auto value = query.Get(query[i].name);
      Require(!value || (*value && IsText(**value)));
    }
    Require(total <= size);
  }
  if (const auto decoded = popradio::http::PercentDecode(*copy)) Require(IsText(*decoded));
  return 0;
}
