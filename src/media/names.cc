#include "media/names.h"

#include <algorithm>
#include <vector>

#include "domain/song.h"
#include "media/media_types.h"
#include "media/text.h"

namespace popradio::media {
namespace {

std::string WithBlanks(std::string_view name) {
  std::string text(name);
  if (text.find(' ') == std::string::npos) std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "01 ", "01. ", "1-02 - ", "A1"? no: digits only, at most three, then a separator.
// Behind an artist's name two digits and a blank are a title's ("99 Luftballons"), unless they
// begin with 0.
std::string_view WithoutTrackNumber(std::string_view name, std::size_t title_digits) {
  std::size_t digits = 0;
  while (digits < name.size() && IsDigit(name[digits])) ++digits;
  if (digits > 0 && digits <= 2 && digits + 1 < name.size() && name[digits] == '-' &&
      IsDigit(name[digits + 1])) {
    std::size_t second = digits + 1;
    while (second < name.size() && IsDigit(name[second])) ++second;
    if (second - digits - 1 <= 2) digits = second;  // disc and track
  }
  if (digits == 0 || digits > 5 || digits >= name.size()) return name;
  if (digits > 3 && name.find('-') > digits) return name;  // "1999 Party" is a title
  std::size_t at = digits;
  while (at < name.size() && (name[at] == ' ' || name[at] == '.' || name[at] == '-' ||
                              name[at] == '_' || name[at] == ')')) {
    ++at;
  }
  // "7 Seconds" without a leading zero or a mark could be a title: only "07 Seconds" or "7.
  // Seconds" count.
  const bool blank_only = name.substr(digits, at - digits) == " ";
  if (at == digits || at == name.size() || (blank_only && name[0] != '0' && digits <= title_digits))
    return name;
  return name.substr(at);
}

// "(Official Music Video)", "[HD]", "[dQw4w9WgXcQ]" at the end.
std::string_view WithoutRemarks(std::string_view name) {
  for (;;) {
    name = TrimAscii(name);
    if (name.empty() || (name.back() != ')' && name.back() != ']')) return name;
    const bool square = name.back() == ']';
    const auto open = name.rfind(square ? '[' : '(');
    if (open == std::string_view::npos || open == 0) return name;
    const std::string_view inside = name.substr(open + 1, name.size() - open - 2);
    const std::string lower = LowerAscii(inside);
    bool remark = false;
    for (const char* word :
         {"official", "music video", "lyric video", "lyrics", "visualizer", "visualiser"}) {
      remark = remark || lower.find(word) != std::string::npos;
    }
    for (const char* word : {"hd", "hq", "4k", "uhd", "720p", "1080p", "2160p", "video", "audio"}) {
      remark = remark || lower == word;
    }
    const bool site_id =
        square && inside.size() == 11 && inside.find(' ') == std::string_view::npos;
    if (!remark && !site_id) return name;
    name = name.substr(0, open);
  }
}

// Folders that say what is in them and not who plays.
bool IsGenericFolder(std::string_view name) {
  const std::string lower = LowerAscii(name);
  for (const char* generic :
       {"music",  "musics", "sound",   "sounds",    "audio",    "video", "videos", "clips",
        "media",  "songs",  "tracks",  "downloads", "download", "files", "data",   "datasets",
        "assets", "misc",   "various", "mp3",       "ogg",      "flac",  "mp4",    "usr",
        "share",  "local",  "games",   "opt",       "srv"}) {
    if (lower == generic) return true;
  }
  return false;
}

}  // namespace

GuessedNames GuessNames(std::string_view relative_path) {
  std::vector<std::string_view> folders;
  std::string_view rest = FolderOf(relative_path);
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    if (slash != 0 && !IsGenericFolder(rest.substr(0, slash)))
      folders.push_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }

  const std::string stem = WithBlanks(FileStem(relative_path));
  std::string_view name = WithoutRemarks(WithoutTrackNumber(TrimAscii(stem), 1));
  GuessedNames names;
  auto dash = name.find(" - ");
  std::size_t width = 3;
  for (const std::string_view other : {" \u2013 ", " \u2014 "}) {
    if (dash != std::string_view::npos) break;
    dash = name.find(other);
    width = other.size();
  }
  if (dash != std::string_view::npos && dash > 0 && dash + width < name.size()) {
    names.artist = CleanTag(name.substr(0, dash), kMaxTitleBytes);
    name = WithoutTrackNumber(name.substr(dash + width), 3);
  }
  names.title = CleanTag(name, kMaxTitleBytes);
  if (names.title.empty()) names.title = CleanTag(stem, kMaxTitleBytes);

  if (folders.size() >= 2) {
    names.album = CleanTag(WithBlanks(folders.back()), kMaxTitleBytes);
    if (names.artist.empty())
      names.artist = CleanTag(WithBlanks(folders[folders.size() - 2]), kMaxTitleBytes);
  } else if (folders.size() == 1 && names.artist.empty()) {
    names.artist = CleanTag(WithBlanks(folders[0]), kMaxTitleBytes);
  }
  return names;
}

}  // namespace popradio::media
