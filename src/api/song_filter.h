#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/catalogue.h"
#include "http/query.h"

namespace popradio::api {

inline constexpr std::size_t kMaxSearchCharacters = 200;
inline constexpr std::size_t kMaxGenreCharacters = 64;

// `q` and `genre` of a query, folded once. One that is missing or blank filters nothing; one
// without any letter or digit finds nothing.
class SongFilter {
 public:
  // kInvalidParameter for one that is too long.
  static Result<SongFilter> Read(const http::Query& query);
  bool empty() const { return !searches_ && !genre_; }
  // Those of `songs` that fit, in their order.
  std::vector<Catalogue::Index> Select(const Catalogue& catalogue,
                                       const std::vector<Catalogue::Index>& songs) const;

 private:
  bool searches_ = false;
  std::vector<std::string> terms_;
  std::optional<std::string> genre_;
};

}  // namespace popradio::api
