#include "http/response.h"

#include <cassert>
#include <charconv>

namespace popradio::http {
namespace {

bool HasControl(std::string_view text) {
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return true;
  }
  return false;
}

}  // namespace

void Response::AddHeader(std::string_view name, std::string_view value) {
  const bool forged = HasControl(name) || HasControl(value);
  assert(!forged && "a header must not carry control characters");
  if (forged) return;
  headers_.append(name).append(": ").append(value).append("\r\n");
}

void Response::AddHeader(std::string_view name, std::int64_t value) {
  char digits[24];
  const char* end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  AddHeader(name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

void Response::SetBody(std::string text) {
  shared_.reset();
  static_set_ = false;
  if (file_.file.valid()) file_ = {};
  body = std::move(text);
}

void Response::SetShared(std::shared_ptr<const std::string> text) { shared_ = std::move(text); }

void Response::SetStatic(std::string_view bytes) {
  static_ = bytes;
  static_set_ = true;
}

void Response::SetFile(FileRange range) { file_ = std::move(range); }

void Response::Clear() {
  status = 200;
  content_type = {};
  body.clear();
  headers_.clear();
  shared_.reset();
  static_set_ = false;
  close_after_ = false;
  if (file_.file.valid()) file_ = {};
  if (take_over_) take_over_ = nullptr;
}

std::string_view Response::BodyView() const {
  if (has_file()) return {};
  if (shared_) return *shared_;
  return static_set_ ? static_ : std::string_view(body);
}

std::uint64_t Response::BodySize() const { return has_file() ? file_.length : BodyView().size(); }

std::string_view Response::FindHeader(std::string_view name) const {
  std::string_view rest = headers_;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos && EqualsIgnoreCase(line.substr(0, colon), name)) {
      return line.substr(colon + 2);
    }
  }
  return {};
}

}  // namespace popradio::http
