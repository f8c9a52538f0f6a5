#include "api/share_text.h"

#include <cstdio>

namespace popradio::api {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "…";

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string Collapsed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (!IsBlank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

void AppendHtml(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out.append("&amp;");
        break;
      case '<':
        out.append("&lt;");
        break;
      case '>':
        out.append("&gt;");
        break;
      case '"':
        out.append("&quot;");
        break;
      case '\'':
        out.append("&#39;");
        break;
      case '\t':
      case '\n':
      case '\r':
        out += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out.append(kReplacement);
        } else {
          out += c;
        }
    }
  }
}

std::string Html(std::string_view text) {
  std::string out;
  AppendHtml(out, text);
  return out;
}

void AppendJsonData(std::string& out, std::string_view json) {
  for (const char c : json) {
    switch (c) {
      case '<':
        out.append("\\u003c");
        break;
      case '>':
        out.append("\\u003e");
        break;
      case '&':
        out.append("\\u0026");
        break;
      default:
        out += c;
    }
  }
}

std::string UrlEncoded(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::string OneLine(std::string_view text, std::size_t most) {
  std::string line = Collapsed(text);
  if (line.size() <= most) return line;
  std::size_t end = most > kEllipsis.size() ? most - kEllipsis.size() : 0;
  while (end > 0 && ContinuesCharacter(line[end])) --end;
  // A word that is most of the line (Japanese has no blanks) is cut rather than dropped.
  const std::size_t blank = line.rfind(' ', end);
  if (blank != std::string::npos && blank > end / 2) end = blank;
  line.resize(end);
  while (line.ends_with(' ')) line.pop_back();
  return line.append(kEllipsis);
}

std::string IsoDuration(int seconds) {
  std::string out = "PT";
  if (seconds >= 3600) out.append(std::to_string(seconds / 3600)).append("H");
  if (seconds >= 60) out.append(std::to_string(seconds / 60 % 60)).append("M");
  return out.append(std::to_string(seconds % 60)).append("S");
}

std::string ClockDuration(int seconds) {
  char text[32];
  if (seconds >= 3600) {
    std::snprintf(text, sizeof text, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                  seconds % 60);
  } else {
    std::snprintf(text, sizeof text, "%d:%02d", seconds / 60, seconds % 60);
  }
  return text;
}

std::string PublicAddress(const std::string& public_url, const http::Request& request,
                          const http::TrustedProxies& proxies) {
  if (!public_url.empty()) return public_url;
  if (request.host.empty()) return "";
  // Where proxies stand in a row, the first entry is the one that the listener's browser spoke.
  std::string_view scheme = request.Header("X-Forwarded-Proto");
  scheme = scheme.substr(0, scheme.find(','));
  while (scheme.ends_with(' ')) scheme.remove_suffix(1);
  const bool secure =
      http::EqualsIgnoreCase(scheme, "https") && proxies.Contains(http::Unmapped(request.peer));
  return std::string(secure ? "https://" : "http://").append(request.host);
}

}  // namespace popradio::api
