#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/limits.h"

namespace popradio::http {

// Decodes %XX. Nothing for a bad escape, for NUL, and for what is not valid UTF-8 afterwards.
std::optional<std::string> PercentDecode(std::string_view text);

// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
bool IsValidUtf8(std::string_view text);

// The parameters of a query string, decoded: %XX, and "+" as a blank. Views returned point into the
// raw query or into this object; the raw query must outlive it. A query without escapes allocates
// nothing.
class Query {
 public:
  // Fails with kInvalidParameter for a bad escape, NUL, invalid UTF-8, and more than
  // kMaxQueryParameters parameters. Empty pieces ("a=1&&b=2") are passed over.
  static Result<Query> Parse(std::string_view raw);

  // The value, nothing if the parameter is not there ("a" and "a=" are there and empty). A
  // parameter that somebody asks for must not be given twice: that is kInvalidParameter, naming it.
  // Unknown parameters may repeat; nobody reads them.
  Result<std::optional<std::string_view>> Get(std::string_view name) const;

  struct Parameter {
    std::string_view name;
    std::string_view value;
  };
  std::size_t size() const { return count_; }
  const Parameter& operator[](std::size_t i) const { return parameters_[i]; }

  Query(Query&&) = default;
  Query& operator=(Query&&) = default;
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

 private:
  Query() = default;
  std::array<Parameter, kMaxQueryParameters> parameters_;
  std::size_t count_ = 0;
  std::unique_ptr<char[]> decoded_;  // on the heap, so that views survive a move
};

}  // namespace popradio::http
