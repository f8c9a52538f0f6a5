#include "media/csv.h"

#include <csv.h>

#include <algorithm>

#include "media/text.h"

namespace popradio::media {
namespace {

constexpr std::size_t kMaxColumns = 256;
constexpr std::size_t kMaxCellBytes = 64 * 1024;
// csv_parser::pstate before the first character of a row; libcsv keeps the name to itself.
constexpr int kRowNotBegun = 0;

using Cells = std::vector<std::string>;
// Sets the field; a reason when the cell does not fit.
using SetField = std::string (*)(ParsedSong&, std::string_view);

std::string SetCount(std::optional<std::int64_t>& field, std::string_view cell, const char* name) {
  const auto number = WholeNumber(cell);
  if (!number) return std::string(name) + " must be a whole number";
  field = *number;
  return {};
}

std::string SetTime(std::optional<Instant>& field, std::string_view cell, const char* name) {
  field = ParseIso8601(cell);
  return field ? "" : std::string(name) + " must be a time such as 2026-02-03T10:25:00Z";
}

// "235", "235.7", "3:55", "1:02:03"; rounded down. Negative when it is none of them.
int DurationIn(std::string_view cell) {
  const auto dot = cell.find('.');
  if (dot != std::string_view::npos) {
    if (cell.find_first_not_of("0123456789", dot + 1) != std::string_view::npos) return -1;
    cell = cell.substr(0, dot);
  }
  long long total = 0;
  for (int part = 0; part < 3; ++part) {
    const auto colon = cell.find(':');
    const auto number = WholeNumber(cell.substr(0, colon));
    if (!number || *number > kMaxDurationS || (part > 0 && *number > 59)) return -1;
    total = total * 60 + *number;
    if (colon == std::string_view::npos)
      return static_cast<int>(std::min<long long>(total, kMaxDurationS + 1));
    cell.remove_prefix(colon + 1);
  }
  return -1;
}

std::string SetActive(ParsedSong& song, std::string_view cell) {
  const std::string word = LowerAscii(cell);
  if (word == "true" || word == "yes" || word == "1") {
    song.is_active = true;
  } else if (word == "false" || word == "no" || word == "0") {
    song.is_active = false;
  } else {
    return "isActive must be true or false";
  }
  return {};
}

struct Column {
  std::string_view name;  // in lower case
  SetField set;
};

constexpr Column kColumns[] = {
    {"_id",
     [](ParsedSong& s, std::string_view c) {
       s.id = ObjectId::Parse(c);
       return std::string(s.id ? "" : "_id must be 24 hexadecimal digits");
     }},
    {"title", [](ParsedSong& s, std::string_view c) { return s.title = c, std::string(); }},
    {"artist", [](ParsedSong& s, std::string_view c) { return s.artist = c, std::string(); }},
    {"albumart", [](ParsedSong& s, std::string_view c) { return s.album_art = c, std::string(); }},
    {"videourl", [](ParsedSong& s, std::string_view c) { return s.video_url = c, std::string(); }},
    {"audiourl", [](ParsedSong& s, std::string_view c) { return s.audio_url = c, std::string(); }},
    {"duration",
     [](ParsedSong& s, std::string_view c) {
       s.duration_s = DurationIn(c);
       return std::string(*s.duration_s >= 0 ? "" : "duration must be seconds, or m:ss");
     }},
    {"genre", [](ParsedSong& s,
                 std::string_view c) { return s.genre = SplitGenres(c, ";|"), std::string(); }},
    {"releaseyear",
     [](ParsedSong& s, std::string_view c) {
       const auto year = WholeNumber(c);
       if (!year || *year > kMaxYear) return std::string("releaseYear must be a year");
       s.release_year = std::optional<int>(static_cast<int>(*year));
       return std::string();
     }},
    {"likes", [](ParsedSong& s, std::string_view c) { return SetCount(s.likes, c, "likes"); }},
    {"plays", [](ParsedSong& s, std::string_view c) { return SetCount(s.plays, c, "plays"); }},
    {"createdat",
     [](ParsedSong& s, std::string_view c) { return SetTime(s.created_at, c, "createdAt"); }},
    {"updatedat",
     [](ParsedSong& s, std::string_view c) { return SetTime(s.updated_at, c, "updatedAt"); }},
    {"isactive", SetActive},
};

char Separator(std::string_view first_row) {
  char best = ',';
  for (const char candidate : {';', '\t'}) {
    if (std::count(first_row.begin(), first_row.end(), candidate) >
        std::count(first_row.begin(), first_row.end(), best)) {
      best = candidate;
    }
  }
  return best;
}

// Turns libcsv's callbacks into rows, and rows into songs.
class CsvReader {
 public:
  void Cell(const void* data, std::size_t size) {
    const std::string_view text(static_cast<const char*>(data), data == nullptr ? 0 : size);
    if (size > kMaxCellBytes || cells_.size() == kMaxColumns) {
      too_large_ = true;
    } else {
      cells_.emplace_back(TrimAscii(text));
    }
  }

  void EndRow() {
    if (header_.empty()) {
      ReadHeader();
    } else {
      ReadSong();
    }
    cells_.clear();
    too_large_ = false;
  }

  void BeginRow(int line) { line_ = line; }
  bool has_header() const { return !header_.empty(); }
  const std::string& header_problem() const { return header_problem_; }
  ParsedCatalogue& parsed() { return parsed_; }

 private:
  void ReadHeader() {
    bool has_title = false;
    for (const std::string& name : cells_) {
      const std::string key = LowerAscii(name);
      const Column* found = nullptr;
      for (const Column& column : kColumns) {
        if (column.name == key) found = &column;
      }
      if (found != nullptr && std::find(header_.begin(), header_.end(), found) != header_.end()) {
        header_problem_ = "there are two columns named \"" + name + "\"";
      }
      if (found == nullptr && !name.empty()) {
        parsed_.warnings.push_back("the column \"" + CleanTag(name, 60) +
                                   "\" is not known and was ignored");
      }
      has_title = has_title || key == "title";
      header_.push_back(found);
    }
    if (!has_title) header_problem_ = "the first row must name the columns, \"title\" among them";
    if (too_large_) header_problem_ = "the first row is too large";
  }

  void ReadSong() {
    ParsedSong song;
    song.line = line_;
    std::string problem;
    const bool blank =
        std::all_of(cells_.begin(), cells_.end(), [](const auto& cell) { return cell.empty(); });
    if (blank && !too_large_) return;
    if (too_large_) problem = "the row is too large";
    for (std::size_t i = 0; i < cells_.size() && problem.empty(); ++i) {
      if (cells_[i].empty()) continue;
      if (i >= header_.size()) {
        problem =
            "there are more cells than columns; put a text with a separator in it into quotes";
      } else if (header_[i] != nullptr) {
        problem = header_[i]->set(song, cells_[i]);
      }
    }
    if (!problem.empty()) {
      const std::string name =
          song.title ? "song \"" + CleanTag(*song.title, 60) + "\"" : std::string("song");
      parsed_.refused.push_back({line_, name, problem});
      return;
    }
    parsed_.songs.push_back(std::move(song));
  }

  ParsedCatalogue parsed_;
  std::vector<const Column*> header_;
  Cells cells_;
  std::string header_problem_;
  int line_ = 1;
  bool too_large_ = false;
};

struct ParserGuard {
  csv_parser parser;
  bool ready = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0;
  ~ParserGuard() {
    if (ready) csv_free(&parser);
  }
};

tl::unexpected<Error> Refuse(std::string sentence) {
  return Fail(ErrorCode::kInvalidParameter, std::move(sentence));
}

}  // namespace

Result<ParsedCatalogue> ParseCsv(std::string_view bytes) {
  if (bytes.size() > kMaxCatalogueBytes)
    return Fail(ErrorCode::kTooLarge, "the table is too large");
  std::string text = ToUtf8(bytes);
  // Old spreadsheets end lines with CR alone; lines are counted by LF below.
  if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
  if (text.find('\0') != std::string::npos) return Refuse("this is no table but binary data");

  ParserGuard guard;
  if (!guard.ready) return Fail(ErrorCode::kInternal, "libcsv cannot start");
  csv_set_delim(&guard.parser, static_cast<unsigned char>(
                                   Separator(std::string_view(text).substr(0, text.find('\n')))));
  CsvReader reader;
  const auto cell = [](void* data, std::size_t size, void* self) {
    static_cast<CsvReader*>(self)->Cell(data, size);
  };
  const auto row = [](int, void* self) { static_cast<CsvReader*>(self)->EndRow(); };

  int line = 0, row_line = 1;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find('\n', at);
    end = end == std::string::npos ? text.size() : end + 1;
    ++line;
    if (guard.parser.pstate == kRowNotBegun) reader.BeginRow(row_line = line);
    const std::size_t used =
        csv_parse(&guard.parser, text.data() + at, end - at, cell, row, &reader);
    if (used != end - at) {
      return Refuse("line " + std::to_string(line) + ", column " + std::to_string(used + 1) +
                    ": a quote stands where none may be; inside quotes, write it twice");
    }
    if (!reader.header_problem().empty())
      return Refuse("line " + std::to_string(row_line) + ": " + reader.header_problem());
    if (reader.parsed().songs.size() + reader.parsed().refused.size() > kMaxCatalogueRecords) {
      return Refuse("line " + std::to_string(line) + ": there are too many songs");
    }
    at = end;
  }
  if (csv_fini(&guard.parser, cell, row, &reader) != 0) {
    return Refuse("line " + std::to_string(row_line) + ": a quote is opened and never closed");
  }
  if (!reader.header_problem().empty())
    return Refuse("line " + std::to_string(row_line) + ": " + reader.header_problem());
  if (!reader.has_header())
    return Refuse("line 1: the first row must name the columns, \"title\" among them");
  return std::move(reader.parsed());
}

}  // namespace popradio::media
