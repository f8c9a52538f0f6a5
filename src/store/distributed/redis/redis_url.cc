#include "store/distributed/redis/redis_url.h"

#include <charconv>
#include <optional>

namespace popradio::redis {
namespace {

constexpr std::string_view kPlain = "redis://", kSecure = "rediss://";

tl::unexpected<Error> Refuse(std::string sentence) {
  return Fail(ErrorCode::kInvalidParameter, std::move(sentence));
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const char* end = text.data() + i + 3;
    const auto [at, ec] = std::from_chars(text.data() + i + 1, end, value, 16);
    if (ec != std::errc() || at != end) return std::nullopt;
    decoded += static_cast<char>(value);
    i += 2;
  }
  return decoded;
}

template <class T>
bool ParseNumber(std::string_view text, T& out) {
  const auto [at, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && ec == std::errc() && at == text.data() + text.size();
}

Result<Endpoint> ParseHost(std::string_view text) {
  Endpoint endpoint;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) {
      return Refuse("The Redis address opens a bracket around an IPv6 address without closing it.");
    }
    endpoint.host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest[0] != ':') {
      return Refuse("The Redis address has something other than a port behind its IPv6 address.");
    }
    has_port = !rest.empty();
    if (has_port) port = rest.substr(1);
  } else {
    const std::size_t colon = text.find(':');
    if (colon != text.rfind(':')) {
      return Refuse("The Redis address holds an IPv6 address without brackets: write [::1]:6379.");
    }
    endpoint.host = text.substr(0, colon);
    has_port = colon != text.npos;
    if (has_port) port = text.substr(colon + 1);
  }
  if (endpoint.host.empty()) return Refuse("The Redis address names no host.");
  for (const char c : endpoint.host) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '%' || c == '@') {
      return Refuse("The Redis address has a host name with characters that no host name has.");
    }
  }
  if (has_port && (!ParseNumber(port, endpoint.port) || endpoint.port == 0)) {
    return Refuse("The Redis address has a port for host " + endpoint.host +
                  " that is not a whole number from 1 to 65535.");
  }
  return endpoint;
}

std::optional<Error> ParseParameters(std::string_view query, RedisUrl& url) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == query.npos ? std::string_view() : query.substr(end + 1);
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    const auto value = PercentDecode(equals == pair.npos ? "" : pair.substr(equals + 1));
    if (name == "cluster" && value && (*value == "true" || *value == "false")) {
      url.cluster = *value == "true";
    } else if (name == "ca_file" && value && !value->empty()) {
      url.ca_file = *value;
    } else {
      return Error(ErrorCode::kInvalidParameter,
                   "The Redis address has the parameter '" + std::string(name) +
                       "', or a value of it, that is not known: there are cluster=true, "
                       "cluster=false and ca_file=PATH.");
    }
  }
  return std::nullopt;
}

std::optional<Error> ParseUser(std::string_view info, RedisUrl& url) {
  const std::size_t colon = info.find(':');
  const auto user = PercentDecode(info.substr(0, colon));
  const auto password = PercentDecode(colon == info.npos ? "" : info.substr(colon + 1));
  if (!user || !password) {
    return Error(ErrorCode::kInvalidParameter,
                 "The Redis address has a '%' in its user or password that two hexadecimal digits "
                 "do not follow: write a percent sign as %25.");
  }
  if (!user->empty() && password->empty()) {
    return Error(ErrorCode::kInvalidParameter,
                 "The Redis address names a user without a password: write user:password@host, or "
                 ":password@host for the default user.");
  }
  url.user = *user;
  url.password = *password;
  return std::nullopt;
}

Result<RedisUrl> ParseOne(std::string_view text) {
  RedisUrl url;
  if (text.starts_with(kSecure)) {
    url.tls = true;
    text.remove_prefix(kSecure.size());
  } else if (text.starts_with(kPlain)) {
    text.remove_prefix(kPlain.size());
  } else {
    return Refuse("The Redis address begins with neither redis:// nor rediss://.");
  }
  const std::size_t end = text.find_first_of("/?");
  std::string_view authority = text.substr(0, end);
  std::string_view rest = end == text.npos ? std::string_view() : text.substr(end);
  // What looks like host and port may then be a part of the password: nothing of it is repeated.
  if (rest.find('@') != rest.npos && authority.find('@') == authority.npos) {
    return Refuse(
        "The Redis address has a '/' or '?' before its '@': percent-encode the password.");
  }
  if (const std::size_t at = authority.rfind('@'); at != authority.npos) {
    if (auto error = ParseUser(authority.substr(0, at), url)) return Fail(*error);
    authority.remove_prefix(at + 1);
  }
  for (bool more = true; more;) {
    const std::size_t comma = authority.find(',');
    Result<Endpoint> host = ParseHost(authority.substr(0, comma));
    if (!host) return Fail(host.error());
    url.hosts.push_back(std::move(*host));
    if (url.hosts.size() > kMaxListedHosts) {
      return Refuse("The Redis address lists more than " + std::to_string(kMaxListedHosts) +
                    " hosts; a few of a Cluster are enough.");
    }
    more = comma != authority.npos;
    if (more) authority.remove_prefix(comma + 1);
  }
  url.cluster = url.hosts.size() > 1;
  const std::size_t question = rest.find('?');
  std::string_view path = rest.substr(0, question);
  if (question != rest.npos) {
    if (auto error = ParseParameters(rest.substr(question + 1), url)) return Fail(*error);
  }
  if (!path.empty()) path.remove_prefix(1);
  if (!path.empty() &&
      (!ParseNumber(path, url.database) || url.database < 0 || url.database > kMaxDatabase)) {
    return Refuse("The Redis address has a database that is not a whole number from 0 to " +
                  std::to_string(kMaxDatabase) + ".");
  }
  return url;
}

// Where the next whole address of a list begins; npos: nowhere.
std::size_t NextAddress(std::string_view text) {
  for (std::size_t comma = text.find(','); comma != text.npos; comma = text.find(',', comma + 1)) {
    const std::string_view rest = text.substr(comma + 1);
    if (rest.starts_with(kPlain) || rest.starts_with(kSecure)) return comma;
  }
  return text.npos;
}

}  // namespace

std::string Endpoint::ToString() const {
  const bool brackets = host.find(':') != host.npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string RedisUrl::Describe() const {
  std::string text(tls ? kSecure : kPlain);
  if (!user.empty()) text += user + "@";
  for (std::size_t i = 0; i < hosts.size(); ++i) text += (i ? "," : "") + hosts[i].ToString();
  if (database != 0) text += "/" + std::to_string(database);
  return text;
}

Result<RedisUrl> ParseRedisUrl(std::string_view text) {
  std::size_t comma = NextAddress(text);
  Result<RedisUrl> first = ParseOne(text.substr(0, comma));
  while (first && comma != text.npos) {
    text.remove_prefix(comma + 1);
    comma = NextAddress(text);
    Result<RedisUrl> next = ParseOne(text.substr(0, comma));
    if (!next) return next;
    const bool same_login = next->user == first->user && next->password == first->password;
    if (next->tls != first->tls || next->database != first->database ||
        next->ca_file != first->ca_file || (!same_login && !next->password.empty())) {
      return Refuse("The Redis addresses of a list differ in more than their hosts: " +
                    first->hosts.front().ToString() + " and " + next->hosts.front().ToString() +
                    ".");
    }
    first->hosts.insert(first->hosts.end(), next->hosts.begin(), next->hosts.end());
    first->cluster = true;
  }
  if (first && first->hosts.size() > 1) first->cluster = true;
  if (first && first->hosts.size() > kMaxListedHosts) {
    return Refuse("The Redis address lists too many hosts; a few of a Cluster are enough.");
  }
  if (first && first->cluster && first->database != 0) {
    return Refuse("The Redis address asks for database " + std::to_string(first->database) +
                  ", and a Cluster has only database 0.");
  }
  if (first && !first->tls && !first->ca_file.empty()) {
    return Refuse("The Redis address has a ca_file without TLS: begin it with rediss://.");
  }
  return first;
}

}  // namespace popradio::redis
