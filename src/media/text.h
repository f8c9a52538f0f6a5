#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace popradio::media {

// Text as files of all ages have it, in UTF-8: a byte order mark (UTF-8, UTF-16) is taken off and
// heeded; what is not valid UTF-8 is read as Windows-1252, the usual alternative.
std::string ToUtf8(std::string_view bytes);
bool IsValidUtf8(std::string_view text);

// A tag, a name or a field of somebody else's file made fit for a record: valid UTF-8, control
// characters and runs of white space as one blank, trimmed, at most max_bytes, cut between code
// points.
std::string CleanTag(std::string_view text, std::size_t max_bytes);

// ASCII blanks, tabs and line ends off both ends.
std::string_view TrimAscii(std::string_view text);
// ASCII lower case.
std::string LowerAscii(std::string_view text);

// "Pop; Dance/Electronic|Pop" gives {"Pop", "Dance", "Electronic"}: cleaned, without repeats, at
// most kMaxGenres.
std::vector<std::string> SplitGenres(std::string_view text, std::string_view separators = ";/|");
// The year in "2008", "2008-09-12", "20080912" or "Sep 2008"; none outside 1000 to 3000.
std::optional<int> YearIn(std::string_view text);
// A whole number of digits only; none when there is anything else, or it does not fit.
std::optional<long long> WholeNumber(std::string_view text);

}  // namespace popradio::media
