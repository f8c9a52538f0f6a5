#include "http/request.h"

namespace popradio::http {
namespace {

constexpr char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

std::string_view MethodName(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
    case Method::kOptions:
      return "OPTIONS";
    case Method::kOther:
      return "";
  }
  return "";
}

Method ParseMethod(std::string_view name) {
  for (const Method method : {Method::kGet, Method::kPost, Method::kHead, Method::kDelete,
                              Method::kOptions, Method::kPut, Method::kPatch}) {
    if (name == MethodName(method)) return method;
  }
  return Method::kOther;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ToLower(a[i]) != ToLower(b[i])) return false;
  }
  return true;
}

std::string_view Request::Header(std::string_view name) const {
  for (const HeaderField& field : headers()) {
    if (EqualsIgnoreCase(field.name, name)) return field.value;
  }
  return {};
}

bool Request::HasHeader(std::string_view name) const {
  for (const HeaderField& field : headers()) {
    if (EqualsIgnoreCase(field.name, name)) return true;
  }
  return false;
}

}  // namespace popradio::http
