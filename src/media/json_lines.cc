#include "media/json_lines.h"

#include <algorithm>

namespace popradio::media {
namespace {

class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  JsonLines Walk() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      switch (c) {
        case '\n':
          ++line_;
          break;
        case '"':
          BeginElement();
          String();
          break;
        case '{':
        case '[':
          BeginElement();
          open_.push_back({c == '[', path_key_});
          path_key_.clear();
          if (c == '[' && open_.size() == 2) lines_[open_.back().key].clear();
          if (c == '[' && InSongsOfElement()) lines_[open_[1].key].back().songs.clear();
          expect_element_ = c == '[';
          break;
        case '}':
        case ']':
          if (!open_.empty()) open_.pop_back();
          expect_element_ = false;
          break;
        case ',':
          expect_element_ = !open_.empty() && open_.back().array;
          break;
        case ':':
          path_key_ = last_string_;
          break;
        case ' ':
        case '\t':
        case '\r':
          break;
        default:
          BeginElement();
      }
    }
    return std::move(lines_);
  }

 private:
  struct Open {
    bool array;
    std::string key;  // under which it stands in its object
  };

  bool InSongsOfElement() const {
    return open_.size() == 4 && open_[3].array && open_[3].key == "songs" && !open_[2].array &&
           open_[1].array && !lines_.find(open_[1].key)->second.empty();
  }

  // Called at the first character of every value; only those that are elements of a known array
  // count.
  void BeginElement() {
    if (!expect_element_) return;
    expect_element_ = false;
    if (open_.size() == 2 && !open_[0].array) {
      lines_[open_[1].key].push_back({line_, {}});
    } else if (InSongsOfElement()) {
      lines_[open_[1].key].back().songs.push_back(line_);
    }
  }

  // Leaves at_ on the closing quote. Names with escapes are no names of ours; they stay as written.
  void String() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, text_.size());
    last_string_.assign(text_.substr(begin, std::min<std::size_t>(at_ - begin, kLongestName)));
  }

  static constexpr std::size_t kLongestName = 64;
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool expect_element_ = false;
  std::vector<Open> open_;
  std::string last_string_, path_key_;
  JsonLines lines_;
};

}  // namespace

JsonLines FindElementLines(std::string_view text) { return Walker(text).Walk(); }

std::string PlaceOf(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const std::size_t column =
      newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace popradio::media
