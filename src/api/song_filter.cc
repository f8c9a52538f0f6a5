#include "api/song_filter.h"

#include <algorithm>

#include "domain/search_text.h"

namespace popradio::api {
namespace {

// The text, nothing when it is missing or blank.
Result<std::optional<std::string_view>> ReadText(const http::Query& query, std::string_view name,
                                                 std::size_t most) {
  auto text = query.Get(name);
  if (!text || !*text) return text;
  const auto characters =
      std::count_if((*text)->begin(), (*text)->end(), [](char c) { return (c & 0xC0) != 0x80; });
  if (static_cast<std::size_t>(characters) > most) {
    return Fail(ErrorCode::kInvalidParameter, std::string(name) + " must be at most " +
                                                  std::to_string(most) + " characters long");
  }
  if ((*text)->find_first_not_of(' ') == std::string_view::npos)
    return std::optional<std::string_view>();
  return text;
}

}  // namespace

Result<SongFilter> SongFilter::Read(const http::Query& query) {
  SongFilter filter;
  const auto search = ReadText(query, "q", kMaxSearchCharacters);
  if (!search) return Fail(search.error());
  if (*search) {
    filter.searches_ = true;
    filter.terms_ = SearchTerms(**search);
  }
  const auto genre = ReadText(query, "genre", kMaxGenreCharacters);
  if (!genre) return Fail(genre.error());
  if (*genre) filter.genre_ = FoldForSearch(**genre);
  return filter;
}

std::vector<Catalogue::Index> SongFilter::Select(const Catalogue& catalogue,
                                                 const std::vector<Catalogue::Index>& songs) const {
  std::vector<Catalogue::Index> matching;
  if (searches_ && terms_.empty()) return matching;
  for (const Catalogue::Index song : songs) {
    if (genre_ && !catalogue.HasGenre(song, *genre_)) continue;
    if (searches_ && !MatchesQuery(catalogue.SearchText(song), terms_)) continue;
    matching.push_back(song);
  }
  return matching;
}

}  // namespace popradio::api
